package dev.diarist.clustering;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Distances of nodes to the last bit, for the few comparisons that depend on it.
 *
 * <p>Not for several threads at once, except for two points.
 */
final class ExactDistances {
  /** Remembered distances, at most: 32 MiB. */
  private static final int MAX_REMEMBERED = 1 << 21;

  private final float[][] rows;
  private final MergeTree tree;
  private final Update update;
  private final Cancellation cancellation;

  /** A pair's distance is remembered in one place, until another pair takes it. */
  private final long[] rememberedPair;

  private final double[] rememberedDistance;

  /**
   * @param rows (n, D) the points of {@code tree}; not modified
   */
  ExactDistances(float[][] rows, MergeTree tree, Update update, Cancellation cancellation) {
    this.rows = rows;
    this.tree = tree;
    this.update = update;
    this.cancellation = cancellation;
    int places = Math.min(MAX_REMEMBERED, Integer.highestOneBit(rows.length) * 16);
    rememberedPair = new long[places]; // 0 would be the pair (0, 0), which nobody asks for
    rememberedDistance = new double[places];
  }

  /** The distance between two different nodes, as updating a matrix of distances has it. */
  double between(int u, int v) {
    double known = known(u, v);
    if (!Double.isNaN(known)) {
      return known;
    }
    int younger = Math.max(u, v);
    int other = Math.min(u, v);
    double dx = known(tree.larger(younger), other);
    double dy = known(tree.smaller(younger), other);
    double distance;
    if (Double.isNaN(dx) || Double.isNaN(dy)) {
      distance = fromPoints(younger, other);
    } else {
      double nx = tree.size(tree.larger(younger));
      double ny = tree.size(tree.smaller(younger));
      distance = update.distance(dx, dy, height(younger), nx, ny, tree.size(other));
    }
    int place = place(u, v);
    rememberedPair[place] = pair(u, v);
    rememberedDistance[place] = distance;
    return distance;
  }

  /** NaN where it takes more than a look. */
  private double known(int u, int v) {
    if (tree.isSamePoint(u, v)) {
      return 0;
    }
    if (tree.isPoint(u) && tree.isPoint(v)) {
      return PointDistances.between(rows[u], rows[v]);
    }
    int place = place(u, v);
    return rememberedPair[place] == pair(u, v) ? rememberedDistance[place] : Double.NaN;
  }

  private double fromPoints(int u, int v) {
    int[] orderU = tree.postOrder(u);
    int[] orderV = tree.postOrder(v);
    findHeights(orderU);
    findHeights(orderV);
    int[] order = Arrays.copyOf(orderU, orderU.length + orderV.length);
    System.arraycopy(orderV, 0, order, orderU.length, orderV.length);
    return new LanceWilliams(tree, update, rows, order, cancellation)
        .distance(orderU.length - 1, order.length - 1);
  }

  private double height(int node) {
    if (Double.isNaN(tree.height(node))) {
      findHeights(tree.postOrder(node));
    }
    return tree.height(node);
  }

  /** Sets the heights of the merges in {@code postOrder} that are unknown. */
  private void findHeights(int[] postOrder) {
    LanceWilliams distances = null;
    for (int place = 0; place < postOrder.length; place++) {
      int node = postOrder[place];
      if (tree.isPoint(node) || !Double.isNaN(tree.height(node))) {
        continue;
      }
      double height = known(tree.larger(node), tree.smaller(node));
      if (Double.isNaN(height)) {
        if (distances == null) {
          distances = new LanceWilliams(tree, update, rows, postOrder, cancellation);
        }
        height = distances.height(place);
      }
      tree.setHeight(node, height);
    }
  }

  /**
   * Sets the heights of all merges that are unknown, once there are no more to come: n²/2 distances
   * of points at most. Merges that do not contain each other are looked at side by side.
   */
  void findAllHeights() {
    int root = 2 * tree.points() - 2;
    int[] order = tree.postOrder(root);
    int[] level = new int[root + 1]; // 1 + the levels of its parts
    int[] place = new int[root + 1];
    int levels = 0;
    for (int i = 0; i < order.length; i++) {
      int node = order[i];
      place[node] = i;
      if (!tree.isPoint(node)) {
        level[node] = 1 + Math.max(level[tree.larger(node)], level[tree.smaller(node)]);
        levels = Math.max(levels, level[node]);
      }
    }
    int[] unknown =
        IntStream.rangeClosed(tree.points(), root)
            .filter(node -> Double.isNaN(tree.height(node)))
            .boxed()
            .sorted((a, b) -> Integer.compare(level[a], level[b]))
            .mapToInt(Integer::intValue)
            .toArray();
    LanceWilliams distances = new LanceWilliams(tree, update, rows, order, cancellation);
    for (int from = 0, to; from < unknown.length; from = to) {
      to = from + 1;
      while (to < unknown.length && level[unknown[to]] == level[unknown[from]]) {
        to++;
      }
      IntStream.range(from, to)
          .parallel()
          .map(k -> unknown[k])
          .forEach(node -> tree.setHeight(node, distances.height(place[node])));
    }
  }

  private static long pair(int u, int v) {
    return (long) Math.max(u, v) << 32 | Math.min(u, v);
  }

  private int place(int u, int v) {
    long mixed = pair(u, v) * 0x9E3779B97F4A7C15L; // the golden ratio spreads the pairs
    return (int) (mixed >>> 40) & rememberedPair.length - 1;
  }
}
