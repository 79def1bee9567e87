package dev.diarist.segmentation;

import dev.diarist.StageEvent;
import dev.diarist.StageListener;
import dev.diarist.audio.AudioException;
import dev.diarist.audio.AudioSource;
import dev.diarist.nn.backend.Backend;
import dev.diarist.nn.backend.Execution;
import dev.diarist.nn.backend.Program;
import dev.diarist.nn.model.Multilabel;
import dev.diarist.nn.model.Powerset;
import dev.diarist.nn.model.PyanNet;
import dev.diarist.nn.model.SpeakerClasses;
import dev.diarist.nn.weights.Weights;
import java.io.IOException;

/**
 * Runs the segmentation network over the chunks of a recording.
 *
 * <p>Source: pyannote.audio 3.3.2, core/inference.py.
 */
public final class Segmenter implements AutoCloseable {
  /** What an array holds: 1,000 hours of chunks a second apart. */
  private static final int MAX_FRAMES = Integer.MAX_VALUE - 8;

  private final PyanNet network;
  private final double threshold;
  private final Program program;
  private final SlidingWindow chunkWindow;
  private final SlidingWindow frameWindow;

  /**
   * @param stepRatio step from one chunk to the next, in chunk durations
   * @param threshold above which a probability means that somebody speaks, where the network gives
   *     one for each speaker
   * @throws IllegalArgumentException if the network is not made for 16 kHz
   */
  public Segmenter(
      Weights weights, double stepRatio, double threshold, Backend backend, Execution execution) {
    this.threshold = threshold;
    network = PyanNet.of(weights);
    if (network.sampleRate() != AudioSource.SAMPLE_RATE) {
      throw new IllegalArgumentException(
          "the segmentation network must be made for %d Hz, got %d"
              .formatted(AudioSource.SAMPLE_RATE, network.sampleRate()));
    }
    double seconds = network.chunkSeconds();
    double rate = network.sampleRate();
    chunkWindow = new SlidingWindow(0, seconds, stepRatio * seconds);
    frameWindow =
        new SlidingWindow(
            0, network.receptiveFieldSamples() / rate, network.frameStepSamples() / rate);
    program = backend.compile(network.graph(network.chunkSamples()), weights, execution);
  }

  private Segmenter(Segmenter first) {
    network = first.network;
    threshold = first.threshold;
    chunkWindow = first.chunkWindow;
    frameWindow = first.frameWindow;
    program = first.program.fork();
  }

  /** Another one for another thread, which shares weights and threads: {@link Program#fork}. */
  public Segmenter fork() {
    return new Segmenter(this);
  }

  /** How a recording of {@code samples} samples is cut. */
  public Chunks chunks(long samples) {
    return Chunks.of(
        samples, chunkWindow.durationSeconds(), chunkWindow.stepSeconds(), network.sampleRate());
  }

  public int chunkSamples() {
    return network.chunkSamples();
  }

  /** What the outputs of the network stand for. */
  public SpeakerClasses classes() {
    return network.classes();
  }

  /** The parts of a chunk that count for nothing where chunks are averaged. */
  public PyanNet.WarmUp warmUp() {
    return network.warmUp();
  }

  /** The chunks in the file. */
  public SlidingWindow chunkWindow() {
    return chunkWindow;
  }

  /** The frames in a chunk, counted from its start. */
  public SlidingWindow frameWindow() {
    return frameWindow;
  }

  /** S. */
  public int localSpeakers() {
    return network.classes().speakers();
  }

  /** F. */
  public int framesPerChunk() {
    return program.graph().output().shape().dimension(0);
  }

  /**
   * The local speakers of every chunk: those of the most probable class of each frame, or those
   * whose probabilities rise above the threshold.
   *
   * @throws IOException if the audio cannot be read or is longer than a thousand hours
   */
  public Segmentation segment(AudioSource audio, StageListener listener) throws IOException {
    Chunks chunks = chunks(audio.samples());
    SpeakerClasses classes = network.classes();
    int frames = framesPerChunk();
    if ((long) chunks.count() * frames > MAX_FRAMES) {
      throw new AudioException(
          "%s: must have at most %d frames of all its chunks together, has %d chunks of %d"
              .formatted(audio.uri(), MAX_FRAMES, chunks.count(), frames));
    }
    byte[] active = new byte[chunks.count() * frames];
    float[] probabilities =
        switch (classes) {
          case Powerset powerset -> null;
          case Multilabel multilabel ->
              new float[Math.multiplyExact(active.length, multilabel.speakers())];
        };
    float[] waveforms =
        new float[Math.min(program.batch(), chunks.count()) * chunks.windowSamples()];

    listener.on(new StageEvent.Progress("segmentation", 0, chunks.count()));
    for (int first = 0; first < chunks.count(); ) {
      // The padded chunk runs alone, as the reference runs it, so that progress is the same.
      int end = first < chunks.full() ? chunks.full() : chunks.count();
      int batch = Math.min(program.batch(), end - first);
      for (int b = 0; b < batch; b++) {
        audio.read(
            chunks.firstSample(first + b),
            chunks.windowSamples(),
            waveforms,
            b * chunks.windowSamples());
      }
      float[] scores = program.run(batch, waveforms);
      switch (classes) {
        case Powerset powerset ->
            powerset.toMultilabel(scores, 0, batch * frames, active, first * frames);
        case Multilabel multilabel -> {
          int row = frames * multilabel.speakers();
          for (int b = 0; b < batch; b++) {
            int to = (first + b) * frames;
            multilabel.threshold(scores, b * row, frames, threshold, active, to);
          }
          System.arraycopy(scores, 0, probabilities, first * row, batch * row);
        }
      }
      listener.on(new StageEvent.ChunksScored(first, batch, scores));
      int completed = first < chunks.full() ? first + program.batch() : chunks.count();
      listener.on(new StageEvent.Progress("segmentation", completed, chunks.count()));
      first += batch;
    }
    return new Segmentation(
        chunks.count(),
        frames,
        classes.speakers(),
        active,
        probabilities,
        chunkWindow,
        frameWindow);
  }

  @Override
  public void close() {
    program.close();
  }
}
