package dev.diarist.clustering;

import dev.diarist.SpeakerBounds;
import dev.diarist.embedding.Embeddings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Speakers as the large flat clusters of a dendrogram of embeddings.
 *
 * <p>n training embeddings are those of active pairs without NaN.
 *
 * <p>Source: {@code AgglomerativeClustering} of pyannote.audio 3.3.2, metric cosine.
 *
 * @param method how clusters are linked
 * @param minClusterSize clusters with fewer members join a larger one; at most a tenth of n counts
 * @param threshold height of the cut: a distance of unit vectors, or a cosine distance for the
 *     methods that do not need Euclidean distances
 * @param constrainedAssignment whether local speakers of a chunk must differ
 * @param maxNumEmbeddings the most that are clustered; of more, a random subset is, and the others
 *     are assigned to its clusters
 * @param seed of that subset, which is the one that Python draws after {@code random.seed(seed)};
 *     the reference does not seed
 */
public record AgglomerativeClustering(
    LinkageMethod method,
    int minClusterSize,
    double threshold,
    boolean constrainedAssignment,
    int maxNumEmbeddings,
    int seed) {

  /** A number of embeddings that none exceeds. */
  public static final int ALL_EMBEDDINGS = Integer.MAX_VALUE;

  /**
   * What a matrix of distances may take of the heap: in 512 MiB, an hour of audio with its 5,400
   * embeddings (111 MiB) still has one.
   */
  private static final double MATRIX_SHARE_OF_HEAP = 0.25;

  /**
   * 14,000 embeddings. Linkage with and without the matrix was measured to take the same time for
   * 11,000 (9 CPU seconds) and 36 against 24 CPU seconds for 20,000.
   */
  private static final double MAX_MATRIX_BYTES = 0.75 * (1 << 30);

  /** The values of speaker-diarization-3.1. */
  public static final AgglomerativeClustering DEFAULT =
      new AgglomerativeClustering(LinkageMethod.CENTROID, 12, 0.7045654963945799, false);

  public AgglomerativeClustering {
    if (minClusterSize < 1) {
      throw new IllegalArgumentException(
          "clustering.min_cluster_size must be at least 1, got " + minClusterSize);
    }
    if (!(threshold >= 0) || Double.isInfinite(threshold)) {
      throw new IllegalArgumentException(
          "clustering.threshold must be a finite number from 0, got " + threshold);
    }
    if (maxNumEmbeddings < 1) {
      throw new IllegalArgumentException(
          "clustering.max_num_embeddings must be inf or at least 1, got " + maxNumEmbeddings);
    }
    if (seed < 0) {
      throw new IllegalArgumentException("clustering.seed must be at least 0, got " + seed);
    }
  }

  /** Of all embeddings. */
  public AgglomerativeClustering(
      LinkageMethod method, int minClusterSize, double threshold, boolean constrainedAssignment) {
    this(method, minClusterSize, threshold, constrainedAssignment, ALL_EMBEDDINGS, 0);
  }

  public AgglomerativeClustering withMethod(LinkageMethod method) {
    return new AgglomerativeClustering(
        method, minClusterSize, threshold, constrainedAssignment, maxNumEmbeddings, seed);
  }

  public AgglomerativeClustering withMinClusterSize(int minClusterSize) {
    return new AgglomerativeClustering(
        method, minClusterSize, threshold, constrainedAssignment, maxNumEmbeddings, seed);
  }

  public AgglomerativeClustering withThreshold(double threshold) {
    return new AgglomerativeClustering(
        method, minClusterSize, threshold, constrainedAssignment, maxNumEmbeddings, seed);
  }

  public AgglomerativeClustering withConstrainedAssignment(boolean constrainedAssignment) {
    return new AgglomerativeClustering(
        method, minClusterSize, threshold, constrainedAssignment, maxNumEmbeddings, seed);
  }

  public AgglomerativeClustering withMaxNumEmbeddings(int maxNumEmbeddings) {
    return new AgglomerativeClustering(
        method, minClusterSize, threshold, constrainedAssignment, maxNumEmbeddings, seed);
  }

  public AgglomerativeClustering withSeed(int seed) {
    return new AgglomerativeClustering(
        method, minClusterSize, threshold, constrainedAssignment, maxNumEmbeddings, seed);
  }

  /**
   * Clusters the embeddings of {@code activePairs} and assigns every pair to a cluster.
   *
   * @param activePairs pairs c·S + s whose local speaker is active; not modified
   * @throws IllegalArgumentException if an embedding to be clustered is zero or infinite
   * @throws IllegalArgumentException if the method needs all distances between them, which do not
   *     fit in memory
   */
  public Clustering cluster(Embeddings embeddings, BitSet activePairs, SpeakerBounds bounds) {
    double share = Runtime.getRuntime().maxMemory() * MATRIX_SHARE_OF_HEAP;
    return cluster(embeddings, activePairs, bounds, (long) Math.min(share, MAX_MATRIX_BYTES));
  }

  /**
   * The same, where centroid and median linkage keep a matrix of the distances between n embeddings
   * only if its 4·n·(n - 1) bytes are within {@code maxMatrixBytes}. That changes time and memory,
   * and no bit of the result.
   */
  public Clustering cluster(
      Embeddings embeddings, BitSet activePairs, SpeakerBounds bounds, long maxMatrixBytes) {
    int[] trainPairs = trainPairs(embeddings, activePairs);
    float[][] train = new float[trainPairs.length][];
    for (int i = 0; i < train.length; i++) {
      train[i] = embeddings.rows()[trainPairs[i]];
    }
    // A file of n embeddings has no more than n speakers, and no fewer than one.
    int minClusters = Math.max(1, Math.min(train.length, bounds.min()));
    int maxClusters = Math.max(1, Math.min(train.length, bounds.max()));
    if (maxClusters < 2) {
      return oneSpeaker(embeddings, trainPairs, train);
    }
    OptionalInt target =
        minClusters == maxClusters ? OptionalInt.of(minClusters) : OptionalInt.empty();

    float[][] rows = method.needsEuclidean() ? FloatRows.normalized(train) : train;
    Dendrogram dendrogram = link(rows, maxMatrixBytes);
    List<String> notices = new ArrayList<>();
    Partition partition = partition(dendrogram, minClusters, maxClusters, target, notices);
    int[] trainClusters = partition.withSmallClustersMerged(rows);
    float[][] centroids = centroids(train, trainClusters);
    double[][] similarities = Assignment.similarities(embeddings, centroids);
    int[] clusters =
        constrainedAssignment
            ? Assignment.constrained(similarities, embeddings.localSpeakers())
            : Assignment.nearest(similarities);
    return new Clustering(
        clusters, centroids, trainPairs, trainClusters, Optional.of(dendrogram), notices);
  }

  private Dendrogram link(float[][] rows, long maxMatrixBytes) {
    if (!method.needsMatrix() && DistanceMatrix.bytes(rows.length) > maxMatrixBytes) {
      return method.linkRows(rows);
    }
    return method.link(
        method.needsEuclidean() ? DistanceMatrix.euclidean(rows) : DistanceMatrix.cosine(rows));
  }

  private static Clustering oneSpeaker(Embeddings embeddings, int[] trainPairs, float[][] train) {
    int[] trainClusters = new int[train.length];
    float[] mean = FloatRows.mean(train, trainClusters, 0, embeddings.dimension());
    return new Clustering(
        new int[embeddings.rows().length],
        new float[][] {mean},
        trainPairs,
        trainClusters,
        Optional.empty(),
        List.of());
  }

  /** The cut whose number of large clusters fits the bounds, or comes closest. */
  private Partition partition(
      Dendrogram dendrogram,
      int minClusters,
      int maxClusters,
      OptionalInt exactly,
      List<String> notices) {
    int smallest = effectiveMinClusterSize(dendrogram.points());
    Partition partition = Partition.of(FlatClusters.cut(dendrogram, threshold), smallest);
    OptionalInt target = exactly;
    if (partition.largeClusters() < minClusters) {
      target = OptionalInt.of(minClusters);
    } else if (partition.largeClusters() > maxClusters) {
      target = OptionalInt.of(maxClusters);
    }
    if (target.isEmpty() || partition.largeClusters() == target.getAsInt()) {
      return partition;
    }
    return search(dendrogram, smallest, target.getAsInt(), notices);
  }

  /**
   * Cuts after merge k for one k after the other, those of a height near the threshold first, until
   * there are {@code target} large clusters.
   */
  private Partition search(Dendrogram dendrogram, int smallest, int target, List<String> notices) {
    Dendrogram byMerge = dendrogram.withMergeNumbersAsHeights();
    double[] fromThreshold = new double[dendrogram.merges()];
    for (int k = 0; k < fromThreshold.length; k++) {
      fromThreshold[k] = Math.abs(dendrogram.height()[k] - threshold);
    }
    int[] largeAfter = largeClusters(dendrogram, smallest);
    int bestCut = dendrogram.merges(); // everything merged
    int bestLarge = 1;
    for (int cut : NumpyArgsort.argsort(fromThreshold, fromThreshold.length)) {
      if (dendrogram.size()[cut] < smallest) {
        continue; // makes no large cluster
      }
      int large = largeAfter[cut];
      if (Math.abs(large - target) < Math.abs(bestLarge - target)) {
        bestCut = cut;
        bestLarge = large;
      }
      if (large == target) {
        return Partition.of(FlatClusters.cut(byMerge, cut), smallest);
      }
    }
    notices.add(
        "Found %d clusters of %d or more embeddings where %d were asked for: a smaller"
                .formatted(bestLarge, smallest, target)
            + " min_cluster_size may find more.");
    return Partition.of(FlatClusters.cut(byMerge, bestCut), smallest);
  }

  /** The number of large clusters after each merge. */
  private static int[] largeClusters(Dendrogram dendrogram, int smallest) {
    int points = dendrogram.points();
    int[] after = new int[dendrogram.merges()];
    int large = smallest <= 1 ? points : 0;
    for (int k = 0; k < after.length; k++) {
      for (int joined : new int[] {dendrogram.a()[k], dendrogram.b()[k]}) {
        int size = joined < points ? 1 : dendrogram.size()[joined - points];
        large -= size >= smallest ? 1 : 0;
      }
      large += dendrogram.size()[k] >= smallest ? 1 : 0;
      after[k] = large;
    }
    return after;
  }

  /** A tenth of the embeddings, rounded half to even, where that is less. */
  private int effectiveMinClusterSize(int embeddings) {
    return Math.min(minClusterSize, Math.max(1, (int) Math.rint(0.1 * embeddings)));
  }

  private int[] trainPairs(Embeddings embeddings, BitSet activePairs) {
    int[] pairs =
        activePairs.stream().filter(pair -> !FloatRows.holdsNan(embeddings.rows()[pair])).toArray();
    if (pairs.length <= maxNumEmbeddings) {
      return pairs;
    }
    return Arrays.stream(PythonRandom.subset(pairs.length, maxNumEmbeddings, seed))
        .map(i -> pairs[i])
        .toArray();
  }

  /** Means of the embeddings as they are, not of length 1. */
  private static float[][] centroids(float[][] train, int[] clusters) {
    float[][] centroids = new float[Arrays.stream(clusters).max().orElse(0) + 1][];
    Cancellation cancellation = new Cancellation();
    for (int k = 0; k < centroids.length; k++) {
      cancellation.check();
      centroids[k] = FloatRows.mean(train, clusters, k, train[0].length);
    }
    return centroids;
  }
}
