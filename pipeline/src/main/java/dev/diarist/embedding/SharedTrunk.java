package dev.diarist.embedding;

import dev.diarist.audio.AudioSource;
import dev.diarist.nn.backend.Backend;
import dev.diarist.nn.backend.Execution;
import dev.diarist.nn.backend.Program;
import dev.diarist.nn.graph.Op;
import dev.diarist.nn.model.WeSpeakerResNet34;
import dev.diarist.nn.signal.Fbank;
import dev.diarist.nn.weights.Weights;
import dev.diarist.segmentation.Segmentation;
import dev.diarist.segmentation.SlidingWindow;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.BitSet;

/**
 * The trunk of the embedding network, run once over long blocks that all chunks share, in place of
 * once over each chunk.
 *
 * <p>Blocks overlap by what the trunk's convolutions reach, so that no result depends on where a
 * block ends. What no chunk hears, because nobody speaks in it, is 0. Two things differ from a
 * chunk by itself: the features of a frame are centered over the window of a chunk's length around
 * it, and beyond the chunk's ends the trunk hears what is there in place of zeros.
 *
 * <p>Letters: {@code T} fbank frames of a block with what it overlaps, {@code M} mel bins, {@code
 * R} rows of the trunk's output, {@code J} its frames in a chunk, {@code K} its frames in a block.
 */
final class SharedTrunk implements AutoCloseable {
  /**
   * Fbank frames of a block, 19 s: a longer one overlaps less and takes more memory, 62 KB a frame
   * for 32 channels.
   */
  static final int BLOCK_FRAMES = 1856;

  private final Fbank fbank;
  private final Program program;
  private final int step;
  private final int margin;
  private final int blockFrames;
  private final int rows;

  /**
   * @param blockFrames fbank frames of a block, rounded up to whole Winograd tiles of the last
   *     stage
   */
  SharedTrunk(
      WeSpeakerResNet34 network,
      Fbank fbank,
      int blockFrames,
      Weights weights,
      Backend backend,
      int threads) {
    this.fbank = fbank;
    step = network.stepFrames();
    int whole = 4 * step; // then each output lies at the same place of a tile in every block
    margin = Math.ceilDiv(network.reachFrames(), whole) * whole;
    this.blockFrames = Math.ceilDiv(blockFrames, whole) * whole;
    program =
        backend.compile(
            network.weighedTrunk(this.blockFrames + 2 * margin),
            weights,
            new Execution(threads, 1));
    rows = program.graph().output().shape().dimension(0);
  }

  private SharedTrunk(SharedTrunk first) {
    fbank = first.fbank;
    program = first.program.fork();
    step = first.step;
    margin = first.margin;
    blockFrames = first.blockFrames;
    rows = first.rows;
  }

  /** Another one for another thread: {@link Program#fork}. */
  SharedTrunk fork() {
    return new SharedTrunk(this);
  }

  /** R. */
  int rows() {
    return rows;
  }

  /** J, for a chunk of that many fbank frames. */
  int framesOf(int fbankFrames) {
    return Math.ceilDiv(fbankFrames, step);
  }

  /**
   * The trunk's output for the chunks of one recording, (R, J) each; 0 where nobody is active in
   * any chunk.
   */
  ChunkInputs over(AudioSource audio, Segmentation segmentation) {
    return new Stream(audio, segmentation);
  }

  @Override
  public void close() {
    program.close();
  }

  /** The blocks that the chunk asked for last lies in. */
  private final class Stream implements ChunkInputs {
    private final AudioSource audio;
    private final SlidingWindow window;

    /** Fbank frames of a chunk, which are also those that a frame is centered over. */
    private final int chunkFrames;

    /** Fbank frames of the recording, to the end of its last chunk. */
    private final long totalFrames;

    /** Frames of the trunk's output in which somebody is active in some chunk. */
    private final BitSet heard;

    private final ArrayDeque<Block> blocks = new ArrayDeque<>();
    private final float[] centered = new float[(blockFrames + 2 * margin) * fbank.melBins()];

    Stream(AudioSource audio, Segmentation segmentation) {
      this.audio = audio;
      window = segmentation.chunkWindow();
      chunkFrames =
          fbank.frames((int) Math.floor(window.durationSeconds() * AudioSource.SAMPLE_RATE));
      totalFrames = firstFrame(segmentation.chunks() - 1) + chunkFrames;
      heard = heard(segmentation);
    }

