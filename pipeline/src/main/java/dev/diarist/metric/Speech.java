package dev.diarist.metric;

import dev.diarist.annotation.Annotation;
import dev.diarist.annotation.Segment;
import dev.diarist.annotation.Track;
import java.util.ArrayList;
import java.util.List;

/**
 * How much is said.
 *
 * @param speechSeconds in which somebody speaks
 * @param overlapSeconds in which at least two different speakers do
 */
public record Speech(double speechSeconds, double overlapSeconds) {

  public static Speech of(Annotation annotation) {
    return new Speech(
        Timelines.durationSeconds(Timelines.covered(annotation.tracks())),
        Timelines.durationSeconds(Timelines.overlap(annotation.support(0).tracks())));
  }

  /**
   * What of an annotation lies within a region; turns are cut at its borders.
   *
   * @param region in any order
   */
  public static Annotation within(Annotation annotation, List<Segment> region) {
    List<Track> cut = Timelines.crop(annotation.tracks(), Timelines.support(region));
    List<Track> named = new ArrayList<>();
    for (Track track : cut) { // tracks of one name may have become equal
      named.add(new Track(track.segment(), Integer.toString(named.size()), track.label()));
    }
    return Annotation.of(named);
  }

  /** What segments cover together. */
  public static double seconds(List<Segment> segments) {
    return Timelines.durationSeconds(Timelines.support(segments));
  }
}
