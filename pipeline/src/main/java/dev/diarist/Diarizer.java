package dev.diarist;

import dev.diarist.annotation.Annotation;
import dev.diarist.audio.AudioFiles;
import dev.diarist.audio.AudioSource;
import dev.diarist.clustering.Assignment;
import dev.diarist.clustering.Clustering;
import dev.diarist.clustering.OracleClustering;
import dev.diarist.embedding.Embeddings;
import dev.diarist.embedding.Masks;
import dev.diarist.metric.Comparison;
import dev.diarist.nn.backend.Backends;
import dev.diarist.reconstruction.Binarize;
import dev.diarist.reconstruction.DiscreteDiarization;
import dev.diarist.reconstruction.NamedSpeakers;
import dev.diarist.reconstruction.Reconstruction;
import dev.diarist.segmentation.FrameCounts;
import dev.diarist.segmentation.Segmentation;
import dev.diarist.segmentation.Segmenter;
import dev.diarist.segmentation.SpeakerCount;
import dev.diarist.weights.DefaultModel;
import dev.diarist.weights.ModelFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.UnaryOperator;

/**
 * Answers who spoke when: segmentation, embeddings, clustering, reconstruction.
 *
 * <p>May be called from many threads: {@link DiarizerOptions#recordings} run at the same time, with
 * one set of weights and one set of threads between them, and others wait. No result depends on
 * what else runs.
 *
 * <p>A recording is cancelled by interrupting the thread that diarizes it, or by whatever its
 * listener throws. It ends before the next stage or batch of chunks, and an interrupt also ends a
 * clustering; the diarizer remains usable. An interrupt closes the file that is read as well, as
 * {@link java.nio.channels.FileChannel} says.
 *
 * <p>Source: pyannote.audio 3.3.2, pipelines/speaker_diarization.py.
 */
public final class Diarizer implements AutoCloseable {
  private final DiarizerOptions options;

  /** Null where the weights do not say. */
  private final String embeddingModel;

  private final NetworkPool pool;

  private Diarizer(ModelFolder model, DiarizerOptions options) {
    this.options = options;
    embeddingModel = model.embedding().metadata().get("sha256");
    pool = new NetworkPool(model, options);
  }

  /**
   * The model that comes with Diarist.
   *
   * @throws IOException if it is not on the class path
   */
  public static Diarizer open() throws IOException {
    return open(DefaultModel.folder());
  }

  /** The model of a folder, with the options of its {@code config.yaml}. */
  public static Diarizer open(Path model) throws IOException {
    return open(model, UnaryOperator.identity());
  }

  /**
   * The model of a folder: the layout of the Hugging Face pipeline, or a bundle.
   *
   * @param overrides changes what {@code config.yaml} says
   * @throws IOException if the folder cannot be read or holds something else
   * @throws IllegalArgumentException if a parameter is unknown or out of range
   */
  public static Diarizer open(Path model, UnaryOperator<DiarizerOptions> overrides)
      throws IOException {
    Backends.warmUp(); // while the model is read
    ModelFolder folder = ModelFolder.open(model);
    DiarizerOptions configured;
    try {
      configured = DiarizerOptions.of(folder.config());
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(model.resolve("config.yaml") + ": " + e.getMessage(), e);
    }
    return new Diarizer(folder, overrides.apply(configured));
  }

  public DiarizerOptions options() {
    return options;
  }

  /**
   * SHA-256 of the file that the embedding weights came from, the same before and after a
   * conversion. Embeddings of different models cannot be compared.
   *
   * @throws IllegalArgumentException if the weights do not say where they came from
   */
  public String embeddingModel() {
    if (embeddingModel == null) {
      throw new IllegalArgumentException(
          "the embedding weights must state the sha256 of the file they came from, to tell voices"
              + " of different models apart");
    }
    return embeddingModel;
  }

