package dev.diarist;

import dev.diarist.clustering.AgglomerativeClustering;
import dev.diarist.nn.backend.Backends;
import dev.diarist.reconstruction.TieOrder;
import dev.diarist.weights.PipelineConfig;
import java.util.Map;
import java.util.Objects;

/**
 * Everything that can be chosen about a diarization; immutable.
 *
 * @param ties which of several clusters with as many votes speaks
 * @param mode what is given up for speed: nothing, unless asked for
 * @param backend name of the backend that runs the networks, or {@code auto}
 * @param threads that compute at the same time, 1 to {@value #MAX_THREADS}; no result depends on it
 * @param recordings that run at the same time in one {@link Diarizer}, 1 to {@value
 *     #MAX_RECORDINGS}, while others wait; each has buffers of its own, up to 100 MB for each
 *     thread; where more run than there are threads, each has one
 */
public record DiarizerOptions(
    SegmentationOptions segmentation,
    EmbeddingOptions embedding,
    AgglomerativeClustering clustering,
    TieOrder ties,
    Mode mode,
    String backend,
    int threads,
    int recordings) {

  /** Each thread has buffers of its own; a larger number is a slip. */
  static final int MAX_THREADS = 1024;

  /** Each recording has buffers of its own; a larger number is a slip. */
  static final int MAX_RECORDINGS = 1024;

  /** What runs at the same time unless asked for otherwise: one reads while another computes. */
  private static final int RECORDINGS = 2;

  /** A hundredth of a second for chunks of ten, which is less than a frame. */
  static final double MIN_STEP_RATIO = 0.001;

  /** Each chunk of a batch has buffers of its own; a larger number is a slip. */
  static final int MAX_SEGMENTATION_BATCH = 1024;

  /**
   * @param stepRatio step from one chunk to the next in the exact mode, in chunk durations, 0.001
   *     to 1
   * @param batchSize chunks that the network takes at a time, 1 to 1024; no result depends on it
   * @param threshold above which a probability means that somebody speaks, 0 to 1; plays no part
   *     where the network chooses among sets of speakers
   * @param minDurationOffSeconds shorter pauses of a speaker are filled
   */
  public record SegmentationOptions(
      double stepRatio, int batchSize, double threshold, double minDurationOffSeconds) {
    public SegmentationOptions {
      require(
          stepRatio >= MIN_STEP_RATIO && stepRatio <= 1,
          "segmentation_step must be from " + MIN_STEP_RATIO + " to 1",
          stepRatio);
      require(
          batchSize >= 1 && batchSize <= MAX_SEGMENTATION_BATCH,
          "segmentation_batch_size must be from 1 to " + MAX_SEGMENTATION_BATCH,
          batchSize);
      require(
          threshold >= 0 && threshold <= 1,
          "segmentation.threshold must be from 0 to 1",
          threshold);
      require(
          minDurationOffSeconds >= 0 && Double.isFinite(minDurationOffSeconds),
          "segmentation.min_duration_off must be a finite number of seconds from 0",
          minDurationOffSeconds);
    }

    public SegmentationOptions withStepRatio(double stepRatio) {
      return new SegmentationOptions(stepRatio, batchSize, threshold, minDurationOffSeconds);
    }

    public SegmentationOptions withBatchSize(int batchSize) {
      return new SegmentationOptions(stepRatio, batchSize, threshold, minDurationOffSeconds);
    }

    public SegmentationOptions withThreshold(double threshold) {
      return new SegmentationOptions(stepRatio, batchSize, threshold, minDurationOffSeconds);
    }

    public SegmentationOptions withMinDurationOffSeconds(double minDurationOffSeconds) {
      return new SegmentationOptions(stepRatio, batchSize, threshold, minDurationOffSeconds);
    }
  }

  /**
   * @param batchSize pairs of chunk and local speaker that count as one step of progress; no result
   *     depends on it
   * @param excludeOverlap whether frames with several speakers are left out of the embeddings where
   *     enough others remain
   */
  public record EmbeddingOptions(int batchSize, boolean excludeOverlap) {
    public EmbeddingOptions {
      require(batchSize >= 1, "embedding_batch_size must be at least 1", batchSize);
    }

    public EmbeddingOptions withBatchSize(int batchSize) {
      return new EmbeddingOptions(batchSize, excludeOverlap);
    }

    public EmbeddingOptions withExcludeOverlap(boolean excludeOverlap) {
      return new EmbeddingOptions(batchSize, excludeOverlap);
    }
  }

  public DiarizerOptions {
    Objects.requireNonNull(ties, "ties");
    Objects.requireNonNull(mode, "mode");
    require(
        threads >= 1 && threads <= MAX_THREADS,
        "threads must be from 1 to " + MAX_THREADS,
        threads);
    require(
        recordings >= 1 && recordings <= MAX_RECORDINGS,
        "recordings must be from 1 to " + MAX_RECORDINGS,
        recordings);
  }

  private static void require(boolean condition, String rule, Object found) {
    if (!condition) {
      throw new IllegalArgumentException(rule + ", got " + found);
    }
  }

  /** The values of speaker-diarization-3.1, the best backend, all processors. */
  public static DiarizerOptions defaults() {
    return new DiarizerOptions(
        new SegmentationOptions(0.1, 32, 0.5, 0.0),
        new EmbeddingOptions(32, true),
        AgglomerativeClustering.DEFAULT,
        TieOrder.NUMPY_X86,
        Mode.EXACT,
        Backends.AUTO,
        Math.min(Runtime.getRuntime().availableProcessors(), MAX_THREADS),
        RECORDINGS);
  }

  /**
   * The defaults, changed by the settings of a pipeline configuration. One that does not say
   * whether overlapped speech is excluded from embeddings includes it, as pyannote does; the file
   * of 3.1 says so.
   *
   * @throws IllegalArgumentException as {@link #with}
   */
  public static DiarizerOptions of(PipelineConfig config) {
    DiarizerOptions defaults = defaults();
    DiarizerOptions options =
        defaults.withEmbedding(defaults.embedding().withExcludeOverlap(false));
    for (Map.Entry<String, Object> setting : config.settings().entrySet()) {
      if (setting.getValue() != null) {
        options = options.with(setting.getKey(), setting.getValue().toString());
      }
    }
    return options;
  }

  /**
   * These options with one parameter changed, by its name in {@code config.yaml}: {@code
   * clustering.threshold}.
   *
   * @throws IllegalArgumentException if there is no such parameter or its value is out of range
   */
  public DiarizerOptions with(String parameter, String value) {
    return Parameter.of(parameter).set(this, value.strip());
  }

  public DiarizerOptions withSegmentation(SegmentationOptions segmentation) {
    return new DiarizerOptions(
        segmentation, embedding, clustering, ties, mode, backend, threads, recordings);
  }

  public DiarizerOptions withEmbedding(EmbeddingOptions embedding) {
    return new DiarizerOptions(
        segmentation, embedding, clustering, ties, mode, backend, threads, recordings);
  }

  public DiarizerOptions withClustering(AgglomerativeClustering clustering) {
    return new DiarizerOptions(
        segmentation, embedding, clustering, ties, mode, backend, threads, recordings);
  }

  public DiarizerOptions withTies(TieOrder ties) {
    return new DiarizerOptions(
        segmentation, embedding, clustering, ties, mode, backend, threads, recordings);
  }

  /**
   * @param name {@code numpy-x86} or {@code lowest-first}
   * @throws IllegalArgumentException if there is no such order
   */
  public DiarizerOptions withTies(String name) {
    return withTies(TieOrder.of(name));
  }

  public DiarizerOptions withMode(Mode mode) {
    return new DiarizerOptions(
        segmentation, embedding, clustering, ties, mode, backend, threads, recordings);
  }

  /**
   * The step from one chunk to the next that {@link #mode} makes of the one asked for, in chunk
   * durations: no chunk leaves a gap.
   */
  public double stepRatioInMode() {
    return Math.min(1, segmentation.stepRatio() * mode.stepFactor());
  }

  /**
   * The clustering that {@link #mode} makes of the one asked for: with fewer chunks, clusters are
   * smaller.
   */
  public AgglomerativeClustering clusteringInMode() {
    double fewer = segmentation.stepRatio() / stepRatioInMode();
    int minClusterSize = (int) Math.max(1, Math.round(clustering.minClusterSize() * fewer));
    return clustering.withMinClusterSize(minClusterSize);
  }

  public DiarizerOptions withBackend(String backend) {
    return new DiarizerOptions(
        segmentation, embedding, clustering, ties, mode, backend, threads, recordings);
  }

  public DiarizerOptions withThreads(int threads) {
    return new DiarizerOptions(
        segmentation, embedding, clustering, ties, mode, backend, threads, recordings);
  }

  public DiarizerOptions withRecordings(int recordings) {
    return new DiarizerOptions(
        segmentation, embedding, clustering, ties, mode, backend, threads, recordings);
  }
}
