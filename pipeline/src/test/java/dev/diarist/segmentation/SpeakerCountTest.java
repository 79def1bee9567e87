package dev.diarist.segmentation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class SpeakerCountTest {

  /** Two chunks of two frames, one frame apart: the second frame of the file has both. */
  private static byte[] counts(int... active) {
    byte[] bits = new byte[active.length];
    for (int i = 0; i < active.length; i++) {
      bits[i] = (byte) active[i];
    }
    Segmentation segmentation =
        new Segmentation(2, 2, 3, bits, new SlidingWindow(0, 2, 1), new SlidingWindow(0, 1, 1));
    return SpeakerCount.of(segmentation).counts();
  }

  @Test
  void halvesRoundToEven() {
    assertArrayEquals(new byte[] {0, 0, 0, 0}, counts(0, 0b1, 0, 0)); // 0.5
    assertArrayEquals(new byte[] {0, 2, 0, 0}, counts(0, 0b1, 0b110, 0)); // 1.5
    assertArrayEquals(new byte[] {0, 2, 0, 0}, counts(0, 0b11, 0b111, 0)); // 2.5
  }

  @Test
  void framesOfOneChunkKeepItsCountAndTheLastHasNone() {
    assertArrayEquals(new byte[] {3, 1, 2, 0}, counts(0b111, 0b1, 0b10, 0b101));
  }

  @Test
  void meanIsOverTheChunksThatCoverAFrame() {
    byte[] bits = new byte[3 * 3];
    bits[2] = 1; // chunk 0, file frame 2
    bits[1 * 3 + 1] = 1; // chunk 1, file frame 2
    Segmentation segmentation =
        new Segmentation(3, 3, 3, bits, new SlidingWindow(0, 3, 1), new SlidingWindow(0, 1, 1));
    FrameCounts counts = SpeakerCount.of(segmentation);
    assertArrayEquals(new byte[] {0, 0, 1, 0, 0, 0}, counts.counts());
    assertEquals(new SlidingWindow(0, 1, 1), counts.window());
  }

  @Test
  void allEightLocalSpeakersCount() {
    Segmentation segmentation =
        new Segmentation(
            1,
            1,
            8,
            new byte[] {(byte) 0xff},
            new SlidingWindow(0, 1, 1),
            new SlidingWindow(0, 1, 1));
    assertEquals(8, SpeakerCount.of(segmentation).max());
  }

  @Test
  void cappingLeavesTheOriginalAsItWas() {
    FrameCounts counts = new FrameCounts(new byte[] {0, 1, 3}, new SlidingWindow(0, 1, 1));
    assertArrayEquals(new byte[] {0, 1, 2}, counts.cappedAt(2).counts());
    assertArrayEquals(new byte[] {0, 1, 3}, counts.cappedAt(Integer.MAX_VALUE).counts());
    assertEquals(3, counts.max());
  }
}