  /**
   * Diarizes a file of an unknown number of speakers.
   *
   * @throws IOException if the audio cannot be read
   * @throws IllegalStateException if this diarizer is closed
   * @throws CancellationException if this thread is interrupted; it stays so
   */
  public Diarization diarize(Path audio) throws IOException {
    try (AudioSource source = AudioFiles.open(audio)) {
      return diarize(source, SpeakerBounds.AUTO, StageListener.NONE);
    } catch (IOException e) {
      throw orCancelled(AudioFiles.uri(audio), e);
    }
  }

  /**
   * Diarizes a recording; where nobody speaks the result is empty.
   *
   * @param speakers what is known about their number
   * @param listener sees every stage
   * @throws IOException if the audio cannot be read
   * @throws IllegalStateException if this diarizer is closed
   * @throws CancellationException if this thread is interrupted; it stays so
   */
  public Diarization diarize(AudioSource audio, SpeakerBounds speakers, StageListener listener)
      throws IOException {
    Objects.requireNonNull(audio, "audio");
    Objects.requireNonNull(speakers, "speakers");
    Objects.requireNonNull(listener, "listener");
    return diarize(audio, speakers, listener, clusterer(options, speakers));
  }

  /**
   * Diarizes a recording whose speakers are known, with the clusters that {@link OracleClustering}
   * finds: what a perfect clustering would make of this segmentation. Speakers have the names of
   * the reference, by the mapping of the diarization error rate; one that has none keeps its
   * cluster number.
   *
   * @param reference who spoke when; not modified
   * @param speakers caps how many speak at a time
   * @throws IOException if the audio cannot be read
   * @throws IllegalArgumentException if somebody is heard but the reference names nobody, or the
   *     recording is shorter than a chunk
   * @throws IllegalStateException if this diarizer is closed
   * @throws CancellationException if this thread is interrupted; it stays so
   */
  public Diarization diarize(
      AudioSource audio, Annotation reference, SpeakerBounds speakers, StageListener listener)
      throws IOException {
    OracleClustering oracle = new OracleClustering(reference, audio.durationSeconds());
    return diarize(audio, speakers, listener, new Oracle(oracle));
  }

  /** What finds clusters in the outputs of the networks, and names for them. */
  @FunctionalInterface
  private interface Clusterer {
    Clustering cluster(NetworkOutputs outputs, BitSet activePairs);

    /**
     * @param clustered has cluster numbers for labels
     */
    default NamedSpeakers name(String uri, Annotation clustered) {
      return NamedSpeakers.numbered(clustered);
    }
  }

  private record Oracle(OracleClustering clustering) implements Clusterer {
    @Override
    public Clustering cluster(NetworkOutputs outputs, BitSet activePairs) {
      return clustering.cluster(outputs.segmentation(), outputs.embeddings(), activePairs);
    }

    @Override
    public NamedSpeakers name(String uri, Annotation clustered) {
      Comparison comparison =
          new Comparison(uri, clustering.reference(), clustered, Optional.empty());
      return NamedSpeakers.of(clustered, comparison.optimalMapping());
    }
  }

  private static Clusterer clusterer(DiarizerOptions options, SpeakerBounds speakers) {
    return (outputs, activePairs) ->
        options.clusteringInMode().cluster(outputs.embeddings(), activePairs, speakers);
  }

  private Diarization diarize(
      AudioSource audio, SpeakerBounds speakers, StageListener listener, Clusterer clusterer)
      throws IOException {
    NetworkPool.Networks networks;
    try {
      networks = pool.take();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw cancelled(audio.uri(), e);
    }
    try {
      return run(networks, audio, speakers, event -> hand(event, audio, listener), clusterer);
    } catch (IOException e) {
      throw orCancelled(audio.uri(), e);
    } finally {
      pool.giveBack(networks);
    }
  }

  private static void hand(StageEvent event, AudioSource audio, StageListener listener) {
    if (Thread.currentThread().isInterrupted()) {
      throw cancelled(audio.uri(), null);
    }
    listener.on(event);
  }

