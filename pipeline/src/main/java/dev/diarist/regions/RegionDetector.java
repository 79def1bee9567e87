package dev.diarist.regions;

import dev.diarist.DiarizerOptions;
import dev.diarist.StageEvent;
import dev.diarist.StageListener;
import dev.diarist.annotation.Annotation;
import dev.diarist.audio.AudioSource;
import dev.diarist.nn.backend.Backends;
import dev.diarist.nn.backend.Execution;
import dev.diarist.nn.model.Powerset;
import dev.diarist.nn.weights.Weights;
import dev.diarist.segmentation.Chunks;
import dev.diarist.segmentation.Segmentation;
import dev.diarist.segmentation.Segmenter;
import dev.diarist.weights.Architecture;
import dev.diarist.weights.Checkpoint;
import dev.diarist.weights.ModelFolder;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;

/**
 * What the segmentation network alone says of a recording: where there is speech, where several
 * speak at a time, and its scores as they are.
 *
 * <p>May be called from many threads; recordings then wait for each other.
 *
 * <p>Source: pyannote.audio 3.3.2, pipelines/voice_activity_detection.py,
 * overlapped_speech_detection.py and core/inference.py. Differs: the step from one chunk to the
 * next is that of the options also where a network has a warm-up, which pyannote takes for the
 * step.
 */
public final class RegionDetector implements AutoCloseable {
  /** The parameters of {@code config.yaml} that play a part. */
  public static final Set<String> PARAMETERS =
      Set.of("segmentation_step", "segmentation_batch_size", "segmentation.threshold");

  private final Segmenter segmenter;
  private final ReentrantLock running = new ReentrantLock();
  private boolean closed; // guarded by running

  private RegionDetector(Weights segmentation, DiarizerOptions options) {
    segmenter =
        new Segmenter(
            segmentation,
            options.segmentation().stepRatio(),
            options.segmentation().threshold(),
            Backends.choose(options.backend()),
            new Execution(options.threads(), options.segmentation().batchSize()));
  }

  /**
   * The segmentation network of a pipeline's folder, or of a checkpoint of its own.
   *
   * @param overrides changes what {@code config.yaml} says, or the defaults where there is none;
   *     {@link #PARAMETERS}, backend and threads play a part
   * @throws IOException if the model cannot be read or is something else
   * @throws IllegalArgumentException if a parameter is unknown or out of range
   */
  public static RegionDetector open(Path model, UnaryOperator<DiarizerOptions> overrides)
      throws IOException {
    if (Files.isRegularFile(model)) {
      Weights weights = Checkpoint.read(model);
      Architecture found = Architecture.of(weights, model.toString());
      if (found != Architecture.PYANNET) {
        throw new IOException(
            "%s: the segmentation model must be a %s, found a %s"
                .formatted(model, Architecture.PYANNET.className(), found.className()));
      }
      found.check(weights, model.toString());
      return new RegionDetector(weights, overrides.apply(DiarizerOptions.defaults()));
    }
    ModelFolder folder = ModelFolder.open(model);
    DiarizerOptions configured;
    try {
      configured = DiarizerOptions.of(folder.config());
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(model.resolve("config.yaml") + ": " + e.getMessage(), e);
    }
    return new RegionDetector(folder.segmentation(), overrides.apply(configured));
  }

  /**
   * The regions of a recording, all with the label of {@code region}; none is an empty annotation.
   *
   * @param thresholds where regions begin and end
   * @param minDurationOnSeconds shorter regions are dropped, last
   * @param minDurationOffSeconds shorter gaps between regions are filled, first
   * @param listener sees the segmentation
   * @throws IOException if the audio cannot be read
   * @throws IllegalArgumentException if a duration is negative or not finite
   * @throws IllegalStateException if this detector is closed
   */
  public Annotation detect(
      AudioSource audio,
      Region region,
      Thresholds thresholds,
      double minDurationOnSeconds,
      double minDurationOffSeconds,
      StageListener listener)
      throws IOException {
    return alone(
        () ->
            scores(segment(audio, listener), audio.samples(), region)
                .regions(thresholds, minDurationOnSeconds, minDurationOffSeconds));
  }

  /**
   * Writes the scores of a recording.
   *
   * @param out receives the scores and stays open
   * @throws IOException if the audio cannot be read or the scores cannot be written
   * @throws IllegalArgumentException if log-probabilities are asked for and the network gives none
   * @throws IllegalStateException if this detector is closed
   */
  public void writeScores(
      AudioSource audio,
      ScoreKind kind,
      ScoreFormat format,
      OutputStream out,
      StageListener listener)
      throws IOException {
    alone(
        () -> {
          switch (kind) {
            case MULTILABEL -> writeMultilabel(audio, format, out, listener);
            case LOG_PROBABILITIES -> writeLogProbabilities(audio, format, out, listener);
            case SPEECH -> writeRegionScores(audio, Region.SPEECH, format, out, listener);
            case OVERLAP -> writeRegionScores(audio, Region.OVERLAP, format, out, listener);
          }
          return null;
        });
  }

