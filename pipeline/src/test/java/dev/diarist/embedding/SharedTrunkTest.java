package dev.diarist.embedding;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.diarist.SmallModel;
import dev.diarist.audio.AudioSource;
import dev.diarist.audio.Recording;
import dev.diarist.nn.backend.Backends;
import dev.diarist.nn.backend.Execution;
import dev.diarist.nn.backend.Program;
import dev.diarist.nn.model.WeSpeakerResNet34;
import dev.diarist.nn.signal.Fbank;
import dev.diarist.nn.weights.Weights;
import dev.diarist.segmentation.Segmentation;
import dev.diarist.segmentation.SlidingWindow;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SharedTrunkTest {
  private static final int RATE = AudioSource.SAMPLE_RATE;

  /** Rounding of the trunk's output, whose values reach some tens. */
  private static final float ROUNDING = 2e-4f;

  private static final SlidingWindow WINDOW = new SlidingWindow(0, 2, 0.5);
  private static final int CHUNKS = 21; // of 12 s
  private static final int FRAMES = 50; // of a chunk: two to one of the trunk's 25

  private static Weights weights;
  private static WeSpeakerResNet34 network;
  private static Fbank fbank;
  private static float[] samples;

  @BeforeAll
  static void read() throws IOException {
    weights = SmallModel.open().embedding();
    network = WeSpeakerResNet34.of(weights);
    fbank = new Fbank(RATE, network.melBins());
    samples = new float[12 * RATE];
    Random random = new Random(5);
    for (int i = 0; i < samples.length; i++) {
      double loudness = 0.1 * (1.2 + Math.sin(i / 30000.0)); // so that the mean moves
      samples[i] = (float) (loudness * random.nextGaussian());
    }
  }

  private static SharedTrunk trunk(int blockFrames) {
    return new SharedTrunk(network, fbank, blockFrames, weights, Backends.choose("cpu"), 2);
  }

  /** Somebody speaks in these frames of every chunk, nobody in the others. */
  private static Segmentation speech(int chunks, SlidingWindow window, int from, int to) {
    byte[] active = new byte[chunks * FRAMES];
    for (int c = 0; c < chunks; c++) {
      Arrays.fill(active, c * FRAMES + from, c * FRAMES + to, (byte) 2);
    }
    return speech(chunks, window, active);
  }

  private static Segmentation speech(int chunks, SlidingWindow window, byte[] active) {
    SlidingWindow frames = new SlidingWindow(0, 2.0 / FRAMES, 2.0 / FRAMES);
    return new Segmentation(chunks, FRAMES, 3, active, window, frames);
  }

  private static float[] chunk(SharedTrunk trunk, int... asked) throws IOException {
    return chunk(trunk, speech(CHUNKS, WINDOW, 0, FRAMES), asked);
  }

  private static float[] chunk(SharedTrunk trunk, Segmentation segmentation, int... asked)
      throws IOException {
    try (AudioSource audio = Recording.of("noise", samples, RATE).mix()) {
      ChunkInputs inputs = trunk.over(audio, segmentation);
      float[] target = new float[trunk.rows() * trunk.framesOf(198)];
      for (int chunk : asked) {
        inputs.read(chunk, target, 0);
      }
      return target;
    }
  }

  /** All features of the recording, each less the mean of the 198 around it. */
  private static float[] centered() {
    int mels = fbank.melBins();
    int frames = fbank.frames(samples.length);
    float[] features = new float[frames * mels];
    fbank.compute(samples, 0, samples.length, features, 0);
    float[] centered = new float[features.length];
    for (int t = 0; t < frames; t++) {
      int first = Math.clamp(t - 99, 0, frames - 198);
      for (int m = 0; m < mels; m++) {
        double sum = 0;
        for (int f = first; f < first + 198; f++) {
          sum += features[f * mels + m];
        }
        centered[t * mels + m] = (float) (features[t * mels + m] - sum / 198);
      }
    }
    return centered;
  }

  /** Four chunks a second, eight fbank frames to one of the trunk: odd chunks begin between two. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 9, 16})
  void aChunkIsWhatTheTrunkHearsOfTheWholeRecording(int chunk) throws IOException {
    int all = fbank.frames(samples.length);
    float[] whole;
    try (Program program =
        Backends.choose("cpu").compile(network.trunk(all), weights, new Execution(1, 1))) {
      whole = program.run(1, centered());
    }
    try (SharedTrunk trunk = trunk(256)) {
      float[] actual = chunk(trunk, chunk);
      int frames = trunk.framesOf(198);
      int stride = whole.length / trunk.rows();
      int start = Math.round(chunk * 50 / 8f);
      for (int r = 0; r < trunk.rows(); r++) {
        int from = r * stride + start;
        assertArrayEquals(
            Arrays.copyOfRange(whole, from, from + frames),
            Arrays.copyOfRange(actual, r * frames, (r + 1) * frames),
            ROUNDING,
            "row " + r);
      }
    }
  }

  @Test
  void noChunkDependsOnTheBlocksOrOnTheChunksBefore() throws IOException {
    try (SharedTrunk small = trunk(200);
        SharedTrunk large = trunk(700)) {
      float[] expected = chunk(large, 17);
      assertArrayEquals(expected, chunk(small, 17), ROUNDING);
      assertArrayEquals(chunk(small, 17), chunk(small, 0, 1, 2, 3, 7, 8, 16, 17));
    }
  }

  @Test
  void whatNobodySpeaksInIsZeroAndChangesNothingElse() throws IOException {
    SlidingWindow apart = new SlidingWindow(0, 2, 2.5); // four chunks that share no frame
    Segmentation all = speech(4, apart, 0, FRAMES);
    Segmentation some = speech(4, apart, 20, 30); // frames 10 to 14 of the trunk
    try (SharedTrunk trunk = trunk(256)) {
      assertHeard(j -> j >= 10 && j < 15, chunk(trunk, all, 3), chunk(trunk, some, 3));
    }
  }

  /** Each row of a chunk is as expected at the frames that are heard, and 0 at the others. */
  private static void assertHeard(IntPredicate heard, float[] expected, float[] actual) {
    int frames = FRAMES / 2; // of the trunk
    for (int i = 0; i < expected.length; i++) {
      float y = heard.test(i % frames) ? expected[i] : 0;
      assertEquals(y, actual[i], ROUNDING, "row " + i / frames + ", frame " + i % frames);
    }
  }

  @Test
  void whatOneOfTwoChunksSpeaksInIsHeardInBoth() throws IOException {
    byte[] active = new byte[CHUNKS * FRAMES];
    // Chunk 4, from 2 s on, hears somebody in its first quarter; chunk 2, from 1 s on, in its last.
    Arrays.fill(active, 4 * FRAMES, 4 * FRAMES + 12, (byte) 1);
    Arrays.fill(active, 2 * FRAMES + 40, 3 * FRAMES, (byte) 4);
    Segmentation all = speech(CHUNKS, WINDOW, 0, FRAMES);
    Segmentation some = speech(CHUNKS, WINDOW, active);
    try (SharedTrunk trunk = trunk(256)) {
      // Chunk 2 begins 12 frames before chunk 4: its frames 20 to 24 are 8 to 12 here.
      IntPredicate heard = j -> j < 6 || j >= 8 && j <= 12;
      assertHeard(heard, chunk(trunk, all, 4), chunk(trunk, some, 4));
    }
  }

  @Test
  void aBlockInWhichNobodySpeaksIsZero() throws IOException {
    byte[] active = new byte[CHUNKS * FRAMES];
    active[0] = 1; // in the first chunk alone
    try (SharedTrunk trunk = trunk(256)) {
      float[] silent = chunk(trunk, speech(CHUNKS, WINDOW, active), 0, 20);
      assertArrayEquals(new float[silent.length], silent);
    }
  }
}
