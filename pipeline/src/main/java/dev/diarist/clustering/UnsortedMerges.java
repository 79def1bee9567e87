package dev.diarist.clustering;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/** Merges of slots in the order an algorithm found them, to be ordered by height. */
final class UnsortedMerges {
  private final int points;
  private final int[] x;
  private final int[] y;
  private final double[] height;
  private int count;

  UnsortedMerges(int points) {
    this.points = points;
    x = new int[points - 1];
    y = new int[points - 1];
    height = new double[points - 1];
  }

  /** Adds a merge of the clusters that points {@code x} and {@code y} belong to. */
  void add(int x, int y, double height) {
    this.x[count] = x;
    this.y[count] = y;
    this.height[count] = height;
    count++;
  }

  /** The merges stably sorted by height, their nodes numbered in that order. */
  Dendrogram sorted() {
    int[] order =
        IntStream.range(0, count)
            .boxed()
            .sorted(Comparator.comparingDouble(k -> height[k]))
            .mapToInt(Integer::intValue)
            .toArray();
    int[] parent = new int[2 * points - 1];
    int[] members = new int[2 * points - 1];
    Arrays.setAll(parent, node -> node);
    Arrays.fill(members, 0, points, 1);
    int[] a = new int[count];
    int[] b = new int[count];
    double[] sortedHeight = new double[count];
    int[] size = new int[count];
    for (int k = 0; k < count; k++) {
      int rootX = root(parent, x[order[k]]);
      int rootY = root(parent, y[order[k]]);
      a[k] = Math.min(rootX, rootY);
      b[k] = Math.max(rootX, rootY);
      sortedHeight[k] = height[order[k]];
      size[k] = members[rootX] + members[rootY];
      parent[rootX] = points + k;
      parent[rootY] = points + k;
      members[points + k] = size[k];
    }
    return new Dendrogram(a, b, sortedHeight, size);
  }

  private static int root(int[] parent, int node) {
    int root = node;
    while (parent[root] != root) {
      root = parent[root];
    }
    for (int next = node; parent[next] != root; ) { // path compression
      int up = parent[next];
      parent[next] = root;
      next = up;
    }
    return root;
  }
}
