package dev.diarist.clustering;

import java.util.Arrays;

/**
 * The distance of two clusters that follows from those of their points, merge by merge, in the
 * order in which the merges were made: every bit of what updating a matrix of distances gives,
 * without the matrix.
 *
 * <p>A pair of nodes (u, v) has one distance: the younger of the two, made of x and y, gives it as
 * the {@link Update} of (x, v) and (y, v). So |u|·|v| distances of points and as many updates give
 * that of u and v. The points of u are visited one after the other, in the post-order of its
 * subtree; each carries a row of distances to all of v, whose merges are applied to the row up to
 * the time when its node merges with the next one.
 */
final class LanceWilliams {
  /** Distances of points computed at once: 2 MiB, of a second-level cache's size. */
  private static final int TILE = 1 << 18;

  /** Members of the third cluster, of which neither centroid nor median linkage depends. */
  private static final double SIZE_UNUSED = 1;

  private final MergeTree tree;
  private final Update update;
  private final int[] order;
  private final int[] pointsBefore;
  private final PointDistances points;
  private final Cancellation cancellation;

  /**
   * @param update a formula that is symmetric in x and y and does not depend on the size of i
   * @param rows (n, D) the points of {@code tree}; not modified
   * @param order one or several subtrees, one after the other, each in post-order; not modified
   */
  LanceWilliams(
      MergeTree tree, Update update, float[][] rows, int[] order, Cancellation cancellation) {
    this.tree = tree;
    this.update = update;
    this.order = order;
    this.cancellation = cancellation;
    pointsBefore = new int[order.length + 1];
    for (int i = 0; i < order.length; i++) {
      pointsBefore[i + 1] = pointsBefore[i] + (tree.isPoint(order[i]) ? 1 : 0);
    }
    float[][] ordered = new float[pointsBefore[order.length]][];
    for (int i = 0; i < order.length; i++) {
      if (tree.isPoint(order[i])) {
        ordered[pointsBefore[i]] = rows[order[i]];
      }
    }
    points = new PointDistances(ordered);
  }

  /**
   * The distance of the nodes at places {@code u} and {@code v} of the order. The heights of all
   * merges below them must be known.
   */
  double distance(int u, int v) {
    return tree.size(order[u]) < tree.size(order[v]) ? rowwise(v, u) : rowwise(u, v);
  }

  /** The distance of the two parts of the node at {@code place}. */
  double height(int place) {
    int smaller = place - 1;
    int larger = firstPlace(smaller) - 1;
    return rowwise(larger, smaller);
  }

  private int firstPlace(int place) {
    return place - 2 * tree.size(order[place]) + 2;
  }

  private double rowwise(int u, int v) {
    int lanes = tree.size(order[v]);
    LaneMerges merges = laneMerges(v);
    int firstLane = pointsBefore[firstPlace(v)];
    int firstPoint = pointsBefore[firstPlace(u)];
    int endPoint = firstPoint + tree.size(order[u]);
    int chunk = Math.max(1, Math.min(endPoint - firstPoint, TILE / lanes));
    double[] tile = new double[chunk * lanes];
    int tileStart = firstPoint;
    int tileEnd = firstPoint;
    Row[] waiting = new Row[33 - Integer.numberOfLeadingZeros(endPoint - firstPoint)];
    int depth = 0;
    for (int place = firstPlace(u); place <= u; place++) {
      int node = order[place];
      if (tree.isPoint(node)) {
        int point = pointsBefore[place];
        if (point == tileEnd) {
          cancellation.check();
          tileStart = point;
          tileEnd = Math.min(endPoint, point + chunk);
          points.fill(point, tileEnd - point, firstLane, lanes, tile);
        }
        if (waiting[depth] == null) {
          waiting[depth] = new Row(lanes);
        }
        waiting[depth++].start(tile, (point - tileStart) * lanes);
      } else {
        Row smaller = waiting[--depth];
        Row larger = waiting[depth - 1];
        smaller.advance(node, merges);
        larger.advance(node, merges);
        larger.join(smaller, node, merges);
      }
    }
    waiting[0].advance(Integer.MAX_VALUE, merges);
    return waiting[0].distance[0];
  }

  /** The merges below the node at {@code place}, oldest first. */
  private LaneMerges laneMerges(int place) {
    int merges = tree.size(order[place]) - 1;
    int[] lane = new int[merges + 1]; // of the subtrees that wait for their sibling
    int[] laneA = new int[merges];
    int[] laneB = new int[merges];
    int[] node = new int[merges];
    long[] byAge = new long[merges];
    int depth = 0;
    int lanes = 0;
    int count = 0;
    for (int i = firstPlace(place); i <= place; i++) {
      if (tree.isPoint(order[i])) {
        lane[depth++] = lanes++;
      } else {
        laneB[count] = lane[--depth];
        laneA[count] = lane[depth - 1];
        node[count] = order[i];
        byAge[count] = (long) order[i] << 32 | count;
        count++;
      }
    }
    Arrays.sort(byAge);
    LaneMerges sorted = new LaneMerges(count);
    for (int k = 0; k < count; k++) {
      int from = (int) byAge[k];
      int merge = node[from];
      sorted.node[k] = merge;
      sorted.laneA[k] = laneA[from];
      sorted.laneB[k] = laneB[from];
      sorted.sizeA[k] = tree.size(tree.larger(merge));
      sorted.sizeB[k] = tree.size(tree.smaller(merge));
      sorted.height[k] = tree.height(merge);
    }
    return sorted;
  }

  /** Merge k makes node[k]: what is in lane laneB[k] joins lane laneA[k]. */
  private record LaneMerges(
      int[] node, int[] laneA, int[] laneB, double[] sizeA, double[] sizeB, double[] height) {
    private LaneMerges(int count) {
      this(
          new int[count],
          new int[count],
          new int[count],
          new double[count],
          new double[count],
          new double[count]);
    }
  }

  /** Distances of one node to the nodes of the other side, which live in lanes. */
  private final class Row {
    private final double[] distance;
    private int applied; // merges of the other side

    private Row(int lanes) {
      distance = new double[lanes];
    }

    private void start(double[] tile, int from) {
      System.arraycopy(tile, from, distance, 0, distance.length);
      applied = 0;
    }

    /** Applies the merges of the other side that are older than {@code node}. */
    private void advance(int node, LaneMerges merges) {
      int k = applied;
      for (; k < merges.node.length && merges.node[k] < node; k++) {
        int a = merges.laneA[k];
        distance[a] =
            update.distance(
                distance[a],
                distance[merges.laneB[k]],
                merges.height[k],
                merges.sizeA[k],
                merges.sizeB[k],
                SIZE_UNUSED);
      }
      applied = k;
    }

    /** Becomes the row of {@code node}, of which {@code smaller} is the smaller part. */
    private void join(Row smaller, int node, LaneMerges merges) {
      double height = tree.height(node);
      double nx = tree.size(tree.larger(node));
      double ny = tree.size(tree.smaller(node));
      double[] dx = distance;
      double[] dy = smaller.distance;
      // Lanes that died hold anything; once all merges are applied, only the first one lives.
      int lanes = applied == merges.node.length ? 1 : dx.length;
      for (int lane = 0; lane < lanes; lane++) {
        dx[lane] = update.distance(dx[lane], dy[lane], height, nx, ny, SIZE_UNUSED);
      }
    }
  }
}
