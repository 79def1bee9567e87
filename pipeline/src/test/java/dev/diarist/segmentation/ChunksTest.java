package dev.diarist.segmentation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChunksTest {

  @ParameterizedTest
  @CsvSource({
    "0, 0, true",
    "48000, 0, true",
    "159999, 0, true",
    "160000, 1, false",
    "160001, 1, true",
    "175999, 1, true",
    "176000, 2, false",
    "176001, 2, true",
    "192000, 3, false",
    "1382400000, 86391, false"
  })
  void onlyLeftOverSamplesMakeAPaddedChunk(long samples, int full, boolean paddedLast) {
    Chunks chunks = Chunks.of(samples, 10, 1, 16000);
    assertEquals(full, chunks.full());
    assertEquals(paddedLast, chunks.paddedLast());
    assertEquals(full + (paddedLast ? 1 : 0), chunks.count());
  }

  @Test
  void chunksStartOneStepApartBeyondTheRangeOfInt() {
    assertEquals(86390L * 32000, Chunks.of(1L << 33, 10, 2, 16000).firstSample(86390));
  }

  @Test
  void windowIsCutAndStepIsRoundedToSamples() {
    Chunks chunks = Chunks.of(100, 2.99, 1.5, 1);
    assertEquals(2, chunks.windowSamples());
    assertEquals(2, chunks.stepSamples());
  }

  @Test
  void aStepBelowOneSampleIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> Chunks.of(100, 1, 0.00001, 16000));
  }
}