  /**
   * @return {@code failure}
   * @throws CancellationException if an interrupt of this thread is what made reading fail
   */
  private static IOException orCancelled(String uri, IOException failure) {
    if (Thread.currentThread().isInterrupted()) {
      throw cancelled(uri, failure);
    }
    return failure;
  }

  private static CancellationException cancelled(String uri, Exception cause) {
    CancellationException cancelled =
        new CancellationException(uri + ": cancelled, as its thread was interrupted");
    cancelled.initCause(cause);
    return cancelled;
  }

  private Diarization run(
      NetworkPool.Networks networks,
      AudioSource audio,
      SpeakerBounds speakers,
      StageListener listener,
      Clusterer clusterer)
      throws IOException {
    Segmenter segmenter = networks.segmenter();
    Segmentation segmentation = segmenter.segment(audio, listener);
    listener.on(new StageEvent.Segmented(segmentation));

    FrameCounts counts = SpeakerCount.of(segmentation);
    listener.on(new StageEvent.SpeakersCounted(counts));
    if (counts.max() == 0) {
      return Diarization.silent(audio.uri());
    }

    Embeddings embeddings =
        networks
            .embedder()
            .embed(
                audio,
                segmenter.chunks(audio.samples()),
                segmentation,
                options.embedding().excludeOverlap(),
                options.embedding().batchSize(),
                listener);
    listener.on(new StageEvent.Embedded(embeddings));

    NetworkOutputs outputs = new NetworkOutputs(audio.uri(), segmentation, embeddings);
    return resolve(outputs, options, speakers, listener, clusterer);
  }

  /**
   * Everything after the networks: clusters, speakers frame by frame, turns.
   *
   * @param options of the mode, the clustering and the binarisation; the others play no part
   * @throws IllegalArgumentException if an embedding to be clustered is zero or infinite, or the
   *     linkage method needs more memory than there is
   * @throws CancellationException if this thread is interrupted; it stays so
   */
  public static Diarization resolve(
      NetworkOutputs outputs,
      DiarizerOptions options,
      SpeakerBounds speakers,
      StageListener listener) {
    return resolve(outputs, options, speakers, listener, clusterer(options, speakers));
  }

  private static Diarization resolve(
      NetworkOutputs outputs,
      DiarizerOptions options,
      SpeakerBounds speakers,
      StageListener listener,
      Clusterer clusterer) {
    Segmentation segmentation = outputs.segmentation();
    BitSet activePairs = Masks.activePairs(segmentation);
    Clustering clustering;
    try {
      clustering = clusterer.cluster(outputs, activePairs);
    } catch (CancellationException e) {
      throw cancelled(outputs.uri(), e); // many threads work there, none of which knows the name
    }
    listener.on(new StageEvent.Clustered(clustering));

    int[] clusters = Assignment.withoutInactive(clustering.clusters(), activePairs);
    FrameCounts counts = SpeakerCount.of(segmentation).cappedAt(speakers.max());
    DiscreteDiarization discrete =
        Reconstruction.reconstruct(segmentation, clusters, counts, options.ties());
    listener.on(new StageEvent.Reconstructed(discrete));

    double minDurationOffSeconds = options.segmentation().minDurationOffSeconds();
    NamedSpeakers named =
        clusterer.name(outputs.uri(), new Binarize(0, minDurationOffSeconds).annotate(discrete));
    Annotation exclusive =
        Reconstruction.exclusive(
            segmentation, clusters, counts, options.ties(), minDurationOffSeconds);
    List<String> warnings = new ArrayList<>(clustering.notices());
    clustering.boundsWarning(speakers).ifPresent(warnings::add);
    return new Diarization(
        outputs.uri(),
        named.annotation().turns(),
        named.name(exclusive).turns(),
        named.embeddings(clustering.centroids(), outputs.embeddings().dimension()),
        warnings);
  }

  /** Waits for the recordings that run. A second call does nothing. */
  @Override
  public void close() {
    pool.close();
  }
}