  private Segmentation segment(AudioSource audio, StageListener listener) throws IOException {
    Segmentation segmentation = segmenter.segment(audio, listener);
    listener.on(new StageEvent.Segmented(segmentation));
    return segmentation;
  }

  /** Where a padded chunk was added, the frames past the end of the recording are not its own. */
  private RegionScores scores(Segmentation segmentation, long samples, Region region) {
    Chunks chunks = segmenter.chunks(samples);
    RegionScores scores = RegionScores.of(segmentation, region, segmenter.warmUp());
    return chunks.paddedLast() ? scores.until(samples / (double) AudioSource.SAMPLE_RATE) : scores;
  }

  private void writeMultilabel(
      AudioSource audio, ScoreFormat format, OutputStream out, StageListener listener)
      throws IOException {
    Segmentation segmentation = segment(audio, listener);
    int speakers = segmentation.localSpeakers();
    ScoreWriter writer = format.open(out, layout(audio, speakerNames(speakers)));
    float[] chunk = new float[segmentation.frames() * speakers];
    for (int c = 0; c < segmentation.chunks(); c++) {
      for (int f = 0; f < segmentation.frames(); f++) {
        for (int s = 0; s < speakers; s++) {
          chunk[f * speakers + s] = segmentation.score(c, f, s);
        }
      }
      writer.write(chunk);
    }
    writer.finish();
  }

  private void writeLogProbabilities(
      AudioSource audio, ScoreFormat format, OutputStream out, StageListener listener)
      throws IOException {
    if (!(segmenter.classes() instanceof Powerset powerset)) {
      throw new IllegalArgumentException(
          "log-probabilities are those of sets of speakers, of which this network has none");
    }
    ScoreWriter writer = format.open(out, layout(audio, classNames(powerset)));
    StageListener writing =
        event -> {
          listener.on(event);
          if (event instanceof StageEvent.ChunksScored scored) {
            try {
              writer.write(scored.scores());
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          }
        };
    try {
      segment(audio, writing);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    writer.finish();
  }

  private void writeRegionScores(
      AudioSource audio,
      Region region,
      ScoreFormat format,
      OutputStream out,
      StageListener listener)
      throws IOException {
    RegionScores scores = scores(segment(audio, listener), audio.samples(), region);
    ScoreLayout layout =
        new ScoreLayout(
            audio.uri(), 0, scores.scores().length, List.of(region.label()), null, scores.window());
    ScoreWriter writer = format.open(out, layout);
    writer.write(scores.scores());
    writer.finish();
  }

  private ScoreLayout layout(AudioSource audio, List<String> classes) {
    return new ScoreLayout(
        audio.uri(),
        segmenter.chunks(audio.samples()).count(),
        segmenter.framesPerChunk(),
        classes,
        segmenter.chunkWindow(),
        segmenter.frameWindow());
  }

  private static List<String> speakerNames(int speakers) {
    List<String> names = new ArrayList<>();
    for (int s = 1; s <= speakers; s++) {
      names.add("speaker#" + s);
    }
    return names;
  }

  /** {@code nobody}, {@code speaker#1}, …, {@code speaker#1+speaker#2}, …. */
  private static List<String> classNames(Powerset powerset) {
    List<String> speakers = speakerNames(powerset.speakers());
    List<String> names = new ArrayList<>();
    for (int p = 0; p < powerset.classes(); p++) {
      List<String> set = new ArrayList<>();
      for (int s = 0; s < speakers.size(); s++) {
        if ((powerset.set(p) >> s & 1) != 0) {
          set.add(speakers.get(s));
        }
      }
      names.add(set.isEmpty() ? "nobody" : String.join("+", set));
    }
    return names;
  }

  @FunctionalInterface
  private interface Work<T> {
    T run() throws IOException;
  }

  private <T> T alone(Work<T> work) throws IOException {
    running.lock();
    try {
      if (closed) {
        throw new IllegalStateException("the detector is closed");
      }
      return work.run();
    } finally {
      running.unlock();
    }
  }

  @Override
  public void close() {
    running.lock();
    try {
      if (!closed) {
        closed = true;
        segmenter.close();
      }
    } finally {
      running.unlock();
    }
  }
}
