package dev.diarist.clustering;

import dev.diarist.SpeakerBounds;
import java.util.List;
import java.util.Optional;

/**
 * The speakers of a file, and which of them each local speaker of each chunk is.
 *
 * @param clusters (C·S) of every pair, inactive ones included; {@link Assignment#NO_CLUSTER} only
 *     where the assignment is constrained; not modified
 * @param centroids (K, D) mean embeddings of the clusters; not modified
 * @param trainPairs the pairs c·S + s that were clustered, ascending; not modified
 * @param trainClusters the cluster of each of them before the assignment to centroids; not modified
 * @param dendrogram absent where at most one speaker was possible
 * @param notices sentences for the user
 */
public record Clustering(
    int[] clusters,
    float[][] centroids,
    int[] trainPairs,
    int[] trainClusters,
    Optional<Dendrogram> dendrogram,
    List<String> notices) {

  public Clustering {
    notices = List.copyOf(notices);
  }

  /** 1 + the largest cluster of any pair, before inactive pairs are left out. */
  public int detectedSpeakers() {
    int largest = Assignment.NO_CLUSTER;
    for (int cluster : clusters) {
      largest = Math.max(largest, cluster);
    }
    return largest + 1;
  }

  /** What the user should know where {@link #detectedSpeakers()} lies outside {@code bounds}. */
  public Optional<String> boundsWarning(SpeakerBounds bounds) {
    int detected = detectedSpeakers();
    if (detected >= bounds.min() && detected <= bounds.max()) {
      return Optional.empty();
    }
    String max = bounds.max() == Integer.MAX_VALUE ? "inf" : Integer.toString(bounds.max());
    return Optional.of(
        "The detected number of speakers (%d) is outside the given bounds [%d, %s]. This can happen"
                .formatted(detected, bounds.min(), max)
            + " if the given audio file is too short to contain %d or more speakers. Try to lower"
                .formatted(bounds.min())
            + " the desired minimal number of speakers.");
  }
}
