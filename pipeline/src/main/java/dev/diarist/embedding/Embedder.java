package dev.diarist.embedding;

import dev.diarist.Mode;
import dev.diarist.StageEvent;
import dev.diarist.StageListener;
import dev.diarist.audio.AudioSource;
import dev.diarist.nn.backend.Backend;
import dev.diarist.nn.backend.Execution;
import dev.diarist.nn.backend.Program;
import dev.diarist.nn.graph.Graph;
import dev.diarist.nn.model.WeSpeakerResNet34;
import dev.diarist.nn.signal.Fbank;
import dev.diarist.nn.weights.Weights;
import dev.diarist.segmentation.Chunks;
import dev.diarist.segmentation.Segmentation;
import java.io.IOException;
import java.util.Arrays;
import java.util.BitSet;

/**
 * Runs the embedding network: once over each chunk, or in {@link Mode#FAST} once over blocks that
 * chunks share, pooled once for each local speaker of a chunk.
 *
 * <p>The reference runs the whole network again for each local speaker; what precedes the pooling
 * does not depend on the mask, so the result is the same function.
 *
 * <p>Source: {@code SpeakerDiarization.get_embeddings} of pyannote.audio 3.3.2.
 */
public final class Embedder implements AutoCloseable {
  private final WeSpeakerResNet34 network;
  private final Fbank fbank;
  private final Program program;

  /** Runs before the program; null where the program is the whole network. */
  private final SharedTrunk trunk;

  /** Floats that the program reads of a chunk, besides the masks. */
  private final int inputFloats;

  private final int maskFrames;
  private final int localSpeakers;

  /** The embedding of a mask in which no frame is set: the bias of the last layer. */
  private final float[] silence;

  /**
   * @param maskFrames F
   * @param localSpeakers S
   * @param mode whether each chunk is heard by itself
   * @throws IllegalArgumentException if the network is not made for 16 kHz
   */
  public Embedder(
      Weights weights,
      int chunkSamples,
      int maskFrames,
      int localSpeakers,
      Mode mode,
      Backend backend,
      int threads) {
    network = WeSpeakerResNet34.of(weights);
    if (network.sampleRate() != AudioSource.SAMPLE_RATE) {
      throw new IllegalArgumentException(
          "the embedding network must be made for %d Hz, got %d"
              .formatted(AudioSource.SAMPLE_RATE, network.sampleRate()));
    }
    this.maskFrames = maskFrames;
    this.localSpeakers = localSpeakers;
    fbank = new Fbank(network.sampleRate(), network.melBins(), threads);
    int fbankFrames = fbank.frames(chunkSamples);
    Graph graph;
    if (mode == Mode.FAST) {
      int blockFrames = Math.max(SharedTrunk.BLOCK_FRAMES, fbankFrames);
      trunk = new SharedTrunk(network, fbank, blockFrames, weights, backend, threads);
      int frames = trunk.framesOf(fbankFrames);
      graph = network.head(trunk.rows(), frames, localSpeakers, maskFrames);
    } else {
      trunk = null;
      graph = network.graph(fbankFrames, localSpeakers, maskFrames);
    }
    inputFloats = graph.inputs().getFirst().shape().size();
    program =
        backend.compile(graph, weights, new Execution(threads, backend.preferredBatch(threads)));
    silence = weights.floats("resnet.seg_1.bias");
  }

  private Embedder(Embedder first) {
    network = first.network;
    fbank = first.fbank;
    program = first.program.fork();
    trunk = first.trunk == null ? null : first.trunk.fork();
    inputFloats = first.inputFloats;
    maskFrames = first.maskFrames;
    localSpeakers = first.localSpeakers;
    silence = first.silence;
  }

  /** Another one for another thread, which shares weights and threads: {@link Program#fork}. */
  public Embedder fork() {
    return new Embedder(this);
  }

