package dev.diarist.regions;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.diarist.Turn;
import dev.diarist.nn.model.PyanNet;
import dev.diarist.segmentation.Segmentation;
import dev.diarist.segmentation.SlidingWindow;
import java.util.List;
import org.junit.jupiter.api.Test;

class RegionScoresTest {
  private static final SlidingWindow FRAMES = new SlidingWindow(0, 1, 1);

  @Test
  void chunksCountLessTowardsTheirEnds() {
    // File frame 2: last of chunk 0 (weight 0.08), middle of 1 (1), first of 2 (0.08).
    Segmentation segmentation =
        new Segmentation(
            3,
            3,
            3,
            new byte[] {0b1, 0, 0b11, 0, 0b1, 0, 0b100, 0b1, 0b1},
            new SlidingWindow(0, 3, 1),
            FRAMES);
    float[] speech = RegionScores.of(segmentation, Region.SPEECH, PyanNet.WarmUp.NONE).scores();
    assertEquals(6, speech.length);
    assertEquals(1, speech[0]);
    assertEquals(0, speech[1]);
    assertEquals(1, speech[2]); // all three
    assertEquals(1 / 1.08, speech[3], 1e-6); // middle of chunk 2, not last of chunk 1
    assertEquals(1, speech[4]);
    assertEquals(0, speech[5]); // covered by no chunk
    float[] overlap = RegionScores.of(segmentation, Region.OVERLAP, PyanNet.WarmUp.NONE).scores();
    assertEquals(0.08 / 1.16, overlap[2], 1e-6); // of the last frame of chunk 0 alone
    assertEquals(0, overlap[0]);
  }

  @Test
  void theWindowIsSymmetric() {
    assertArrayEquals(new double[] {0.08, 0.54, 1, 0.54, 0.08}, RegionScores.hamming(5), 1e-15);
  }

  @Test
  void aScoreOfOneHalfChangesNothing() {
    RegionScores scores =
        new RegionScores(
            Region.SPEECH, new float[] {0.5f, 0.6f, 0.5f, 0.4f, 0.5f, 0.7f, 0.7f}, FRAMES);
    assertEquals(
        List.of(new Turn(1.5, 3.5, "SPEECH"), new Turn(5.5, 6.5, "SPEECH")),
        scores.regions(Thresholds.HALF, 0, 0).turns());
  }

  @Test
  void gapsAreFilledBeforeShortRegionsAreDropped() {
    RegionScores scores =
        new RegionScores(Region.OVERLAP, new float[] {1, 0, 1, 0, 0, 0, 1, 0}, FRAMES);
    assertEquals(
        List.of(new Turn(0.5, 3.5, "OVERLAP")), scores.regions(Thresholds.HALF, 2, 1.5).turns());
    assertEquals(List.of(), scores.regions(Thresholds.HALF, 2, 0).turns());
  }

  @Test
  void framesThatStartAfterTheEndAreCutOff() {
    RegionScores scores = new RegionScores(Region.SPEECH, new float[5], FRAMES);
    assertEquals(3, scores.until(2).scores().length);
    assertEquals(1, scores.until(0).scores().length);
    assertEquals(5, scores.until(99).scores().length);
  }
}
