package dev.diarist.segmentation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.diarist.CountingAudio;
import dev.diarist.FixedBackend;
import dev.diarist.ProgressNotes;
import dev.diarist.SmallModel;
import dev.diarist.StageListener;
import dev.diarist.nn.backend.Execution;
import dev.diarist.nn.weights.Weights;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SegmenterTest {
  private static final int FRAMES = 589;
  private static final int CLASSES = 7;

  /** The class of the powerset in which local speakers 0 and 2 speak. */
  private static final int FIRST_AND_THIRD = 5;

  private static Weights weights;

  private final FixedBackend backend = new FixedBackend(allFrames(FIRST_AND_THIRD));

  @BeforeAll
  static void readWeights() throws IOException {
    weights = SmallModel.open().segmentation();
  }

  /** The rows of batch 32 are what pyannote reported for recordings of these lengths. */
  @ParameterizedTest
  @CsvSource({
    "0, 32, 0/1 1/1",
    "8000, 32, 0/1 1/1",
    "197520, 32, 0/4 32/4 4/4",
    "320000, 32, 0/11 32/11",
    "480000, 32, 0/21 32/21",
    "790000, 32, 0/41 32/41 64/41 41/41",
    "197520, 3, 0/4 3/4 4/4",
    "197520, 2, 0/4 2/4 4/4 4/4",
    "192000, 2, 0/3 2/3 4/3",
  })
  void progressCountsWholeBatchesAndThePaddedChunkOnItsOwn(long samples, int batch, String expected)
      throws IOException {
    ProgressNotes progress = new ProgressNotes("segmentation");
    segment(samples, batch, progress);
    assertEquals(expected, progress.toString());
  }

  @Test
  void chunksStartASecondApartAndTheLastIsPaddedWithZeros() throws IOException {
    segment(197520, 2, StageListener.NONE);
    assertEquals(4, backend.examples.size());
    for (int c = 0; c < 3; c++) {
      float[] waveform = waveform(c);
      assertEquals(c * 16000 + 1, waveform[0]);
      assertEquals(c * 16000 + 160000, waveform[159999]);
    }
    float[] last = waveform(3);
    assertEquals(48001, last[0]);
    assertEquals(197520, last[197520 - 48000 - 1]);
    assertArrayEquals(
        new float[160000 - 149520], Arrays.copyOfRange(last, 149520, 160000), "padding");
  }

  @Test
  void anEmptyRecordingIsOneChunkOfZeros() throws IOException {
    Segmentation segmentation = segment(0, 32, StageListener.NONE);
    assertEquals(1, segmentation.chunks());
    assertEquals(1, backend.examples.size());
    assertArrayEquals(new float[160000], waveform(0));
  }

  @Test
  void aFrameHasTheSpeakersOfItsMostProbableClass() throws IOException {
    Segmentation segmentation = segment(197520, 2, StageListener.NONE);
    assertEquals(List.of(4, FRAMES, 3), sizes(segmentation));
    for (byte active : segmentation.active()) {
      assertEquals(0b101, active);
    }
    assertTrue(segmentation.isActive(3, FRAMES - 1, 2));
  }

  private Segmentation segment(long samples, int batch, StageListener listener) throws IOException {
    try (Segmenter segmenter = new Segmenter(weights, 0.1, 0.5, backend, new Execution(1, batch))) {
      return segmenter.segment(new CountingAudio(samples), listener);
    }
  }

  private float[] waveform(int example) {
    return backend.examples.get(example)[0];
  }

  private static List<Integer> sizes(Segmentation segmentation) {
    return List.of(segmentation.chunks(), segmentation.frames(), segmentation.localSpeakers());
  }

  /** (F, P) log-probabilities, that of {@code best} the largest in every frame. */
  private static float[] allFrames(int best) {
    float[] logProbabilities = new float[FRAMES * CLASSES];
    Arrays.fill(logProbabilities, -9);
    for (int f = 0; f < FRAMES; f++) {
      logProbabilities[f * CLASSES + best] = -0.1f;
    }
    return logProbabilities;
  }
}
