package dev.diarist.segmentation;

import dev.diarist.StageEvent;
import dev.diarist.StageListener;
import dev.diarist.audio.AudioException;
import dev.diarist.audio.AudioSource;
import dev.diarist.nn.backend.Backend;
import dev.diarist.nn.backend.Execution;
import dev.diarist.nn.backend.Program;
import dev.diarist.nn.model.Powerset;
import dev.diarist.nn.model.PyanNet;
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
  private final Program program;
  private final SlidingWindow chunkWindow;
  private final SlidingWindow frameWindow;

  /**
   * @param stepRatio step from one chunk to the next, in chunk durations
   * @throws IllegalArgumentException if the network is not made for 16 kHz
   */
  public Segmenter(Weights weights, double stepRatio, Backend backend, Execution execution) {
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

  /** The classes of the network. */
  public Powerset powerset() {
    return network.powerset();
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
    return network.powerset().speakers();
  }

  /** F. */
  public int framesPerChunk() {
    return program.graph().output().shape().dimension(0);
  }

  /**
   * The local speakers of every chunk: those of the most probable class of each frame.
   *
   * @throws IOException if the audio cannot be read or is longer than a thousand hours
   */
  public Segmentation segment(AudioSource audio, StageListener listener) throws IOException {
    Chunks chunks = chunks(audio.samples());
    Powerset powerset = network.powerset();
    int frames = framesPerChunk();
    if ((long) chunks.count() * frames > MAX_FRAMES) {
      throw new AudioException(
          "%s: must have at most %d frames of all its chunks together, has %d chunks of %d"
              .formatted(audio.uri(), MAX_FRAMES, chunks.count(), frames));
    }
    byte[] active = new byte[chunks.count() * frames];
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
      float[] logProbabilities = program.run(batch, waveforms);
      powerset.toMultilabel(logProbabilities, 0, batch * frames, active, first * frames);
      listener.on(new StageEvent.ChunksScored(first, batch, logProbabilities));
      int completed = first < chunks.full() ? first + program.batch() : chunks.count();
      listener.on(new StageEvent.Progress("segmentation", completed, chunks.count()));
      first += batch;
    }
    return new Segmentation(
        chunks.count(), frames, powerset.speakers(), active, chunkWindow, frameWindow);
  }

  @Override
  public void close() {
    program.close();
  }
}
