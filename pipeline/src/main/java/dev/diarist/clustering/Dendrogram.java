package dev.diarist.clustering;

/**
 * The merges of n points, in order. Nodes 0 to n-1 are the points; merge k makes node n + k.
 *
 * @param a (n-1) the smaller node of each merge; not modified
 * @param b (n-1) the larger node; not modified
 * @param height (n-1) their distance; may decrease from merge to merge; not modified
 * @param size (n-1) points in the new node; not modified
 */
public record Dendrogram(int[] a, int[] b, double[] height, int[] size) {

  public Dendrogram {
    if (a.length != b.length || a.length != height.length || a.length != size.length) {
      throw new IllegalArgumentException(
          "a dendrogram needs one a, b, height and size for each merge, got "
              + a.length
              + ", "
              + b.length
              + ", "
              + height.length
              + " and "
              + size.length);
    }
  }

  public int merges() {
    return height.length;
  }

  /** n. */
  public int points() {
    return height.length + 1;
  }

  /** The same merges at heights 0, 1, 2, …, so that a cut at k keeps merges 0 to k. */
  Dendrogram withMergeNumbersAsHeights() {
    double[] numbers = new double[height.length];
    for (int k = 0; k < numbers.length; k++) {
      numbers[k] = k;
    }
    return new Dendrogram(a, b, numbers, size);
  }
}