  /**
   * The embeddings of all local speakers. Chunks in which nobody speaks do not run.
   *
   * @param excludeOverlap whether frames with several speakers are left out where enough others
   *     remain
   * @param progressPairs pairs of chunk and local speaker that count as one step of progress
   * @throws IOException if the audio cannot be read
   */
  public Embeddings embed(
      AudioSource audio,
      Chunks chunks,
      Segmentation segmentation,
      boolean excludeOverlap,
      int progressPairs,
      StageListener listener)
      throws IOException {
    int minCleanFrames =
        Masks.minCleanFrames(
            maskFrames,
            fbank.frameSamples(), // the shortest input that makes a frame
            segmentation.chunkWindow().durationSeconds(),
            network.sampleRate());
    int pairs = chunks.count() * localSpeakers;
    BitSet active = Masks.activePairs(segmentation);
    float[][] rows = new float[pairs][];
    Arrays.fill(rows, silence);

    Progress progress = new Progress(pairs, progressPairs, listener);
    ChunkInputs inputs =
        trunk == null
            ? new ChunkFeatures(audio, segmentation.chunkWindow(), fbank)
            : trunk.over(audio, segmentation);
    Batch batch = new Batch();
    for (int c = 0; c < chunks.count(); c++) {
      int next = active.nextSetBit(c * localSpeakers);
      if (next >= 0 && next < (c + 1) * localSpeakers) {
        inputs.read(c, batch.inputs, batch.size * inputFloats);
        batch.add(c, masks(segmentation, c, excludeOverlap, minCleanFrames));
      }
      if (batch.size == program.batch() || c == chunks.count() - 1) {
        batch.run(active, rows);
        progress.completed((c + 1) * localSpeakers);
      }
    }
    return new Embeddings(chunks.count(), localSpeakers, network.dimension(), rows);
  }

  /** (S, F) masks of the local speakers of one chunk. */
  private float[] masks(
      Segmentation segmentation, int chunk, boolean excludeOverlap, int minCleanFrames) {
    float[] masks = new float[localSpeakers * maskFrames];
    for (int s = 0; s < localSpeakers; s++) {
      float[] mask =
          excludeOverlap
              ? Masks.cleanOrFull(segmentation, chunk, s, minCleanFrames)
              : Masks.full(segmentation, chunk, s);
      System.arraycopy(mask, 0, masks, s * maskFrames, maskFrames);
    }
    return masks;
  }

  /** The chunks of the next run. */
  private final class Batch {
    private final int[] chunks = new int[program.batch()];
    private final float[] inputs = new float[program.batch() * inputFloats];
    private final float[] weights = new float[program.batch() * localSpeakers * maskFrames];
    private int size;

    /** Adds a chunk whose row of {@link #inputs} is filled. */
    void add(int chunk, float[] masks) {
      System.arraycopy(masks, 0, weights, size * masks.length, masks.length);
      chunks[size++] = chunk;
    }

    /** Embeds what was added, into the rows of the active pairs, and starts anew. */
    void run(BitSet active, float[][] rows) {
      if (size == 0) {
        return;
      }
      int dimension = network.dimension();
      float[] embedded = program.run(size, inputs, weights); // (size, S, D)
      for (int b = 0; b < size; b++) {
        for (int s = 0; s < localSpeakers; s++) {
          int pair = chunks[b] * localSpeakers + s;
          if (active.get(pair)) {
            int from = (b * localSpeakers + s) * dimension;
            rows[pair] = Arrays.copyOfRange(embedded, from, from + dimension);
          }
        }
      }
      size = 0;
    }
  }

  /** Counts pairs in batches, the last of which may be short. */
  private static final class Progress {
    private final int pairs;
    private final int batch;
    private final StageListener listener;
    private int reported;

    Progress(int pairs, int batch, StageListener listener) {
      this.pairs = pairs;
      this.batch = batch;
      this.listener = listener;
      report(0);
    }

    void completed(int done) {
      int batches = done == pairs ? total() : done / batch;
      while (reported < batches) {
        report(reported + 1);
      }
    }

    private int total() {
      return Math.ceilDiv(pairs, batch);
    }

    private void report(int batches) {
      reported = batches;
      listener.on(new StageEvent.Progress("embeddings", batches, total()));
    }
  }

  @Override
  public void close() {
    program.close();
    if (trunk != null) {
      trunk.close();
    }
  }
}
