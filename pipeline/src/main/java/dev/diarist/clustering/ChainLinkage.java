package dev.diarist.clustering;

import java.util.Arrays;

/**
 * Agglomeration by chains of nearest neighbours, for distances that merging cannot shrink (average,
 * complete, ward, weighted).
 *
 * <p>Source: scipy {@code nn_chain}.
 */
final class ChainLinkage {
  private final DistanceMatrix distances;
  private final Update update;
  private final int points;

  /** Members of the cluster in each slot; 0 where the slot is dead. */
  private final int[] members;

  private final int[] chain;
  private int length;
  private final Cancellation cancellation = new Cancellation();

  /** The merges of the points of {@code distances}, which are overwritten. */
  static Dendrogram link(DistanceMatrix distances, Update update) {
    return new ChainLinkage(distances, update).run();
  }

  private ChainLinkage(DistanceMatrix distances, Update update) {
    this.distances = distances;
    this.update = update;
    points = distances.points();
    members = new int[points];
    Arrays.fill(members, 1);
    chain = new int[points];
  }

  private Dendrogram run() {
    UnsortedMerges merges = new UnsortedMerges(points);
    for (int k = 0; k < points - 1; k++) {
      growToMutualNeighbors();
      int x = Math.min(chain[length - 1], chain[length - 2]);
      int y = Math.max(chain[length - 1], chain[length - 2]);
      length -= 2;
      double height = distances.get(x, y);
      merges.add(x, y, height);
      merge(x, y, height);
    }
    return merges.sorted();
  }

  /** Appends nearest neighbours until the last two of the chain are each other's. */
  private void growToMutualNeighbors() {
    if (length == 0) {
      int first = 0;
      while (members[first] == 0) {
        first++;
      }
      chain[length++] = first;
    }
    while (true) {
      cancellation.check();
      int x = chain[length - 1];
      int previous = length > 1 ? chain[length - 2] : -1;
      int nearest = previous; // preferred among equals, or the chain could run in circles
      double smallest = previous >= 0 ? distances.get(x, previous) : Double.POSITIVE_INFINITY;
      for (int i = 0; i < points; i++) {
        if (members[i] > 0 && i != x && distances.get(x, i) < smallest) {
          smallest = distances.get(x, i);
          nearest = i;
        }
      }
      if (nearest == previous) {
        return;
      }
      chain[length++] = nearest;
    }
  }

  /** Slot y takes the union of x and y, x &lt; y; slot x dies. */
  private void merge(int x, int y, double height) {
    int nx = members[x];
    int ny = members[y];
    members[x] = 0;
    members[y] = nx + ny;
    for (int i = 0; i < points; i++) {
      if (members[i] > 0 && i != y) {
        double dx = distances.get(i, x);
        double dy = distances.get(i, y);
        distances.set(i, y, update.distance(dx, dy, height, nx, ny, members[i]));
      }
    }
  }
}
