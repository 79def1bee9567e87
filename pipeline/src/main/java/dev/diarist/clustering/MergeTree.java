package dev.diarist.clustering;

import java.util.Arrays;
import java.util.stream.IntStream;

/** The merges so far of n points. Nodes 0 to n-1 are the points; merge k makes node n + k. */
final class MergeTree {
  private static final int NONE = -1;

  private final int points;
  private final int[] left;
  private final int[] right;
  private final int[] size;
  private final double[] height;

  /** For each node the first of the rows equal to all its points; NONE where its points differ. */
  private final int[] equalRow;

  private int nodes;

  /** The points {@code rows} (n, D), not modified, before their first merge. */
  MergeTree(float[][] rows) {
    points = rows.length;
    nodes = points;
    left = new int[points - 1];
    right = new int[points - 1];
    height = new double[points - 1];
    Arrays.fill(height, Double.NaN);
    size = new int[2 * points - 1];
    Arrays.fill(size, 0, points, 1);
    equalRow = new int[2 * points - 1];
    int[] sorted =
        IntStream.range(0, points)
            .boxed()
            .sorted((i, j) -> Arrays.compare(rows[i], rows[j]))
            .mapToInt(Integer::intValue)
            .toArray();
    for (int k = 0; k < points; k++) {
      boolean repeats = k > 0 && Arrays.equals(rows[sorted[k]], rows[sorted[k - 1]]);
      equalRow[sorted[k]] = repeats ? equalRow[sorted[k - 1]] : sorted[k];
    }
  }

  /** n. */
  int points() {
    return points;
  }

  /** Adds a merge of unknown height and returns its node. */
  int merge(int u, int v) {
    left[nodes - points] = Math.min(u, v);
    right[nodes - points] = Math.max(u, v);
    size[nodes] = size[u] + size[v];
    equalRow[nodes] = equalRow[u] == equalRow[v] ? equalRow[u] : NONE;
    return nodes++;
  }

  boolean isPoint(int node) {
    return node < points;
  }

  /** The part of {@code node} that has more points. */
  int larger(int node) {
    int k = node - points;
    return size[left[k]] >= size[right[k]] ? left[k] : right[k];
  }

  /** The other part of {@code node}. */
  int smaller(int node) {
    int k = node - points;
    return size[left[k]] >= size[right[k]] ? right[k] : left[k];
  }

  /** Points in {@code node}. */
  int size(int node) {
    return size[node];
  }

  /** NaN as long as it is unknown. */
  double height(int node) {
    return height[node - points];
  }

  void setHeight(int node, double value) {
    height[node - points] = value;
  }

  /** Whether all points of both nodes are the same, so that their distance is exactly 0. */
  boolean isSamePoint(int u, int v) {
    return equalRow[u] != NONE && equalRow[u] == equalRow[v];
  }

  /**
   * The nodes of the subtree of {@code root}, each after those it is made of, the larger of which
   * come first: so no more than log₂ n subtrees wait for their sibling at any time.
   */
  int[] postOrder(int root) {
    int[] order = new int[2 * size[root] - 1];
    int[] stack = new int[order.length];
    int depth = 0;
    stack[depth++] = root;
    for (int i = order.length - 1; i >= 0; i--) { // backwards: a node, its smaller part, its larger
      int node = stack[--depth];
      order[i] = node;
      if (!isPoint(node)) {
        stack[depth++] = larger(node);
        stack[depth++] = smaller(node);
      }
    }
    return order;
  }

  /** All merges; every height must be known. */
  Dendrogram toDendrogram() {
    return new Dendrogram(
        left.clone(), right.clone(), height.clone(), Arrays.copyOfRange(size, points, size.length));
  }
}
