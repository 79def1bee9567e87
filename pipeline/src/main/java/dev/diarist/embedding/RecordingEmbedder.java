package dev.diarist.embedding;

import dev.diarist.audio.AudioException;
import dev.diarist.audio.AudioSource;
import dev.diarist.nn.backend.Backend;
import dev.diarist.nn.backend.Execution;
import dev.diarist.nn.backend.Program;
import dev.diarist.nn.model.WeSpeakerResNet34;
import dev.diarist.nn.signal.Fbank;
import dev.diarist.nn.weights.Weights;
import java.io.IOException;

/**
 * One embedding for a whole recording, silence included.
 *
 * <p>The network's trunk runs over blocks of {@value #BLOCK_FRAMES} fbank frames that overlap by
 * what it reaches, and mean and deviation are gathered over all of them, so that memory does not
 * grow with the recording. The result is that of one run over the whole, but for rounding.
 *
 * <p>Letters: {@code T} fbank frames of the recording, {@code M} mel bins, {@code R} rows of the
 * trunk's output, {@code J} its frames. Serves one thread at a time.
 *
 * <p>Source: {@code Inference(window="whole")} of pyannote.audio 3.3.2.
 */
public final class RecordingEmbedder implements AutoCloseable {
  /** Fbank frames of a block, 29 s, without what it overlaps; whole Winograd tiles. */
  static final int BLOCK_FRAMES = 2944;

  private final WeSpeakerResNet34 network;
  private final Weights weights;
  private final Backend backend;
  private final int threads;
  private final Fbank fbank;
  private final int margin;
  private final Program projection;
  private final int rows;

  /** For blocks that are not the last; null before the first long recording. */
  private Program inner;

  /**
   * @throws IllegalArgumentException if the network is not made for 16 kHz
   */
  public RecordingEmbedder(Weights weights, Backend backend, int threads) {
    network = WeSpeakerResNet34.of(weights);
    if (network.sampleRate() != AudioSource.SAMPLE_RATE) {
      throw new IllegalArgumentException(
          "the embedding network must be made for %d Hz, got %d"
              .formatted(AudioSource.SAMPLE_RATE, network.sampleRate()));
    }
    this.weights = weights;
    this.backend = backend;
    this.threads = threads;
    fbank = new Fbank(network.sampleRate(), network.melBins(), threads);
    int whole = 4 * network.stepFrames(); // each output at the same place of a Winograd tile
    margin = Math.ceilDiv(network.reachFrames(), whole) * whole;
    rows = network.trunk(whole).output().shape().dimension(0);
    projection = backend.compile(network.projection(rows), weights, new Execution(threads, 1));
  }

  /** D. */
  public int dimension() {
    return network.dimension();
  }

  /**
   * The embedding (D) of a recording.
   *
   * @throws AudioException if the audio cannot be read, or is shorter than two frames of the
   *     trunk's output, 0.105 s
   */
  public float[] embed(AudioSource audio) throws IOException {
    int shortest = fbank.frameSamples() + network.stepFrames() * fbank.stepSamples();
    if (audio.samples() < shortest) {
      throw new AudioException(
          "%s: must have at least %d samples at %d Hz for an embedding, has %d"
              .formatted(audio.uri(), shortest, AudioSource.SAMPLE_RATE, audio.samples()));
    }
    long frames = 1 + (audio.samples() - fbank.frameSamples()) / fbank.stepSamples(); // T
    float[] means = means(audio, frames);
    Statistics statistics = new Statistics(rows);
    long own = 0; // the first frame that no block has had
    for (; own + BLOCK_FRAMES + margin <= frames; own += BLOCK_FRAMES) {
      block(audio, own, BLOCK_FRAMES, innerLength(own), means, statistics);
    }
    long start = Math.max(0, own - margin);
    block(audio, own, (int) (frames - own), (int) (frames - start), means, statistics);
    return projection.run(1, statistics.meansAndDeviations());
  }

