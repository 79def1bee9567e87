package dev.diarist.embedding;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.diarist.segmentation.Segmentation;
import dev.diarist.segmentation.SlidingWindow;
import java.util.BitSet;
import org.junit.jupiter.api.Test;

class MasksTest {
  /** Chunk 0: speaker 0 in frames 0 to 4, speaker 1 in frames 3 and 4. Chunk 1: speaker 2 once. */
  private static final Segmentation SEGMENTATION =
      new Segmentation(
          2,
          5,
          3,
          new byte[] {1, 1, 1, 3, 3, 0, 0, 0, 0, 4},
          new SlidingWindow(0, 5, 1),
          new SlidingWindow(0, 1, 1));

  @Test
  void cleanMaskLeavesOverlapOut() {
    assertArrayEquals(new float[] {1, 1, 1, 0, 0}, Masks.clean(SEGMENTATION, 0, 0));
    assertArrayEquals(new float[] {0, 0, 0, 0, 0}, Masks.clean(SEGMENTATION, 0, 1));
    assertArrayEquals(new float[] {1, 1, 1, 1, 1}, Masks.full(SEGMENTATION, 0, 0));
  }

  @Test
  void cleanMaskNeedsStrictlyMoreFramesThanTheMinimum() {
    assertArrayEquals(new float[] {1, 1, 1, 0, 0}, Masks.cleanOrFull(SEGMENTATION, 0, 0, 2));
    assertArrayEquals(new float[] {1, 1, 1, 1, 1}, Masks.cleanOrFull(SEGMENTATION, 0, 0, 3));
    assertArrayEquals(new float[] {0, 0, 0, 1, 1}, Masks.cleanOrFull(SEGMENTATION, 0, 1, 2));
  }

  @Test
  void tenSecondsOf589FramesNeedMoreThanTwo() {
    assertEquals(2, Masks.minCleanFrames(589, 400, 10, 16000));
    assertEquals(1, Masks.minCleanFrames(400, 400, 10, 16000));
  }

  @Test
  void aPairIsActiveWithOneFrame() {
    BitSet expected = new BitSet();
    expected.set(0);
    expected.set(1);
    expected.set(5);
    assertEquals(expected, Masks.activePairs(SEGMENTATION));
  }

  @Test
  void theEighthLocalSpeakerHasAMaskOfItsOwn() {
    Segmentation eight =
        new Segmentation(
            1,
            2,
            8,
            new byte[] {(byte) 0x80, (byte) 0x81},
            new SlidingWindow(0, 2, 1),
            new SlidingWindow(0, 1, 1));
    assertArrayEquals(new float[] {1, 0}, Masks.clean(eight, 0, 7));
    assertEquals(2, Masks.activePairs(eight).cardinality());
  }
}
