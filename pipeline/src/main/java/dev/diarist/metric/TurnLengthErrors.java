package dev.diarist.metric;

import dev.diarist.annotation.Track;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How turns of the reference of some length fare, with the optimal mapping. False alarms belong to
 * no turn and are left out.
 *
 * @param fromSeconds length of a turn, before it is cut to what is judged; included
 * @param toSeconds excluded; infinite in the last row
 */
public record TurnLengthErrors(
    double fromSeconds, double toSeconds, int turns, ErrorShares errors) {
  /** Lengths at which one row ends and the next begins. */
  private static final double[] BORDERS_SECONDS = {0, 0.5, 1, 2, 5, 10, Double.POSITIVE_INFINITY};

  /** The same rows for every recording, from the shortest turns to the longest. */
  public static List<TurnLengthErrors> of(Comparison comparison, Scoring scoring) {
    Judged judged = comparison.judged(scoring);
    int[] turns = new int[BORDERS_SECONDS.length - 1];
    Map<String, Integer> rowOfTrack = new HashMap<>();
    for (Track track : Comparison.turns(comparison.reference(), scoring.convention())) {
      int row = row(track.segment().durationSeconds());
      rowOfTrack.put(track.name(), row);
      turns[row]++;
    }
    ErrorShares[] sums = new ErrorShares[turns.length];
    Arrays.fill(sums, ErrorShares.NONE);
    Moment.forEach(
        judged,
        SpeakerMapping.optimal(comparison.judgedForMapping(scoring)),
        moment -> {
          for (Track track : moment.matched()) {
            int row = rowOfTrack.get(track.name());
            sums[row] = sums[row].plus(ErrorShares.ofMatched(moment));
          }
          for (Track track : moment.reference()) {
            int row = rowOfTrack.get(track.name());
            sums[row] = sums[row].plus(ErrorShares.ofReference(moment));
          }
        });
    List<TurnLengthErrors> rows = new ArrayList<>();
    for (int row = 0; row < turns.length; row++) {
      rows.add(
          new TurnLengthErrors(
              BORDERS_SECONDS[row], BORDERS_SECONDS[row + 1], turns[row], sums[row]));
    }
    return rows;
  }

  /**
   * The sums of the same rows of several recordings.
   *
   * @param recordings each as {@link #of} gives them
   */
  public static List<TurnLengthErrors> sum(List<List<TurnLengthErrors>> recordings) {
    List<TurnLengthErrors> sums = new ArrayList<>();
    for (int row = 0; row < BORDERS_SECONDS.length - 1; row++) {
      int turns = 0;
      ErrorShares errors = ErrorShares.NONE;
      for (List<TurnLengthErrors> recording : recordings) {
        turns += recording.get(row).turns;
        errors = errors.plus(recording.get(row).errors);
      }
      sums.add(new TurnLengthErrors(BORDERS_SECONDS[row], BORDERS_SECONDS[row + 1], turns, errors));
    }
    return sums;
  }

  private static int row(double seconds) {
    int row = 0;
    while (seconds >= BORDERS_SECONDS[row + 1]) {
      row++;
    }
    return row;
  }
}
