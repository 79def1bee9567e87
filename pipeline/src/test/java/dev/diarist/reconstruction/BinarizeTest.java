package dev.diarist.reconstruction;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.diarist.annotation.Annotation;
import dev.diarist.annotation.Segment;
import dev.diarist.annotation.Track;
import dev.diarist.segmentation.SlidingWindow;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BinarizeTest {
  private static final SlidingWindow FRAMES = new SlidingWindow(0, 0.0619375, 0.016875);

  /** A frame where a speaker's character is {@code #} is active. */
  private static DiscreteDiarization diarization(SlidingWindow window, String... speakers) {
    List<BitSet> active = new ArrayList<>();
    for (String speaker : speakers) {
      BitSet frames = new BitSet();
      for (int i = 0; i < speaker.length(); i++) {
        frames.set(i, speaker.charAt(i) == '#');
      }
      active.add(frames);
    }
    return new DiscreteDiarization(speakers[0].length(), active, window);
  }

  private static List<Segment> segments(Binarize binarize, String frames) {
    return binarize.annotate(diarization(new SlidingWindow(-0.5, 1, 1), frames)).tracks().stream()
        .map(Track::segment)
        .toList();
  }

  private static List<Segment> segments(String frames) {
    return segments(new Binarize(0, 0), frames);
  }

  @Test
  void aRunEndsInTheFirstInactiveFrame() {
    assertEquals(List.of(new Segment(1, 3)), segments(".##.."));
    assertEquals(List.of(new Segment(1, 2), new Segment(3, 4)), segments(".#.#."));
  }

  @Test
  void speechFromTheFirstFrameStartsInItsMiddle() {
    Annotation annotation = new Binarize(0, 0).annotate(diarization(FRAMES, "##."));
    assertEquals(
        new Segment(0.03096875, FRAMES.middleSeconds(2)), annotation.tracks().get(0).segment());
  }

  @Test
  void aRunToTheEndStopsInTheLastFrame() {
    assertEquals(List.of(new Segment(1, 3)), segments(".###"));
    assertEquals(List.of(new Segment(0, 1)), segments("##"));
  }

  @Test
  void aRunOnlyOnTheLastFrameDisappears() {
    assertTrue(segments("...#").isEmpty());
    assertTrue(segments("#").isEmpty());
  }

  @Test
  void gapsShorterThanTheMinimumAreFilledBeforeShortTracksGo() {
    assertEquals(
        List.of(new Segment(0, 3), new Segment(5, 6)), segments(new Binarize(0, 1.5), "#.#..#.."));
    assertEquals(List.of(new Segment(0, 3)), segments(new Binarize(2, 1.5), "#.#..#.."));
    assertEquals(2, segments(new Binarize(0, 1), "#.#.").size());
    assertTrue(segments(new Binarize(1.5, 0), "#.#.").isEmpty());
  }

  @Test
  void theTenthClusterPrecedesTheSecondInOneSegment() {
    String[] speakers = new String[11];
    Arrays.fill(speakers, "....");
    speakers[2] = "##..";
    speakers[10] = "##..";
    Annotation annotation =
        new Binarize(0, 0).annotate(diarization(new SlidingWindow(0, 1, 1), speakers));
    assertEquals(List.of("10", "2"), annotation.tracks().stream().map(Track::label).toList());
    assertEquals(List.of("A", "B"), annotation.tracks().stream().map(Track::name).toList());
  }

  @Test
  void clusterTenBecomesTheThirdOfElevenSpeakers() {
    String[] speakers = new String[11];
    for (int k = 0; k < 11; k++) {
      speakers[k] = ".".repeat(k) + "#" + ".".repeat(12 - k);
    }
    NamedSpeakers named =
        NamedSpeakers.numbered(
            new Binarize(0, 0).annotate(diarization(new SlidingWindow(0, 1, 1), speakers)));
    assertArrayEquals(new int[] {0, 1, 10, 2, 3, 4, 5, 6, 7, 8, 9}, named.clusters());
    assertEquals("SPEAKER_02", named.annotation().tracks().get(10).label());
    assertEquals("SPEAKER_03", named.annotation().tracks().get(2).label());
  }

  @Test
  void numbersSkipClustersThatDoNotSpeak() {
    NamedSpeakers named =
        NamedSpeakers.numbered(
            new Binarize(0, 0)
                .annotate(diarization(new SlidingWindow(0, 1, 1), "....", ".#..", "#...")));
    assertEquals(List.of("SPEAKER_00", "SPEAKER_01"), named.annotation().labels());
    assertEquals("SPEAKER_01", named.annotation().tracks().get(0).label());
    float[][] centroids = {{0, 0}, {1, 1}};
    assertArrayEquals(
        new float[][] {{1, 1}, {0, 0}}, named.embeddings(centroids, 2)); // cluster 2 has none
  }

  @Test
  void speakersOfAReferenceKeepTheirNamesAndOthersTheirClusterNumber() {
    NamedSpeakers named =
        NamedSpeakers.of(
            new Binarize(0, 0)
                .annotate(diarization(new SlidingWindow(0, 1, 1), "..#.", ".#..", "#...")),
            Map.of("0", "Zoe", "2", "Ann", "7", "Bob"));
    assertEquals(
        List.of("Ann", "1", "Zoe"),
        named.annotation().tracks().stream().map(Track::label).toList());
    assertArrayEquals(new int[] {1, 2, 0}, named.clusters()); // of 1, Ann, Zoe
  }

  @Test
  void aNameThatLooksLikeAClusterNumberHasTheEmbeddingOfItsOwnCluster() {
    NamedSpeakers named =
        NamedSpeakers.of(
            new Binarize(0, 0).annotate(diarization(new SlidingWindow(0, 1, 1), "..#.", ".#..")),
            Map.of("0", "1"));
    assertEquals(List.of("1"), named.annotation().labels());
    assertArrayEquals(new int[] {0}, named.clusters());
  }

  @Test
  void speakerOneHundredPrecedesSpeakerElevenAsAString() {
    String[] speakers = new String[101];
    for (int k = 0; k < speakers.length; k++) {
      speakers[k] = ".".repeat(k) + "#" + ".".repeat(101 - k);
    }
    NamedSpeakers named =
        NamedSpeakers.numbered(
            new Binarize(0, 0).annotate(diarization(new SlidingWindow(0, 1, 1), speakers)));
    // As strings 0, 1, 10, 100, 11, …, 99: the last is the hundred-and-first.
    assertEquals("SPEAKER_100", named.annotation().labels().get(11));
    assertEquals(99, named.clusters()[11]);
    assertEquals(100, named.clusters()[3]);
  }

  @Test
  void aNegativeDurationIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> new Binarize(-1, 0));
    assertThrows(IllegalArgumentException.class, () -> new Binarize(0, Double.NaN));
  }
}
