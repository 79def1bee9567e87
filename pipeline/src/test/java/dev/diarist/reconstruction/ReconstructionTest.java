package dev.diarist.reconstruction;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.diarist.Turn;
import dev.diarist.segmentation.FrameCounts;
import dev.diarist.segmentation.Segmentation;
import dev.diarist.segmentation.SlidingWindow;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReconstructionTest {
  private static final SlidingWindow FRAMES = new SlidingWindow(0, 1, 1);

  private static Segmentation segmentation(int chunks, int frames, int... active) {
    byte[] bits = new byte[active.length];
    for (int i = 0; i < active.length; i++) {
      bits[i] = (byte) active[i];
    }
    return new Segmentation(chunks, frames, 3, bits, new SlidingWindow(0, frames, 1), FRAMES);
  }

  private static DiscreteDiarization reconstruct(
      Segmentation segmentation, int[] clusters, int... counts) {
    byte[] bytes = new byte[counts.length];
    for (int i = 0; i < counts.length; i++) {
      bytes[i] = (byte) counts[i];
    }
    return Reconstruction.reconstruct(
        segmentation, clusters, new FrameCounts(bytes, FRAMES), TieOrder.NUMPY_X86);
  }

  private static BitSet frames(int... frames) {
    BitSet set = new BitSet();
    for (int frame : frames) {
      set.set(frame);
    }
    return set;
  }

  @Test
  void theClusterWithMostVotesSpeaks() {
    // File frame 2 has votes of chunks 0, 1 and 2: twice cluster 1, once cluster 0.
    Segmentation segmentation = segmentation(3, 3, 0, 0, 1, 0, 1, 0, 1, 0, 0);
    DiscreteDiarization diarization =
        reconstruct(segmentation, new int[] {1, -2, -2, 0, -2, -2, 1, -2, -2}, 0, 0, 1, 0, 0, 0);
    assertEquals(frames(), diarization.speakers().get(0));
    assertEquals(frames(2), diarization.speakers().get(1));
  }

  @Test
  void twoLocalSpeakersOfOneClusterHaveOneVote() {
    // Chunk 0: speakers 0 and 1 of cluster 0, speaker 2 of cluster 1. Chunk 1: cluster 1 again.
    Segmentation segmentation = segmentation(2, 2, 0, 0b111, 0b1, 0);
    DiscreteDiarization diarization =
        reconstruct(segmentation, new int[] {0, 0, 1, 1, -2, -2}, 0, 1, 0, 0);
    assertEquals(frames(1), diarization.speakers().get(1));
    assertEquals(frames(), diarization.speakers().get(0));
  }

  @Test
  void aSecondSpeakerIsMadeUpWhereTwoWereMerged() {
    Segmentation segmentation = segmentation(1, 2, 0b11, 0b1);
    DiscreteDiarization diarization = reconstruct(segmentation, new int[] {0, 0, -2}, 2, 1, 0);
    assertEquals(2, diarization.speakers().size());
    assertEquals(frames(0, 1), diarization.speakers().get(0));
    assertEquals(frames(0), diarization.speakers().get(1));
  }

  @Test
  void aClusterWithoutVotesSpeaksWhereTheCountAsksForIt() {
    Segmentation segmentation = segmentation(2, 2, 0b1, 0, 0, 0b1);
    DiscreteDiarization diarization =
        reconstruct(segmentation, new int[] {0, -2, -2, 1, -2, -2}, 2, 0, 1, 0);
    assertEquals(frames(0), diarization.speakers().get(0));
    assertEquals(frames(0, 2), diarization.speakers().get(1));
  }

  @Test
  void tiesAreBrokenAsNumpyDoesUnlessTheLowestIsAskedFor() {
    // Votes 0, 0, 1, 1: numpy's network yields 3 first.
    Segmentation segmentation = segmentation(1, 1, 0b11);
    int[] clusters = {2, 3, -2};
    FrameCounts counts = new FrameCounts(new byte[] {1, 0}, FRAMES);
    assertEquals(
        frames(0),
        Reconstruction.reconstruct(segmentation, clusters, counts, TieOrder.NUMPY_X86)
            .speakers()
            .get(3));
    assertEquals(
        frames(0),
        Reconstruction.reconstruct(segmentation, clusters, counts, TieOrder.LOWEST_FIRST)
            .speakers()
            .get(2));
  }

  @Test
  void voteOrdersFollowTheTieOrder() {
    double[] votes = {0, 5, 5, 0};
    assertArrayEquals(new int[] {1, 2, 0, 3}, TieOrder.NUMPY_X86.descending(votes));
    assertArrayEquals(
        new int[] {2, 3, 0, 1}, TieOrder.LOWEST_FIRST.descending(new double[] {0, 0, 5, 5}));
  }

  @Test
  void aTieOrderIsFoundByItsName() {
    for (TieOrder order : TieOrder.values()) {
      assertEquals(order, TieOrder.of(order.toString()));
    }
    assertEquals(
        "ties must be numpy-x86 or lowest-first, got numpy",
        assertThrows(IllegalArgumentException.class, () -> TieOrder.of("numpy")).getMessage());
  }

  @Test
  void silenceHasNoSpeakers() {
    DiscreteDiarization diarization =
        reconstruct(segmentation(1, 2, 0, 0), new int[] {-2, -2, -2}, 0, 0, 0);
    assertEquals(0, diarization.speakers().size());
    assertEquals(3, diarization.frames());
  }

  @Test
  void clustersOfAnotherFileAreRefused() {
    assertThrows(
        IllegalArgumentException.class,
        () -> reconstruct(segmentation(1, 2, 0, 0), new int[] {0, 0}, 0, 0, 0));
    assertThrows(
        IllegalArgumentException.class,
        () -> reconstruct(segmentation(1, 2, 0, 0), new int[] {0, 0, 0}, 0, 0));
  }

  @Test
  void onlyTheClusterWithMostVotesSpeaksWhereOneMay() {
    // Chunk 0: clusters 0 and 1 in frames 0 to 2; chunk 1: cluster 1 in frames 1 and 2.
    Segmentation segmentation = segmentation(2, 3, 0b11, 0b11, 0b11, 0b1, 0b1, 0b1);
    int[] clusters = {0, 1, -2, 1, -2, -2};
    FrameCounts counts = new FrameCounts(new byte[] {1, 2, 2, 1, 0}, FRAMES);
    assertEquals(
        List.of(new Turn(0.5, 1.5, "0"), new Turn(1.5, 4.5, "1")),
        Reconstruction.exclusive(segmentation, clusters, counts, TieOrder.NUMPY_X86, 0).turns());
  }
}