    private BitSet heard(Segmentation segmentation) {
      int frames = framesOf(chunkFrames);
      BitSet heard = new BitSet();
      for (int c = 0; c < segmentation.chunks(); c++) {
        int start = firstTrunkFrame(c);
        for (int j = 0; j < frames; j++) {
          int frame = Op.StatsPool.nearest(j, frames, segmentation.frames());
          if (segmentation.active()[c * segmentation.frames() + frame] != 0) {
            heard.set(start + j);
          }
        }
      }
      return heard;
    }

    /** The frame of the trunk's output at which a chunk begins. */
    private int firstTrunkFrame(int chunk) {
      return (int) Math.round((double) firstFrame(chunk) / step);
    }

    private long firstFrame(int chunk) {
      double seconds = window.segment(chunk).startSeconds();
      return Math.round(seconds * AudioSource.SAMPLE_RATE / fbank.stepSamples());
    }

    @Override
    public void read(int chunk, float[] target, int offset) throws IOException {
      int perBlock = blockFrames / step; // K
      int frames = framesOf(chunkFrames); // J
      int start = firstTrunkFrame(chunk);
      while (!blocks.isEmpty() && blocks.peekFirst().number < start / perBlock) {
        blocks.removeFirst();
      }
      for (int j = 0; j < frames; ) {
        Block block = block((start + j) / perBlock);
        int from = (start + j) % perBlock;
        int count = Math.min(frames - j, perBlock - from);
        for (int r = 0; r < rows; r++) {
          int source = r * block.stride + block.lead + from; // block.output[r,from]
          System.arraycopy(block.output, source, target, offset + r * frames + j, count);
        }
        j += count;
      }
    }

    private Block block(long number) throws IOException {
      for (Block block : blocks) {
        if (block.number == number) {
          return block;
        }
      }
      Block block = compute(number);
      blocks.addLast(block);
      return block;
    }

    private Block compute(long number) throws IOException {
      // The first block begins where the recording does, so that both see the same zeros before it.
      long first = Math.max(0, number * blockFrames - margin);
      int lead = (int) (number * blockFrames - first) / step;
      float[] weights = new float[framesOf(blockFrames + 2 * margin)];
      int perBlock = blockFrames / step; // K
      int start = (int) number * perBlock;
      BitSet own = heard.get(start, start + perBlock);
      if (own.isEmpty()) {
        return new Block(number, new float[rows * weights.length], weights.length, lead);
      }
      own.stream().forEach(k -> weights[lead + k] = 1);
      center(first);
      float[] output = program.run(1, centered, weights);
      return new Block(number, output, weights.length, lead);
    }

    /**
     * Fills {@link #centered} with the features (T, M) from frame {@code first} on, each less the
     * mean over a chunk's length around it; 0 past the end of the recording.
     */
    private void center(long first) throws IOException {
      int mels = fbank.melBins();
      int frames = centered.length / mels;
      int present = (int) Math.min(frames, totalFrames - first);
      long windowStart = windowStart(first);
      int span = (int) (windowStart(first + present - 1) - windowStart) + chunkFrames;
      float[] features = features(windowStart, span);
      for (int m = 0; m < mels; m++) {
        double sum = 0;
        for (int f = 0; f < chunkFrames; f++) {
          sum += features[f * mels + m];
        }
        int from = 0; // where the window of the frame begins
        for (int t = 0; t < frames; t++) {
          if (t >= present) {
            centered[t * mels + m] = 0;
            continue;
          }
          for (int due = (int) (windowStart(first + t) - windowStart); from < due; from++) {
            sum += features[(from + chunkFrames) * mels + m] - features[from * mels + m];
          }
          int row = (int) (first + t - windowStart); // features[row,:]
          centered[t * mels + m] = (float) (features[row * mels + m] - sum / chunkFrames);
        }
      }
    }

    /** Where the window around a frame begins, inside the recording. */
    private long windowStart(long frame) {
      return Math.clamp(frame - chunkFrames / 2, 0, totalFrames - chunkFrames);
    }

    private float[] features(long firstFrame, int frames) throws IOException {
      int samples = (frames - 1) * fbank.stepSamples() + fbank.frameSamples();
      float[] waveform = new float[samples];
      audio.read(firstFrame * fbank.stepSamples(), samples, waveform, 0);
      float[] features = new float[frames * fbank.melBins()];
      fbank.compute(waveform, 0, samples, features, 0);
      return features;
    }
  }

  /**
   * @param output (R, stride) of the program; the block's own frames begin at {@code lead}
   */
  private record Block(long number, float[] output, int stride, int lead) {}
}
