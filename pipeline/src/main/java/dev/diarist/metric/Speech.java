package dev.diarist.metric;

import dev.diarist.annotation.Annotation;
import dev.diarist.annotation.Segment;
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

  /** What segments cover together. */
  public static double seconds(List<Segment> segments) {
    return Timelines.durationSeconds(Timelines.support(segments));
  }
}
