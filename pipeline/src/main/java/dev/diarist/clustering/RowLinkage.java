package dev.diarist.clustering;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * {@link GenericLinkage} of the Euclidean distances of points, without the matrix: the same merges
 * and heights, to the bit, in memory of n·D values.
 *
 * <p>Each step of the generic algorithm is taken as it stands there, ties included. A distance is
 * looked up nowhere: sketches of the centroids tell which pairs are near enough to matter, the
 * centroids give the distance of those within an interval, and where that does not decide a
 * comparison, {@link ExactDistances} does. Heights that nothing depended on are found last.
 */
final class RowLinkage {
  /** Rows whose first neighbours one thread searches in one go. */
  private static final int ROWS = 8;

  /** The limit on a distance of a sketch leaves room for errors to grow this much. */
  private static final double HEADROOM = 16;

  private final boolean weighBySize;
  private final int points;
  private final MergeTree tree;
  private final ExactDistances exact;
  private final Centroids centroids;
  private final Sketches sketches;

  /** The node in each slot. */
  private final int[] node;

  /** The candidate of each row, a higher one, and at most its distance. */
  private final int[] neighbor;

  private final UncertainDistance[] bound;

  /** For each column, what squares of sketches must not exceed to be below the bound. */
  private final double[] limit;

  private final BoundHeap heap;
  private final Cancellation cancellation = new Cancellation();

  /** Squared distances of one sketch to those of all columns. */
  private final double[] squares;

  /** Added to squared distances of centroids where they limit those of the recursion. */
  private double slack;

  /**
   * The merges of points by centroid or median linkage.
   *
   * @param rows (n, D), n at least 2, of lengths whose squares are far from the ends of what a
   *     float holds; not modified
   * @throws IllegalArgumentException if a row is not finite
   */
  static Dendrogram link(float[][] rows, Update update) {
    requireFinite(rows);
    return new RowLinkage(rows, update).run();
  }

  private static void requireFinite(float[][] rows) {
    for (int i = 0; i < rows.length; i++) {
      for (float value : rows[i]) {
        if (!Float.isFinite(value)) {
          int other = i == 0 ? 1 : 0;
          throw DistanceMatrix.notFinite(
              PointDistances.between(rows[i], rows[other]), Math.min(i, other), Math.max(i, other));
        }
      }
    }
  }

  private RowLinkage(float[][] rows, Update update) {
    weighBySize = update == Update.CENTROID;
    points = rows.length;
    tree = new MergeTree(rows);
    exact = new ExactDistances(rows, tree, update, cancellation);
    centroids = new Centroids(rows);
    sketches = new Sketches(rows, centroids, cancellation);
    node = new int[points];
    Arrays.setAll(node, slot -> slot);
    neighbor = new int[points - 1];
    bound = new UncertainDistance[points - 1];
    limit = new double[points];
    slack = HEADROOM * centroids.largestError();
    IntStream.range(0, (points - 2) / ROWS + 1).parallel().forEach(this::searchNeighbors);
    squares = new double[sketches.paddedColumns()];
    refreshLimits();
    heap = new BoundHeap(points - 1, (a, b) -> bound[a].less(bound[b], exact));
  }

  /** The neighbours of ROWS rows. */
  private void searchNeighbors(int group) {
    cancellation.check();
    int first = group * ROWS;
    int count = Math.min(points - 1 - first, ROWS);
    double[][] ownSquares = new double[count][sketches.paddedColumns()];
    sketches.squaresAbove(first, count, ownSquares);
    for (int i = 0; i < count; i++) {
      searchNeighbor(first + i, Double.POSITIVE_INFINITY, ownSquares[i]);
    }
  }

  private Dendrogram run() {
    for (int k = 0; k < points - 1; k++) {
      refreshMinimum();
      int x = heap.minKey();
      heap.removeMin();
      merge(x, neighbor[x]);
    }
    exact.findAllHeights();
    return tree.toDendrogram();
  }

  /** Searches the row of the smallest bound again until its bound is a distance. */
  private void refreshMinimum() {
    while (true) {
      cancellation.check();
      int x = heap.minKey();
      UncertainDistance before = bound[x];
      UncertainDistance now = distance(x, neighbor[x]);
      if (before.isEqual(now, exact)) {
        return;
      }
      sketches.squares(x, sketches.column(x) + 1, squares);
      searchNeighbor(x, now.high(), squares);
      heap.changed(x, bound[x].less(before, exact));
      setLimit(x);
    }
  }

