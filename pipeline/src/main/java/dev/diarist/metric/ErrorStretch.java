package dev.diarist.metric;

import dev.diarist.annotation.Segment;
import dev.diarist.annotation.Track;
import java.util.ArrayList;
import java.util.List;

/**
 * Where a hypothesis is wrong, with the optimal mapping.
 *
 * @param reference labels of the reference turns that match none
 * @param hypothesis labels of the hypothesis turns that match none
 */
public record ErrorStretch(
    Kind kind, Segment segment, List<String> reference, List<String> hypothesis) {

  /** What is wrong. */
  public enum Kind {
    MISSED,
    FALSE_ALARM,
    CONFUSION
  }

  /**
   * In order of time, what touches and is of one kind with the same speakers being one; where
   * several things are wrong at once, one stretch for each.
   */
  public static List<ErrorStretch> of(Comparison comparison, Scoring scoring) {
    List<ErrorStretch> stretches = new ArrayList<>();
    Moment.forEach(
        comparison.judged(scoring),
        SpeakerMapping.optimal(comparison.judgedForMapping(scoring)),
        moment -> {
          if (moment.missed() > 0) {
            add(stretches, Kind.MISSED, moment);
          }
          if (moment.falseAlarms() > 0) {
            add(stretches, Kind.FALSE_ALARM, moment);
          }
          if (moment.confused() > 0) {
            add(stretches, Kind.CONFUSION, moment);
          }
        });
    return stretches;
  }

  private static void add(List<ErrorStretch> stretches, Kind kind, Moment moment) {
    ErrorStretch next =
        new ErrorStretch(
            kind, moment.segment(), labels(moment.reference()), labels(moment.hypothesis()));
    // A moment adds at most three, so that what it may continue is among the last few.
    for (int i = stretches.size() - 1; i >= Math.max(0, stretches.size() - 5); i--) {
      ErrorStretch last = stretches.get(i);
      if (last.kind == kind
          && last.segment.endSeconds() == next.segment.startSeconds()
          && last.reference.equals(next.reference)
          && last.hypothesis.equals(next.hypothesis)) {
        stretches.set(
            i,
            new ErrorStretch(
                kind, last.segment.hull(next.segment), last.reference, last.hypothesis));
        return;
      }
    }
    stretches.add(next);
  }

  private static List<String> labels(List<Track> tracks) {
    return tracks.stream().map(Track::label).sorted().toList();
  }
}
