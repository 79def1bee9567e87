package dev.diarist.transcript;

import dev.diarist.Turn;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Whose turns a stretch of time lies in. */
final class SpeakerFinder {
  private final Turn[] turns; // by start, then end
  private final double[] latestEnds; // latestEnds[i]: the latest end of turns 0 to i
  private final double maxGapSeconds;

  /**
   * @param turns in any order
   * @param maxGapSeconds how far the nearest turn may be from what lies in none
   * @throws IllegalArgumentException if the limit is negative or not a number
   */
  SpeakerFinder(List<Turn> turns, double maxGapSeconds) {
    if (!(maxGapSeconds >= 0)) {
      throw new IllegalArgumentException(
          "the largest gap must be 0 seconds or more, got " + maxGapSeconds);
    }
    this.maxGapSeconds = maxGapSeconds;
    this.turns = turns.toArray(Turn[]::new);
    Arrays.sort(
        this.turns,
        Comparator.comparingDouble(Turn::startSeconds).thenComparingDouble(Turn::endSeconds));
    latestEnds = new double[this.turns.length];
    double latest = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < latestEnds.length; i++) {
      latest = Math.max(latest, this.turns[i].endSeconds());
      latestEnds[i] = latest;
    }
  }

  /**
   * The speaker who speaks longest in [start, end]; where nobody does, the one of the nearest turn
   * within the limit; the turn that starts first decides between equals.
   *
   * @return null where no turn is near
   */
  String speaker(double startSeconds, double endSeconds) {
    Map<String, Double> overlaps = new LinkedHashMap<>();
    String nearest = null;
    double nearestGap = Double.POSITIVE_INFINITY;
    for (int i = firstTurn(startSeconds - maxGapSeconds);
        i < turns.length && turns[i].startSeconds() <= endSeconds + maxGapSeconds;
        i++) {
      Turn turn = turns[i];
      double overlap =
          Math.min(endSeconds, turn.endSeconds()) - Math.max(startSeconds, turn.startSeconds());
      if (overlap > 0) {
        overlaps.merge(turn.speaker(), overlap, Double::sum);
      }
      double gap = Math.max(0, -overlap);
      if (gap <= maxGapSeconds && gap < nearestGap) {
        nearest = turn.speaker();
        nearestGap = gap;
      }
    }
    return overlaps.isEmpty() ? nearest : longest(overlaps);
  }

  /** The first turn that may end at {@code seconds} or later. */
  private int firstTurn(double seconds) {
    int low = 0;
    int high = latestEnds.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (latestEnds[middle] < seconds) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** The key of the largest value; the first of equals, null where there is none. */
  static String longest(Map<String, Double> seconds) {
    String longest = null;
    double most = Double.NEGATIVE_INFINITY;
    for (Map.Entry<String, Double> entry : seconds.entrySet()) {
      if (entry.getValue() > most) {
        longest = entry.getKey();
        most = entry.getValue();
      }
    }
    return longest;
  }
}
