package dev.diarist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.diarist.DiarizerOptions.EmbeddingOptions;
import dev.diarist.DiarizerOptions.SegmentationOptions;
import dev.diarist.clustering.AgglomerativeClustering;
import dev.diarist.clustering.LinkageMethod;
import dev.diarist.weights.PipelineConfig;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DiarizerOptionsTest {
  private static final DiarizerOptions DEFAULTS = DiarizerOptions.defaults();

  @Test
  void defaultsAreThoseOfSpeakerDiarization31() {
    assertEquals(new SegmentationOptions(0.1, 32, 0.5, 0), DEFAULTS.segmentation());
    assertEquals(new EmbeddingOptions(32, true), DEFAULTS.embedding());
    assertEquals(LinkageMethod.CENTROID, DEFAULTS.clustering().method());
    assertEquals(12, DEFAULTS.clustering().minClusterSize());
    assertEquals(0.7045654963945799, DEFAULTS.clustering().threshold());
    assertEquals("auto", DEFAULTS.backend());
  }

  @Test
  void everyParameterChangesItsOwnValueOnly() {
    SegmentationOptions segmentation = DEFAULTS.segmentation();
    assertEquals(
        DEFAULTS.withSegmentation(new SegmentationOptions(0.25, 32, 0.5, 0)),
        DEFAULTS.with("segmentation_step", "0.25"));
    assertEquals(
        DEFAULTS.withSegmentation(new SegmentationOptions(0.1, 8, 0.5, 0)),
        DEFAULTS.with("segmentation_batch_size", "8"));
    assertEquals(
        DEFAULTS.withSegmentation(new SegmentationOptions(0.1, 32, 0.5, 0.5)),
        DEFAULTS.with("segmentation.min_duration_off", "0.5"));
    assertEquals(
        DEFAULTS.withEmbedding(new EmbeddingOptions(16, true)),
        DEFAULTS.with("embedding_batch_size", "16"));
    assertEquals(
        DEFAULTS.withEmbedding(new EmbeddingOptions(32, false)),
        DEFAULTS.with("embedding_exclude_overlap", "false"));
    assertEquals(DEFAULTS, DEFAULTS.with("clustering", "AgglomerativeClustering"));
    AgglomerativeClustering old = DEFAULTS.clustering();
    boolean constrained = old.constrainedAssignment();
    assertEquals(
        DEFAULTS.withClustering(
            new AgglomerativeClustering(LinkageMethod.WARD, 12, old.threshold(), constrained)),
        DEFAULTS.with("clustering.method", "ward"));
    assertEquals(
        DEFAULTS.withClustering(
            new AgglomerativeClustering(LinkageMethod.CENTROID, 3, old.threshold(), constrained)),
        DEFAULTS.with("clustering.min_cluster_size", "3"));
    assertEquals(
        DEFAULTS.withClustering(
            new AgglomerativeClustering(LinkageMethod.CENTROID, 12, 0.5, constrained)),
        DEFAULTS.with("clustering.threshold", " 0.5 "));
    assertEquals(
        DEFAULTS.withClustering(old.withConstrainedAssignment(true)),
        DEFAULTS.with("clustering.constrained_assignment", "true"));
    assertEquals(
        DEFAULTS.withClustering(old.withMaxNumEmbeddings(1000).withSeed(3)),
        DEFAULTS.with("clustering.max_num_embeddings", "1000").with("clustering.seed", "3"));
    for (String infinity : new String[] {"inf", ".inf", "Infinity"}) {
      assertEquals(DEFAULTS, DEFAULTS.with("clustering.max_num_embeddings", infinity));
    }
    assertEquals(segmentation, DEFAULTS.segmentation(), "options do not change");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "segmentation_step | 0 | segmentation_step must be from 0.001 to 1, got 0.0",
        "segmentation_step | 1.5 | segmentation_step must be from 0.001 to 1, got 1.5",
        "segmentation_step | NaN | segmentation_step must be from 0.001 to 1, got NaN",
        "segmentation_batch_size | 0 | segmentation_batch_size must be from 1 to 1024, got 0",
        "segmentation_batch_size | 1025 | segmentation_batch_size must be from 1 to 1024, got 1025",
        "segmentation_batch_size | 1.0 | segmentation_batch_size must be an integer, got 1.0",
        "segmentation.min_duration_off | -1 | segmentation.min_duration_off must be a finite number"
            + " of seconds from 0, got -1.0",
        "segmentation.min_duration_off | NaN | segmentation.min_duration_off must be a finite"
            + " number of seconds from 0, got NaN",
        "segmentation.min_duration_off | Infinity | segmentation.min_duration_off must be a finite"
            + " number of seconds from 0, got Infinity",
        "embedding_batch_size | 0 | embedding_batch_size must be at least 1, got 0",
        "embedding_exclude_overlap | yes | embedding_exclude_overlap must be true or false, got"
            + " yes",
        "clustering | KMeans | clustering must be AgglomerativeClustering, got KMeans",
        "clustering | OracleClustering | clustering must be AgglomerativeClustering (oracle"
            + " clustering is asked for with a reference, not here), got OracleClustering",
        "clustering.constrained_assignment | 1 | clustering.constrained_assignment must be true or"
            + " false, got 1",
        "clustering.max_num_embeddings | 0 | clustering.max_num_embeddings must be inf or at least"
            + " 1, got 0",
        "clustering.seed | -1 | clustering.seed must be at least 0, got -1",
        "clustering.min_cluster_size | 0 | clustering.min_cluster_size must be at least 1, got 0",
        "clustering.threshold | -0.1 | clustering.threshold must be a finite number from 0, got"
            + " -0.1",
        "clustering.threshold | NaN | clustering.threshold must be a finite number from 0, got NaN",
        "clustering.threshold | high | clustering.threshold must be a number, got high",
      })
  void aValueOutOfRangeIsRefusedWithItsNameAndRange(String name, String value, String message) {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> DEFAULTS.with(name, value));
    assertEquals(message, e.getMessage());
  }

  @Test
  void anUnknownMethodIsRefusedWithThoseThatAreKnown() {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class, () -> DEFAULTS.with("clustering.method", "middle"));
    assertTrue(e.getMessage().contains("centroid"), e.getMessage());
    assertTrue(e.getMessage().contains("middle"), e.getMessage());
  }

  @Test
  void anUnknownParameterIsRefusedWithThoseThatAreKnown() {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class, () -> DEFAULTS.with("clustering.treshold", "1"));
    assertEquals(
        "unknown parameter clustering.treshold; known are segmentation_step,"
            + " segmentation_batch_size, segmentation.threshold, segmentation.min_duration_off,"
            + " embedding_batch_size,"
            + " embedding_exclude_overlap, clustering, clustering.method,"
            + " clustering.min_cluster_size, clustering.threshold,"
            + " clustering.constrained_assignment, clustering.max_num_embeddings, clustering.seed",
        e.getMessage());
  }

  @Test
  void threadsLieBetweenOneAndAThousand() {
    assertEquals(1024, DEFAULTS.withThreads(1024).threads());
    for (int threads : new int[] {0, -1, 1025}) {
      IllegalArgumentException e =
          assertThrows(IllegalArgumentException.class, () -> DEFAULTS.withThreads(threads));
      assertEquals("threads must be from 1 to 1024, got " + threads, e.getMessage());
    }
  }

  @Test
  void aConfigurationChangesWhatItNamesAndAnEmptyValueNothing() {
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("segmentation_batch_size", 8L);
    settings.put("embedding_exclude_overlap", false);
    settings.put("clustering.threshold", 0.5);
    settings.put("clustering.method", null);
    assertEquals(
        DEFAULTS
            .with("segmentation_batch_size", "8")
            .with("embedding_exclude_overlap", "false")
            .with("clustering.threshold", "0.5"),
        DiarizerOptions.of(new PipelineConfig("s", "e", settings)));
  }

  @Test
  void aConfigurationThatDoesNotSayIncludesOverlapInEmbeddings() {
    assertEquals(
        DEFAULTS.with("embedding_exclude_overlap", "false"),
        DiarizerOptions.of(new PipelineConfig("s", "e", Map.of())));
  }

  @ParameterizedTest
  @CsvSource({
    // mode, step, smallest cluster → step, smallest cluster
    "EXACT, 0.1, 12, 0.1, 12",
    "FAST, 0.1, 12, 0.2, 6",
    "FAST, 0.05, 15, 0.1, 8",
    "FAST, 0.1, 1, 0.2, 1",
    "FAST, 0.8, 10, 1, 8", // chunks that touch, in place of gaps between them
  })
  void fastModeTakesHalfAsManyChunksAndClustersOfHalfTheSize(
      Mode mode, double step, int size, double stepInMode, int sizeInMode) {
    DiarizerOptions options =
        DEFAULTS
            .withMode(mode)
            .withSegmentation(DEFAULTS.segmentation().withStepRatio(step))
            .withClustering(DEFAULTS.clustering().withMinClusterSize(size));
    assertEquals(stepInMode, options.stepRatioInMode());
    assertEquals(options.clustering().withMinClusterSize(sizeInMode), options.clusteringInMode());
  }
}
