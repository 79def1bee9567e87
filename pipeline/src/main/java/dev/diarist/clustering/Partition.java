package dev.diarist.clustering;

/**
 * Flat clusters, split into large and small ones.
 *
 * @param clusters (n) from 0, without gaps; not modified
 * @param sizes members of each cluster; not modified
 * @param minSize members of a large cluster, at least
 */
record Partition(int[] clusters, int[] sizes, int minSize) {

  static Partition of(int[] clusters, int minSize) {
    int count = 0;
    for (int cluster : clusters) {
      count = Math.max(count, cluster + 1);
    }
    int[] sizes = new int[count];
    for (int cluster : clusters) {
      sizes[cluster]++;
    }
    return new Partition(clusters, sizes, minSize);
  }

  int largeClusters() {
    int large = 0;
    for (int size : sizes) {
      large += size >= minSize ? 1 : 0;
    }
    return large;
  }

  /**
   * The clusters after each small one joined the large one whose mean is nearest by cosine, the
   * first of equals; numbered from 0 in their order. All are 0 where none is large.
   *
   * @param rows (n, D) the rows that were linked; not modified
   */
  int[] withSmallClustersMerged(float[][] rows) {
    int large = largeClusters();
    if (large == 0) {
      return new int[clusters.length];
    }
    if (large == sizes.length) {
      return clusters.clone();
    }
    int[] number = new int[sizes.length];
    float[][] largeMeans = new float[large][];
    int next = 0;
    Cancellation cancellation = new Cancellation();
    for (int k = 0; k < sizes.length; k++) {
      cancellation.check();
      if (sizes[k] >= minSize) {
        largeMeans[next] = FloatRows.mean(rows, clusters, k, rows[0].length);
        number[k] = next++;
      }
    }
    double[] largeNorms = Cosine.norms(largeMeans);
    for (int k = 0; k < sizes.length; k++) {
      cancellation.check();
      if (sizes[k] < minSize) {
        float[] mean = FloatRows.mean(rows, clusters, k, rows[0].length);
        number[k] = nearest(mean, largeMeans, largeNorms);
      }
    }
    int[] merged = new int[clusters.length];
    for (int i = 0; i < merged.length; i++) {
      merged[i] = number[clusters[i]];
    }
    return merged;
  }

  /** The first NaN counts as nearest, as numpy's argmin has it. */
  private static int nearest(float[] row, float[][] means, double[] norms) {
    double norm = Cosine.norm(row);
    int best = 0;
    double smallest = Double.POSITIVE_INFINITY;
    for (int k = 0; k < means.length; k++) {
      double distance = Cosine.distance(means[k], norms[k], row, norm);
      if (Double.isNaN(distance)) {
        return k;
      }
      if (distance < smallest) {
        smallest = distance;
        best = k;
      }
    }
    return best;
  }
}
