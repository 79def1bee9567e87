package dev.diarist.clustering;

import java.util.Arrays;

/**
 * Single linkage: the edges of a minimum spanning tree, grown from point 0.
 *
 * <p>Source: scipy {@code mst_single_linkage}.
 */
final class SingleLinkage {
  private SingleLinkage() {}

  /** The merges of the points of {@code distances}, which are not modified. */
  static Dendrogram link(DistanceMatrix distances) {
    int points = distances.points();
    UnsortedMerges merges = new UnsortedMerges(points);
    boolean[] inTree = new boolean[points];
    double[] toTree = new double[points];
    Arrays.fill(toTree, Double.POSITIVE_INFINITY);
    int last = 0;
    Cancellation cancellation = new Cancellation();
    for (int k = 0; k < points - 1; k++) {
      cancellation.check();
      inTree[last] = true;
      int nearest = -1;
      double smallest = Double.POSITIVE_INFINITY;
      for (int i = 0; i < points; i++) {
        if (!inTree[i]) {
          toTree[i] = Math.min(toTree[i], distances.get(last, i));
          if (toTree[i] < smallest) {
            smallest = toTree[i];
            nearest = i;
          }
        }
      }
      // Along the order of growth the largest step between two points is their tree distance, so
      // joining neighbours of that order gives the same clusters as joining along the tree.
      merges.add(last, nearest, smallest);
      last = nearest;
    }
    return merges.sorted();
  }
}
