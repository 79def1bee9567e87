package dev.diarist.clustering;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.diarist.SpeakerBounds;
import dev.diarist.embedding.Embeddings;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AgglomerativeClusteringTest {
  private static final float[] EAST = {2, 0};
  private static final float[] NORTH = {0, 2};
  private static final float[] WEST = {-2, 0};

  private static AgglomerativeClustering centroid(int minClusterSize, double threshold) {
    return new AgglomerativeClustering(LinkageMethod.CENTROID, minClusterSize, threshold, false);
  }

  /** One local speaker in each chunk. */
  private static Embeddings embeddings(float[]... rows) {
    return new Embeddings(rows.length, 1, 2, rows);
  }

  private static float[][] repeat(int times, float[]... rows) {
    float[][] all = new float[times * rows.length][];
    for (int i = 0; i < all.length; i++) {
      all[i] = rows[i / times];
    }
    return all;
  }

  private static BitSet all(Embeddings embeddings) {
    BitSet pairs = new BitSet();
    pairs.set(0, embeddings.rows().length);
    return pairs;
  }

  private static Clustering cluster(
      AgglomerativeClustering clustering, Embeddings embeddings, SpeakerBounds bounds) {
    return clustering.cluster(embeddings, all(embeddings), bounds);
  }

  @Test
  void twoPointsAtThresholdZeroAreTwoRequestedSpeakers() {
    Clustering clustering =
        cluster(
            centroid(1, 0),
            embeddings(new float[] {1, 2}, new float[] {1, 3}),
            SpeakerBounds.exactly(2));
    assertArrayEquals(new int[] {0, 1}, clustering.clusters());
  }

  @Test
  void ofMoreEmbeddingsThanMayBeARandomSubsetIsClusteredAndTheOthersFollow() {
    Embeddings embeddings = embeddings(repeat(5, EAST, NORTH));
    Clustering clustering =
        cluster(
            centroid(1, 0.7).withMaxNumEmbeddings(4).withSeed(7), embeddings, SpeakerBounds.AUTO);
    assertArrayEquals(new int[] {1, 3, 4, 8}, clustering.trainPairs());
    int east = clustering.clusters()[0];
    assertArrayEquals(
        new int[] {east, east, east, east, east, 1 - east, 1 - east, 1 - east, 1 - east, 1 - east},
        clustering.clusters());
    assertArrayEquals(
        new int[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 9},
        cluster(centroid(1, 0.7).withMaxNumEmbeddings(10), embeddings, SpeakerBounds.AUTO)
            .trainPairs());
  }

  @Test
  void speakersAreSplitAtTheThreshold() {
    Clustering clustering =
        cluster(centroid(1, 0.7), embeddings(repeat(3, EAST, NORTH)), SpeakerBounds.AUTO);
    // scipy reaches the points of the north first: cluster 0 is not the first speaker in time.
    assertArrayEquals(new int[] {1, 1, 1, 0, 0, 0}, clustering.clusters());
    assertArrayEquals(EAST, clustering.centroids()[1]);
    assertArrayEquals(NORTH, clustering.centroids()[0]);
    assertTrue(clustering.notices().isEmpty());
  }

  /** The search as the reference writes it, with a cut for each candidate. */
  private static int[] plainSearch(
      Dendrogram dendrogram, double threshold, int smallest, int target) {
    Partition found = Partition.of(FlatClusters.cut(dendrogram, threshold), smallest);
    if (found.largeClusters() == target) {
      return found.clusters();
    }
    Dendrogram byMerge = dendrogram.withMergeNumbersAsHeights();
    double[] fromThreshold =
        Arrays.stream(dendrogram.height()).map(h -> Math.abs(h - threshold)).toArray();
    int bestCut = dendrogram.merges();
    int bestLarge = 1;
    for (int cut : NumpyArgsort.argsort(fromThreshold, fromThreshold.length)) {
      if (dendrogram.size()[cut] < smallest) {
        continue;
      }
      int large = Partition.of(FlatClusters.cut(byMerge, cut), smallest).largeClusters();
      if (Math.abs(large - target) < Math.abs(bestLarge - target)) {
        bestCut = cut;
        bestLarge = large;
      }
      if (large == target) {
        break;
      }
    }
    return FlatClusters.cut(byMerge, bestCut);
  }

  @Test
  void aNumberOfSpeakersIsSearchedForAsIfEachCandidateWereCut() {
    Random random = new Random(5);
    int searched = 0;
    for (int trial = 0; trial < 400; trial++) {
      float[][] rows = new float[2 + random.nextInt(60)][2];
      for (float[] row : rows) {
        boolean tied = trial % 2 == 0; // few different points, so that heights are equal
        row[0] = tied ? random.nextInt(3) - 1.5f : (float) random.nextGaussian();
        row[1] = tied ? random.nextInt(3) - 1.5f : (float) random.nextGaussian();
      }
      int smallest =
          Math.min(1 + random.nextInt(4), Math.max(1, (int) Math.rint(0.1 * rows.length)));
      int target = 2 + random.nextInt(8);
      double threshold = random.nextDouble() * 1.5;
      LinkageMethod method = LinkageMethod.values()[random.nextInt(7)];
      Clustering clustering =
          cluster(
              centroid(smallest, threshold).withMethod(method),
              embeddings(rows),
              SpeakerBounds.exactly(target));
      if (target > rows.length || clustering.dendrogram().isEmpty()) {
        continue;
      }
      int[] flat = plainSearch(clustering.dendrogram().get(), threshold, smallest, target);
      float[][] linked = method.needsEuclidean() ? FloatRows.normalized(rows) : rows;
      assertArrayEquals(
          Partition.of(flat, smallest).withSmallClustersMerged(linked),
          clustering.trainClusters(),
          "trial " + trial);
      searched++;
    }
    assertTrue(searched > 300, searched + " searched");
  }

  @Test
  void fewerSpeakersAreFoundWhereTheBoundsAsk() {
    Clustering clustering =
        cluster(
            centroid(1, 0.7),
            embeddings(EAST, NORTH, new float[] {2, 0.1f}, WEST),
            SpeakerBounds.atMost(2));
    assertEquals(2, clustering.detectedSpeakers());
  }

  @Test
  void moreSpeakersAreFoundWhereTheBoundsAsk() {
    Clustering clustering =
        cluster(centroid(1, 1.9), embeddings(EAST, NORTH, WEST, WEST), SpeakerBounds.atLeast(3));
    assertEquals(3, clustering.detectedSpeakers());
    assertArrayEquals(new int[] {1, 2, 0, 0}, clustering.clusters());
  }

  @Test
  void smallClustersJoinTheNearestLargeOne() {
    float[][] rows = new float[24][];
    Arrays.fill(rows, 0, 11, NORTH);
    rows[11] = new float[] {1, 0.9f}; // nearer to east, apart at this threshold
    Arrays.fill(rows, 12, 24, EAST);
    Clustering clustering = cluster(centroid(2, 0.5), embeddings(rows), SpeakerBounds.AUTO);
    assertEquals(clustering.trainClusters()[23], clustering.trainClusters()[11]);
    assertEquals(2, clustering.detectedSpeakers());
  }

  @Test
  void aTenthOfTheEmbeddingsLimitsTheMinimumSizeRoundedHalfToEven() {
    // Clusters of one are large among 14 (1.4 rounds to 1), small among 15 (1.5 rounds to 2).
    for (int n : new int[] {14, 15}) {
      float[][] rows = repeat(n, EAST);
      rows[0] = NORTH;
      Clustering clustering = cluster(centroid(12, 0.7), embeddings(rows), SpeakerBounds.AUTO);
      assertEquals(n == 14 ? 2 : 1, clustering.detectedSpeakers());
    }
    // Two of 25 are enough (2.5 rounds to 2), three of 35 are not (3.5 rounds to 4).
    for (int n : new int[] {25, 35}) {
      float[][] rows = repeat(n, EAST);
      Arrays.fill(rows, 0, n == 25 ? 2 : 3, NORTH);
      Clustering clustering = cluster(centroid(12, 0.7), embeddings(rows), SpeakerBounds.AUTO);
      assertEquals(n == 25 ? 2 : 1, clustering.detectedSpeakers());
    }
  }

  @Test
  void allAreOneSpeakerWhereNoClusterIsLarge() {
    Partition partition = Partition.of(new int[] {0, 1, 2, 2}, 3);
    assertArrayEquals(new int[4], partition.withSmallClustersMerged(repeat(4, EAST)));
  }

  @Test
  void aNumberOfSpeakersAboveThatOfEmbeddingsIsLowered() {
    Clustering clustering =
        cluster(centroid(1, 0.7), embeddings(EAST, NORTH), SpeakerBounds.exactly(20));
    assertEquals(2, clustering.detectedSpeakers());
    assertTrue(clustering.boundsWarning(SpeakerBounds.exactly(20)).isPresent());
  }

  @Test
  void anUnreachableNumberOfSpeakersIsNoticed() {
    Clustering clustering =
        cluster(
            centroid(2, 0.7),
            embeddings(repeat(10, EAST, new float[] {2, 0.1f})),
            SpeakerBounds.exactly(11));
    assertEquals(1, clustering.notices().size()); // 20 embeddings make 10 pairs at most
    assertTrue(clustering.boundsWarning(SpeakerBounds.exactly(11)).isPresent());
  }

  @Test
  void atMostOneSpeakerNeedsNoDendrogram() {
    Clustering clustering =
        cluster(centroid(1, 0.7), embeddings(EAST, NORTH), SpeakerBounds.exactly(1));
    assertArrayEquals(new int[] {0, 0}, clustering.clusters());
    assertArrayEquals(new float[] {1, 1}, clustering.centroids()[0]);
    assertTrue(clustering.dendrogram().isEmpty());
  }

  @Test
  void oneEmbeddingIsOneSpeakerAndNoneAnUnknownOne() {
    Embeddings one = embeddings(EAST, NORTH);
    BitSet first = new BitSet();
    first.set(0);
    Clustering clustering = centroid(1, 0.7).cluster(one, first, SpeakerBounds.exactly(3));
    assertArrayEquals(new int[] {0, 0}, clustering.clusters());
    assertArrayEquals(EAST, clustering.centroids()[0]);
    Clustering none = centroid(1, 0.7).cluster(one, new BitSet(), SpeakerBounds.AUTO);
    assertTrue(Float.isNaN(none.centroids()[0][0]));
  }

  @Test
  void anEmbeddingOfNanIsNotTrainedOnAndGoesToTheFirstSpeaker() {
    Clustering clustering =
        cluster(
            centroid(1, 0.7),
            embeddings(NORTH, EAST, new float[] {Float.NaN, 1}),
            SpeakerBounds.AUTO);
    assertArrayEquals(new int[] {0, 1}, clustering.trainPairs());
    assertEquals(0, clustering.clusters()[2]);
  }

  @Test
  void inactivePairsAreAssignedAndThenLeftOut() {
    BitSet active = new BitSet();
    active.set(0, 2);
    Clustering clustering =
        centroid(1, 0.7).cluster(embeddings(EAST, NORTH, NORTH), active, SpeakerBounds.AUTO);
    assertArrayEquals(new int[] {0, 1, 1}, clustering.clusters());
    assertArrayEquals(
        new int[] {0, 1, -2}, Assignment.withoutInactive(clustering.clusters(), active));
    assertEquals(1, clustering.clusters()[2]);
  }

  @Test
  void localSpeakersMayShareAClusterUnlessConstrained() {
    Embeddings chunks =
        new Embeddings(2, 3, 2, new float[][] {EAST, EAST, NORTH, EAST, NORTH, NORTH});
    AgglomerativeClustering constrained =
        new AgglomerativeClustering(LinkageMethod.CENTROID, 1, 0.7, true);
    assertArrayEquals(
        new int[] {0, 0, 1, 0, 1, 1},
        cluster(centroid(1, 0.7), chunks, SpeakerBounds.AUTO).clusters());
    int[] clusters = cluster(constrained, chunks, SpeakerBounds.AUTO).clusters();
    assertEquals(1, Arrays.stream(clusters, 0, 3).filter(c -> c == -2).count());
    assertEquals(1, Arrays.stream(clusters, 3, 6).filter(c -> c == -2).count());
    assertEquals(1, clusters[2]);
    assertEquals(0, clusters[3]);
  }

  @Test
  void warningNamesTheBoundsOfTheUser() {
    Clustering clustering =
        cluster(centroid(1, 0.7), embeddings(EAST, EAST), SpeakerBounds.atLeast(2));
    assertEquals(1, clustering.detectedSpeakers());
    assertEquals(
        "The detected number of speakers (1) is outside the given bounds [2, inf]. This can happen"
            + " if the given audio file is too short to contain 2 or more speakers. Try to lower"
            + " the desired minimal number of speakers.",
        clustering.boundsWarning(SpeakerBounds.atLeast(2)).orElseThrow());
    assertTrue(clustering.boundsWarning(SpeakerBounds.AUTO).isEmpty());
  }

  @Test
  void parametersOutOfRangeAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> centroid(0, 0.7));
    assertThrows(IllegalArgumentException.class, () -> centroid(1, Double.NaN));
    assertThrows(IllegalArgumentException.class, () -> centroid(1, -1));
  }

  @Test
  void cosineRowsThatRoundAboveOneAreAtDistanceZero() {
    float[] row = {0.1f, 0.2f, 0.3f};
    float[] longer = {0.2f, 0.4f, 0.6f};
    assertEquals(0, Cosine.distance(row, Cosine.norm(row), longer, Cosine.norm(longer)), 1e-15);
    assertTrue(Cosine.distance(row, Cosine.norm(row), longer, Cosine.norm(longer)) >= 0);
  }
}