  /** Slot y takes the union of x and y, x &lt; y; slot x dies. */
  private void merge(int x, int y) {
    UncertainDistance height = bound[x];
    double nx = weighBySize ? tree.size(node[x]) : 1;
    double ny = weighBySize ? tree.size(node[y]) : 1;
    node[y] = tree.merge(node[x], node[y]);
    tree.setHeight(node[y], height.exactOrNaN());
    centroids.merge(x, y, nx / (nx + ny), height.high());
    sketches.put(y, centroids.get(y));
    int columnX = sketches.column(x);
    for (int column = 0; column < columnX; column++) {
      int z = sketches.slot(column);
      if (neighbor[z] == x) {
        neighbor[z] = y; // a guess: its bound still holds
      }
    }
    boolean moved = sketches.remove(x);
    if (centroids.largestError() > slack) {
      slack = HEADROOM * centroids.largestError();
      moved = true;
    }
    if (moved) {
      refreshLimits();
    }
    sketches.squares(y, 0, squares);
    lowerBoundsBelow(y);
    if (y < points - 1) {
      UncertainDistance before = bound[y];
      searchNeighbor(y, distance(y, neighbor[y]).high(), squares);
      heap.changed(y, bound[y].less(before, exact));
      setLimit(y);
    }
  }

  /** Rows below y that are nearer to it than their bounds take it as their neighbour. */
  private void lowerBoundsBelow(int y) {
    int end = sketches.column(y);
    for (int column = 0; column < end; column++) {
      if (squares[column] <= limit[column] && sketches.isLive(column)) {
        int z = sketches.slot(column);
        if (sketches.squareWithDetails(y, z, squares[column]) <= limit[column]) {
          lowerBound(z, y);
        }
      }
    }
  }

  private void lowerBound(int z, int y) {
    UncertainDistance distance = distanceWithin(z, y, limitOfSquare(bound[z].high()));
    if (distance != null && distance.less(bound[z], exact)) {
      neighbor[z] = y;
      bound[z] = distance;
      heap.changed(z, true);
      setLimit(z);
    }
  }

  /**
   * Makes the first of the nearest live rows above x its neighbour.
   *
   * @param atMost at least the distance of some row above x
   * @param squares from the sketch of x to those of all columns above it; not modified
   */
  private void searchNeighbor(int x, double atMost, double[] squares) {
    int begin = sketches.column(x) + 1;
    int end = sketches.columns();
    int likely = begin;
    for (int column = begin; column < end; column++) {
      if (squares[column] < squares[likely]) {
        likely = column;
      }
    }
    double smallest = atMost;
    if (sketches.isLive(likely)) {
      smallest = Math.min(smallest, distance(x, sketches.slot(likely)).high());
    }
    double limitOfSquare = limitOfSquare(smallest);
    double limitOfSketch = sketches.limit(limitOfSquare);
    UncertainDistance nearest = UncertainDistance.INFINITE;
    for (int column = begin; column < end; column++) {
      double square = squares[column];
      if (square <= limitOfSketch && sketches.isLive(column)) {
        int y = sketches.slot(column);
        if (sketches.squareWithDetails(x, y, square) > limitOfSketch) {
          continue;
        }
        UncertainDistance distance = distanceWithin(x, y, limitOfSquare);
        if (distance != null && distance.less(nearest, exact)) {
          nearest = distance;
          neighbor[x] = y;
          if (nearest.high() < smallest) {
            limitOfSquare = limitOfSquare(nearest.high());
            limitOfSketch = sketches.limit(limitOfSquare);
          }
        }
      }
    }
    bound[x] = nearest;
  }

  private UncertainDistance distance(int x, int y) {
    return distanceWithin(x, y, Double.POSITIVE_INFINITY);
  }

  /** Null where the squared distance of the centroids exceeds {@code limitOfSquare}. */
  private UncertainDistance distanceWithin(int x, int y, double limitOfSquare) {
    if (tree.isSamePoint(node[x], node[y])) {
      return new UncertainDistance(node[x], node[y], 0, 0);
    }
    double square = centroids.squaredDistance(x, y, limitOfSquare);
    return square > limitOfSquare ? null : centroids.distance(x, y, square, node[x], node[y]);
  }

  /** Centroids whose squared distance is larger are further apart than {@code distance}. */
  private double limitOfSquare(double distance) {
    return distance * distance + slack;
  }

  private void setLimit(int x) {
    limit[sketches.column(x)] = sketches.limit(limitOfSquare(bound[x].high()));
  }

  private void refreshLimits() {
    for (int column = 0; column < sketches.columns(); column++) {
      int slot = sketches.slot(column);
      if (slot < points - 1 && sketches.isLive(column)) {
        setLimit(slot);
      }
    }
  }
}
