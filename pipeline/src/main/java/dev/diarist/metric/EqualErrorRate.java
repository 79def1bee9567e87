package dev.diarist.metric;

import java.util.Arrays;

/**
 * The rate at which a verifier that accepts scores at or above a threshold misses as many trials of
 * one speaker as it accepts of two.
 *
 * <pre>
 * miss(t)  = |{same &lt; t}| / |same|
 * false(t) = |{different ≥ t}| / |different|
 * </pre>
 *
 * Where no threshold makes the two equal, they are joined by straight lines between neighbouring
 * thresholds and the rate is read where the lines cross. Equal scores are accepted or refused
 * together, so the order of trials does not matter.
 */
public final class EqualErrorRate {
  private EqualErrorRate() {}

  /**
   * The equal error rate, from 0 to 1; higher scores mean more alike.
   *
   * @param same scores of trials with one speaker; not modified
   * @param different scores of trials with two speakers; not modified
   * @throws IllegalArgumentException if either is empty or holds a number that is not finite
   */
  public static double of(double[] same, double[] different) {
    double[] targets = sorted(same, "same-speaker");
    double[] others = sorted(different, "different-speaker");
    double miss = 0;
    double falseAccept = 1;
    int missed = 0;
    int refused = 0;
    while (true) {
      double score = lowest(targets, missed, others, refused);
      missed = after(targets, missed, score);
      refused = after(others, refused, score);
      double nextMiss = (double) missed / targets.length;
      double nextFalse = (double) (others.length - refused) / others.length;
      if (nextMiss >= nextFalse) {
        double before = falseAccept - miss;
        double share = before / (before + nextMiss - nextFalse);
        return miss + share * (nextMiss - miss);
      }
      miss = nextMiss;
      falseAccept = nextFalse;
    }
  }

  /** The lowest score not yet refused; there is one, since with all refused miss is 1. */
  private static double lowest(double[] targets, int missed, double[] others, int refused) {
    double target = missed < targets.length ? targets[missed] : Double.POSITIVE_INFINITY;
    double other = refused < others.length ? others[refused] : Double.POSITIVE_INFINITY;
    return Math.min(target, other);
  }

  private static int after(double[] scores, int start, double score) {
    int index = start;
    while (index < scores.length && scores[index] <= score) {
      index++;
    }
    return index;
  }

  private static double[] sorted(double[] scores, String name) {
    if (scores.length == 0) {
      throw new IllegalArgumentException("at least one " + name + " score is needed, got none");
    }
    double[] copy = new double[scores.length];
    for (int i = 0; i < scores.length; i++) {
      if (!Double.isFinite(scores[i])) {
        throw new IllegalArgumentException(
            "%s scores must be finite, got %s at %d".formatted(name, scores[i], i));
      }
      // −0 and 0 are one score, which sorting would otherwise keep apart
      copy[i] = scores[i] + 0.0;
    }
    Arrays.sort(copy);
    return copy;
  }
}