  /** The first block has no frames before it, and is as long as the others. */
  private int innerLength(long own) {
    return own == 0 ? BLOCK_FRAMES + margin : BLOCK_FRAMES + 2 * margin;
  }

  /** (M) means over all frames. */
  private float[] means(AudioSource audio, long frames) throws IOException {
    int mels = fbank.melBins();
    double[] sums = new double[mels];
    for (long first = 0; first < frames; first += BLOCK_FRAMES) {
      float[] features = features(audio, first, (int) Math.min(BLOCK_FRAMES, frames - first));
      for (int i = 0; i < features.length; i++) {
        sums[i % mels] += features[i];
      }
    }
    float[] means = new float[mels];
    for (int m = 0; m < mels; m++) {
      means[m] = (float) (sums[m] / frames);
    }
    return means;
  }

  /**
   * Adds what the trunk says of frames [{@code own}, {@code own} + {@code count}).
   *
   * @param length of the frames it is given, {@link #margin} before them included where there are
   */
  private void block(
      AudioSource audio, long own, int count, int length, float[] means, Statistics statistics)
      throws IOException {
    long first = Math.max(0, own - margin);
    float[] features = features(audio, first, length);
    for (int i = 0; i < features.length; i++) {
      features[i] -= means[i % means.length];
    }
    int step = network.stepFrames();
    int from = (int) (own - first) / step;
    int to = Math.ceilDiv((int) (own - first) + count, step);
    if (length == BLOCK_FRAMES + 2 * margin) {
      if (inner == null) {
        inner = compile(length);
      }
      statistics.add(inner.run(1, features), from, to);
      return;
    }
    try (Program program = compile(length)) {
      statistics.add(program.run(1, features), from, to);
    }
  }

  private Program compile(int frames) {
    return backend.compile(network.trunk(frames), weights, new Execution(threads, 1));
  }

  /** (frames, M), not centered. */
  private float[] features(AudioSource audio, long firstFrame, int frames) throws IOException {
    int samples = (frames - 1) * fbank.stepSamples() + fbank.frameSamples();
    float[] waveform = new float[samples];
    audio.read(firstFrame * fbank.stepSamples(), samples, waveform, 0);
    float[] features = new float[frames * fbank.melBins()];
    fbank.compute(waveform, 0, samples, features, 0);
    return features;
  }

  @Override
  public void close() {
    projection.close();
    if (inner != null) {
      inner.close();
    }
  }

  /** Mean and sum of squared differences of each row, block by block. */
  private static final class Statistics {
    private final int rows;
    private final double[] mean;
    private final double[] squares;
    private long frames; // J so far

    Statistics(int rows) {
      this.rows = rows;
      mean = new double[rows];
      squares = new double[rows];
    }

    /**
     * Source: T. Chan, G. Golub, R. LeVeque, "Updating formulae and a pairwise algorithm for
     * computing sample variances", 1979.
     *
     * @param output (R, stride) of the trunk, of which columns [from, to) are added
     */
    void add(float[] output, int from, int to) {
      int stride = output.length / rows;
      int count = to - from;
      for (int r = 0; r < rows; r++) {
        double sum = 0;
        for (int j = from; j < to; j++) {
          sum += output[r * stride + j];
        }
        double blockMean = sum / count;
        double blockSquares = 0;
        for (int j = from; j < to; j++) {
          double difference = output[r * stride + j] - blockMean;
          blockSquares += difference * difference;
        }
        double apart = blockMean - mean[r];
        double share = (double) count / (frames + count);
        mean[r] += apart * share;
        squares[r] += blockSquares + apart * apart * frames * share;
      }
      frames += count;
    }

    /** (2·R): the means, then the deviations of the unbiased variance. */
    float[] meansAndDeviations() {
      float[] statistics = new float[2 * rows];
      for (int r = 0; r < rows; r++) {
        statistics[r] = (float) mean[r];
        statistics[rows + r] = (float) Math.sqrt(squares[r] / (frames - 1));
      }
      return statistics;
    }
  }
}
