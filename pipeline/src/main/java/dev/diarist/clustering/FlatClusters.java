package dev.diarist.clustering;

/**
 * A dendrogram cut at a height.
 *
 * <p>Source: {@code fcluster(…, criterion="distance") - 1} of scipy.
 */
public final class FlatClusters {
  private static final int NONE = -1;

  private FlatClusters() {}

  /**
   * The cluster of each point, from 0. A cluster is a highest node none of whose merges lies above
   * {@code height}.
   *
   * <p>Clusters are numbered depth-first: at a node, first the inner children, left before right,
   * then the points that hang from it. Left is the smaller node. Cluster 0 need not hold point 0.
   */
  public static int[] cut(Dendrogram dendrogram, double height) {
    int points = dendrogram.points();
    int[] clusters = new int[points];
    if (points == 1) {
      return clusters;
    }
    double[] highest = highestMerges(dendrogram);
    int[] stack = new int[points]; // merges on the way down to the present one
    boolean[] visited = new boolean[dendrogram.merges()];
    int depth = 0;
    stack[0] = dendrogram.merges() - 1;
    int leader = NONE; // the merge whose subtree is the present cluster
    int cluster = -1;
    while (depth >= 0) {
      int merge = stack[depth];
      int left = dendrogram.a()[merge];
      int right = dendrogram.b()[merge];
      if (leader == NONE && highest[merge] <= height) {
        leader = merge;
        cluster++;
      }
      if (left >= points && !visited[left - points]) {
        visited[left - points] = true;
        stack[++depth] = left - points;
        continue;
      }
      if (right >= points && !visited[right - points]) {
        visited[right - points] = true;
        stack[++depth] = right - points;
        continue;
      }
      if (left < points) {
        clusters[left] = leader == NONE ? ++cluster : cluster;
      }
      if (right < points) {
        clusters[right] = leader == NONE ? ++cluster : cluster;
      }
      if (leader == merge) {
        leader = NONE;
      }
      depth--;
    }
    return clusters;
  }

  /** The largest height of each merge and the merges below it; heights may decrease upwards. */
  private static double[] highestMerges(Dendrogram dendrogram) {
    int points = dendrogram.points();
    double[] highest = dendrogram.height().clone();
    for (int k = 0; k < highest.length; k++) {
      if (dendrogram.a()[k] >= points) {
        highest[k] = Math.max(highest[k], highest[dendrogram.a()[k] - points]);
      }
      if (dendrogram.b()[k] >= points) {
        highest[k] = Math.max(highest[k], highest[dendrogram.b()[k] - points]);
      }
    }
    return highest;
  }
}
