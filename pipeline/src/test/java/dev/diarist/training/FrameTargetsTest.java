package dev.diarist.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.diarist.annotation.Annotation;
import dev.diarist.annotation.Segment;
import dev.diarist.annotation.Track;
import dev.diarist.segmentation.SlidingWindow;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Frames of one second each, a second apart: frame f is nearest to what lies in [f, f + 1]. */
class FrameTargetsTest {
  private static final double CHUNK_SECONDS = 10;

  private final FrameTargets targets = new FrameTargets(new SlidingWindow(0, 1, 1), 10, 2);

  private static Annotation annotation(Object... turns) {
    List<Track> tracks = new ArrayList<>();
    for (int i = 0; i < turns.length; i += 3) {
      Segment segment = new Segment((double) turns[i], (double) turns[i + 1]);
      tracks.add(new Track(segment, Integer.toString(i), (String) turns[i + 2]));
    }
    return Annotation.of(tracks);
  }

  private byte[] of(Annotation annotation, double start) {
    return targets.of(annotation, start, CHUNK_SECONDS);
  }

  @Test
  void aSegmentMarksTheFramesNearestToItsEndsAndThoseBetween() {
    assertArrayEquals(new byte[] {0, 0, 1, 1, 1, 1, 0, 0, 0, 0}, of(annotation(2.6, 5.4, "a"), 0));
  }

  @Test
  void speakersAreInTheOrderInWhichTheyFirstSpeak() {
    assertArrayEquals(
        new byte[] {1, 3, 2, 0, 0, 0, 0, 0, 0, 0},
        of(annotation(10.6, 11.4, "z", 11.6, 12.4, "a"), 10));
  }

  @Test
  void whatBeganBeforeTheChunkOrGoesOnAfterItIsCut() {
    assertArrayEquals(
        new byte[] {1, 1, 0, 0, 0, 0, 0, 0, 2, 2},
        of(annotation(0.0, 21.4, "a", 28.6, 99.0, "b"), 20));
  }

  @Test
  void aSegmentThatEndsBeforeTheMiddleOfTheFirstFrameMarksNothingAndTakesNoPlace() {
    FrameTargets wide = new FrameTargets(new SlidingWindow(0, 3, 1), 10, 2);
    assertArrayEquals(
        new byte[] {0, 1, 1, 0, 0, 0, 0, 0, 0, 0},
        wide.of(annotation(15.0, 20.4, "a", 22.6, 23.4, "b"), 20, CHUNK_SECONDS));
  }

  @Test
  void ofMoreSpeakersThanTheNetworkKnowsThoseWithTheMostFramesRemain() {
    Annotation three = annotation(0.6, 1.4, "short", 3.6, 6.4, "long", 7.6, 9.4, "middle");
    assertArrayEquals(new byte[] {0, 0, 0, 1, 1, 1, 1, 2, 2, 2}, of(three, 0));
  }
}
