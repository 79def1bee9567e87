package dev.diarist.clustering;

/**
 * Agglomeration for distances that may shrink when clusters merge (centroid, median).
 *
 * <p>Each row keeps a candidate neighbour among the higher rows and a lower bound of its distance;
 * a heap yields the row of the smallest bound, whose candidate is searched again where the bound is
 * not the distance. Among equal distances, the candidates and the heap decide.
 *
 * <p>Source: D. Müllner, "Modern hierarchical, agglomerative clustering algorithms", 2011, the
 * generic algorithm, as scipy {@code fast_linkage} runs it.
 */
final class GenericLinkage {
  private static final int NONE = -1;

  private final DistanceMatrix distances;
  private final Update update;
  private final int points;

  /** Members of the cluster in each slot; 0 where the slot is dead. */
  private final int[] members;

  /** The node in each slot. */
  private final int[] node;

  /** The candidate of each row, a higher one. */
  private final int[] neighbor;

  /** At most the distance of each row to any higher one. */
  private final double[] bound;

  private final BoundHeap heap;
  private final Cancellation cancellation = new Cancellation();

  /** The merges of the points of {@code distances}, which are overwritten. */
  static Dendrogram link(DistanceMatrix distances, Update update) {
    return new GenericLinkage(distances, update).run();
  }

  private GenericLinkage(DistanceMatrix distances, Update update) {
    this.distances = distances;
    this.update = update;
    points = distances.points();
    members = new int[points];
    node = new int[points];
    neighbor = new int[points - 1];
    bound = new double[points - 1];
    for (int x = 0; x < points; x++) {
      members[x] = 1;
      node[x] = x;
    }
    for (int x = 0; x < points - 1; x++) {
      neighbor[x] = nearestAbove(x);
      bound[x] = distance(x, neighbor[x]);
    }
    heap = new BoundHeap(points - 1, (a, b) -> bound[a] < bound[b]);
  }

  private Dendrogram run() {
    int merges = points - 1;
    int[] a = new int[merges];
    int[] b = new int[merges];
    double[] height = new double[merges];
    int[] size = new int[merges];
    for (int k = 0; k < merges; k++) {
      cancellation.check();
      refreshMinimum(points - k);
      int x = heap.minKey();
      int y = neighbor[x];
      height[k] = bound[x];
      a[k] = Math.min(node[x], node[y]);
      b[k] = Math.max(node[x], node[y]);
      size[k] = members[x] + members[y];
      heap.removeMin();
      merge(x, y, height[k], points + k);
    }
    return new Dendrogram(a, b, height, size);
  }

  /** Searches the row of the smallest bound again until its bound is a distance. */
  private void refreshMinimum(int attempts) {
    for (int i = 0; i < attempts; i++) {
      int x = heap.minKey();
      if (bound[x] == distance(x, neighbor[x])) {
        return;
      }
      neighbor[x] = nearestAbove(x);
      changeBound(x, distance(x, neighbor[x]));
    }
  }

  /** Slot y takes the union of x and y, x &lt; y; slot x dies. */
  private void merge(int x, int y, double height, int newNode) {
    int nx = members[x];
    int ny = members[y];
    members[x] = 0;
    members[y] = nx + ny;
    node[y] = newNode;
    for (int z = 0; z < points; z++) {
      if (members[z] > 0 && z != y) {
        double dx = distances.get(z, x);
        double dy = distances.get(z, y);
        distances.set(z, y, update.distance(dx, dy, height, nx, ny, members[z]));
      }
    }
    for (int z = 0; z < x; z++) {
      if (members[z] > 0 && neighbor[z] == x) {
        neighbor[z] = y; // a guess: its bound still holds
      }
    }
    for (int z = 0; z < y; z++) {
      if (members[z] > 0) {
        double distance = distances.get(z, y);
        if (distance < bound[z]) {
          neighbor[z] = y;
          changeBound(z, distance);
        }
      }
    }
    if (y < points - 1) {
      int nearest = nearestAbove(y);
      if (nearest != NONE) {
        neighbor[y] = nearest;
        changeBound(y, distances.get(y, nearest));
      }
    }
  }

  private void changeBound(int x, double value) {
    boolean smaller = value < bound[x];
    bound[x] = value;
    heap.changed(x, smaller);
  }

  /** The first of the nearest live rows above x. */
  private int nearestAbove(int x) {
    int nearest = NONE;
    double smallest = Double.POSITIVE_INFINITY;
    for (int y = x + 1; y < points; y++) {
      if (members[y] > 0 && distances.get(x, y) < smallest) {
        smallest = distances.get(x, y);
        nearest = y;
      }
    }
    return nearest;
  }

  private double distance(int x, int y) {
    return y == NONE ? Double.POSITIVE_INFINITY : distances.get(x, y);
  }
}
