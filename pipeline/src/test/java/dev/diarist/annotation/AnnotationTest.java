package dev.diarist.annotation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AnnotationTest {

  private static Track track(double start, double end, String name, String label) {
    return new Track(new Segment(start, end), name, label);
  }

  @Test
  void tracksComeByStartThenEnd() {
    Annotation annotation =
        Annotation.of(List.of(track(2, 3, "a", "x"), track(1, 5, "b", "y"), track(1, 4, "c", "z")));
    assertEquals(List.of("z", "y", "x"), annotation.tracks().stream().map(Track::label).toList());
  }

  @Test
  void simultaneousTracksComeByNameAsAString() {
    Annotation annotation =
        Annotation.of(
            List.of(track(0, 1, "2", "2"), track(0, 1, "10", "10"), track(0, 1, "1", "1")));
    assertEquals(List.of("1", "10", "2"), annotation.labels());
    assertEquals(List.of("1", "10", "2"), annotation.tracks().stream().map(Track::label).toList());
  }

  @Test
  void theTrackNamedAaPrecedesTheSimultaneousOneNamedZ() {
    List<Track> tracks = new ArrayList<>();
    for (int i = 0; i < 25; i++) {
      tracks.add(track(i, i + 0.5, "0", "early")); // A to Y
    }
    tracks.add(track(100, 101, "0", "named Z"));
    tracks.add(track(100, 101, "1", "named AA"));
    List<Track> renamed = Annotation.of(tracks).withRenamedTracks().tracks();
    assertEquals(track(100, 101, "AA", "named AA"), renamed.get(25));
    assertEquals(track(100, 101, "Z", "named Z"), renamed.get(26));
  }

  @Test
  void namesGoOnAfterZ() {
    assertEquals("A", Annotation.trackName(0));
    assertEquals("Z", Annotation.trackName(25));
    assertEquals("AA", Annotation.trackName(26));
    assertEquals("AZ", Annotation.trackName(51));
    assertEquals("BA", Annotation.trackName(52));
    assertEquals("ZZ", Annotation.trackName(701));
    assertEquals("AAA", Annotation.trackName(702));
  }

  @Test
  void gapsStrictlyShorterThanTheCollarAreFilledWithinALabel() {
    Annotation annotation =
        Annotation.of(
            List.of(
                track(0, 1, "a", "x"),
                track(1.25, 2, "b", "x"),
                track(2.5, 3, "c", "x"),
                track(1, 1.25, "d", "y")));
    assertEquals(
        List.of(track(0, 2, "A", "x"), track(1, 1.25, "C", "y"), track(2.5, 3, "B", "x")),
        annotation.support(0.5).tracks());
  }

  @Test
  void overlappingSegmentsOfALabelMergeWithoutCollar() {
    Annotation annotation =
        Annotation.of(
            List.of(track(0, 5, "a", "x"), track(1, 2, "b", "x"), track(5 + 1e-7, 6, "c", "x")));
    assertEquals(List.of(track(0, 6, "A", "x")), annotation.support(0).tracks());
  }

  @Test
  void onlyTracksStrictlyShorterThanTheMinimumGo() {
    Annotation annotation =
        Annotation.of(List.of(track(0, 0.5, "a", "x"), track(1, 1.25, "b", "x")));
    assertEquals(1, annotation.withoutShorterThan(0.5).tracks().size());
    assertEquals(2, annotation.withoutShorterThan(0.25).tracks().size());
  }

  @Test
  void emptySegmentsAreLeftOut() {
    assertTrue(Annotation.of(List.of(track(1, 1 + 5e-7, "a", "x"))).tracks().isEmpty());
    assertFalse(Annotation.of(List.of(track(1, 1.000002, "a", "x"))).tracks().isEmpty());
  }

  @Test
  void labelsWithoutANewNameStay() {
    Annotation annotation = Annotation.of(List.of(track(0, 1, "a", "x"), track(1, 2, "b", "y")));
    assertEquals(
        List.of("speaker", "y"), annotation.withRenamedLabels(Map.of("x", "speaker")).labels());
  }

  @Test
  void twoTracksOfOneNameAndSegmentAreRefused() {
    assertThrows(
        IllegalArgumentException.class,
        () -> Annotation.of(List.of(track(0, 1, "a", "x"), track(0, 1, "a", "y"))));
  }

  @Test
  void segmentsThatTouchDoNotIntersect() {
    Segment first = new Segment(0, 1);
    assertFalse(first.intersects(new Segment(1, 2)));
    assertFalse(new Segment(1, 2).intersects(first));
    assertTrue(first.intersects(new Segment(0.5, 2)));
    assertTrue(new Segment(0.5, 2).intersects(first));
    assertTrue(first.intersection(new Segment(1, 2)).isEmpty());
    assertEquals(new Segment(0.5, 1), first.intersection(new Segment(0.5, 2)));
    assertEquals(new Segment(1, 3), first.gap(new Segment(3, 4)));
    assertEquals(new Segment(1, 3), new Segment(3, 4).gap(first));
  }

  @Test
  void pausesAreFilledWhereNobodyElseSpeaks() {
    Annotation annotation =
        Annotation.of(
            List.of(
                new Track(new Segment(0, 1), "A", "x"),
                new Track(new Segment(1.25, 2), "B", "x"),
                new Track(new Segment(2, 2.25), "C", "y"),
                new Track(new Segment(2.25, 3), "D", "x"),
                new Track(new Segment(3.5, 4), "E", "x")));
    assertEquals(
        List.of(
            new Track(new Segment(0, 2), "A", "x"),
            new Track(new Segment(2, 2.25), "B", "y"),
            new Track(new Segment(2.25, 3), "C", "x"),
            new Track(new Segment(3.5, 4), "D", "x")),
        annotation.withPausesFilled(0.5).tracks());
  }
}
