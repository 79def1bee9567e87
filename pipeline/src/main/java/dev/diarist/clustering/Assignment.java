package dev.diarist.clustering;

import dev.diarist.embedding.Embeddings;
import java.util.Arrays;
import java.util.BitSet;

/**
 * Which cluster each local speaker of each chunk belongs to.
 *
 * <p>Clusters are (C·S) ints, speaker-minor; similarities are (C·S, K) doubles.
 *
 * <p>Source: {@code assign_embeddings} of pyannote.audio 3.3.2.
 */
public final class Assignment {
  /** The cluster of a pair that has none. */
  public static final int NO_CLUSTER = -2;

  private Assignment() {}

  /**
   * 2 minus the cosine distance of each embedding to each centroid; NaN for an embedding that is
   * zero or holds a NaN.
   *
   * @param centroids (K, D); not modified
   */
  public static double[][] similarities(Embeddings embeddings, float[][] centroids) {
    double[] centroidNorms = Cosine.norms(centroids);
    double[][] similarities = new double[embeddings.rows().length][centroids.length];
    Cancellation cancellation = new Cancellation();
    for (int pair = 0; pair < similarities.length; pair++) {
      cancellation.check();
      float[] row = embeddings.rows()[pair];
      double norm = Cosine.norm(row);
      for (int k = 0; k < centroids.length; k++) {
        similarities[pair][k] = 2 - Cosine.distance(row, norm, centroids[k], centroidNorms[k]);
      }
    }
    return similarities;
  }

  /**
   * The most similar cluster of each pair, the first of equals; 0 for a pair of NaN. Two local
   * speakers of a chunk may get the same one.
   */
  public static int[] nearest(double[][] similarities) {
    int[] clusters = new int[similarities.length];
    for (int pair = 0; pair < clusters.length; pair++) {
      clusters[pair] = argmax(similarities[pair]);
    }
    return clusters;
  }

  /**
   * For each chunk, the assignment of local speakers to different clusters with the largest total
   * similarity; {@link #NO_CLUSTER} for local speakers beyond the number of clusters. NaN counts as
   * the smallest similarity of the file.
   */
  public static int[] constrained(double[][] similarities, int localSpeakers) {
    double smallest =
        Arrays.stream(similarities)
            .flatMapToDouble(Arrays::stream)
            .filter(value -> !Double.isNaN(value))
            .min()
            .orElse(0);
    int[] clusters = new int[similarities.length];
    Cancellation cancellation = new Cancellation();
    for (int first = 0; first < clusters.length; first += localSpeakers) {
      cancellation.check();
      double[][] scores = new double[localSpeakers][];
      for (int s = 0; s < localSpeakers; s++) {
        scores[s] =
            Arrays.stream(similarities[first + s])
                .map(value -> Double.isNaN(value) ? smallest : value)
                .toArray();
      }
      int[] assigned = LinearSumAssignment.maximize(scores);
      for (int s = 0; s < localSpeakers; s++) {
        clusters[first + s] =
            assigned[s] == LinearSumAssignment.UNASSIGNED ? NO_CLUSTER : assigned[s];
      }
    }
    return clusters;
  }

  /** {@code clusters} with {@link #NO_CLUSTER} for the pairs that are not active. */
  public static int[] withoutInactive(int[] clusters, BitSet activePairs) {
    int[] kept = clusters.clone();
    for (int pair = activePairs.nextClearBit(0);
        pair < kept.length;
        pair = activePairs.nextClearBit(pair + 1)) {
      kept[pair] = NO_CLUSTER;
    }
    return kept;
  }

  /** The first index of the largest value, or of the first NaN, as numpy has it. */
  private static int argmax(double[] values) {
    int best = 0;
    for (int k = 0; k < values.length; k++) {
      if (Double.isNaN(values[k])) {
        return k;
      }
      if (values[k] > values[best]) {
        best = k;
      }
    }
    return best;
  }
}
