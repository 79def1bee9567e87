package dev.diarist.embedding;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.diarist.CountingAudio;
import dev.diarist.FixedBackend;
import dev.diarist.Mode;
import dev.diarist.ProgressNotes;
import dev.diarist.SmallModel;
import dev.diarist.StageListener;
import dev.diarist.nn.weights.Weights;
import dev.diarist.segmentation.Chunks;
import dev.diarist.segmentation.Segmentation;
import dev.diarist.segmentation.SlidingWindow;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EmbedderTest {
  private static final int FRAMES = 589;
  private static final int SPEAKERS = 3;
  private static final int DIMENSION = 256;

  private static Weights weights;

  private final FixedBackend backend = new FixedBackend(embeddings());

  @BeforeAll
  static void readWeights() throws IOException {
    weights = SmallModel.open().embedding();
  }

  /** The rows of 32 pairs are what pyannote reported for recordings of as many chunks. */
  @ParameterizedTest
  @CsvSource({
    "1, 32, 1, 0/1 1/1",
    "4, 32, 1, 0/1 1/1",
    "21, 32, 4, 0/2 1/2 2/2",
    "41, 32, 3, 0/4 1/4 2/4 3/4 4/4",
    "4, 5, 1, 0/3 1/3 2/3 3/3",
    "4, 5, 4, 0/3 1/3 2/3 3/3",
    "2, 1, 2, 0/6 1/6 2/6 3/6 4/6 5/6 6/6",
  })
  void progressCountsBatchesOfPairsWhateverTheThreads(
      int chunks, int pairs, int threads, String expected) throws IOException {
    ProgressNotes progress = new ProgressNotes("embeddings");
    byte[] active = new byte[chunks * FRAMES];
    active[0] = 1;
    embed(active, true, pairs, threads, progress);
    assertEquals(expected, progress.toString());
  }

  @Test
  void onlyChunksInWhichSomebodySpeaksRunAndTheOthersShareTheBias() throws IOException {
    byte[] active = new byte[3 * FRAMES];
    active[FRAMES + 7] = 0b010;
    Embeddings embeddings = embed(active, true, 32, 2, StageListener.NONE);

    assertEquals(1, backend.examples.size());
    float[] bias = weights.floats("resnet.seg_1.bias");
    for (int c = 0; c < 3; c++) {
      for (int s = 0; s < SPEAKERS; s++) {
        if (c == 1 && s == 1) {
          assertEquals(1f, embeddings.row(c, s)[0], "the second embedding of the network");
        } else {
          assertArrayEquals(bias, embeddings.row(c, s), "chunk " + c + ", local speaker " + s);
          assertSame(embeddings.row(0, 0), embeddings.row(c, s));
        }
      }
    }
  }

  @Test
  void overlapIsLeftOutOfAMaskWhereEnoughElseRemains() throws IOException {
    byte[] active = new byte[FRAMES];
    Arrays.fill(active, 0, 100, (byte) 0b001);
    Arrays.fill(active, 100, 200, (byte) 0b011);
    embed(active, true, 32, 1, StageListener.NONE);
    assertArrayEquals(ones(0, 100), mask(0, 0), "the first speaker has 100 frames alone");
    assertArrayEquals(ones(100, 200), mask(0, 1), "the second has none and keeps all");

    embed(active, false, 32, 1, StageListener.NONE);
    assertArrayEquals(ones(0, 200), mask(1, 0), "overlap is kept when asked for");
  }

  private Embeddings embed(
      byte[] active, boolean excludeOverlap, int pairs, int threads, StageListener listener)
      throws IOException {
    int chunks = active.length / FRAMES;
    Segmentation segmentation =
        new Segmentation(
            chunks,
            FRAMES,
            SPEAKERS,
            active,
            new SlidingWindow(0, 10, 1),
            new SlidingWindow(0, 0.0619375, 0.016875));
    try (Embedder embedder =
        new Embedder(weights, 160000, FRAMES, SPEAKERS, Mode.EXACT, backend, threads)) {
      return embedder.embed(
          new CountingAudio(160000 + 16000L * (chunks - 1)),
          new Chunks(160000, 16000, chunks, false),
          segmentation,
          excludeOverlap,
          pairs,
          listener);
    }
  }

  /** The mask of a local speaker, as the network was given it. */
  private float[] mask(int example, int localSpeaker) {
    return Arrays.copyOfRange(
        backend.examples.get(example)[1], localSpeaker * FRAMES, (localSpeaker + 1) * FRAMES);
  }

  private static float[] ones(int from, int to) {
    float[] mask = new float[FRAMES];
    Arrays.fill(mask, from, to, 1);
    return mask;
  }

  /** (S, D) in which every value is the number of its local speaker. */
  private static float[] embeddings() {
    float[] embeddings = new float[SPEAKERS * DIMENSION];
    for (int s = 0; s < SPEAKERS; s++) {
      Arrays.fill(embeddings, s * DIMENSION, (s + 1) * DIMENSION, s);
    }
    return embeddings;
  }
}
