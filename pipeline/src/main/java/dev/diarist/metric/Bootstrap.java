package dev.diarist.metric;

import java.util.Arrays;
import java.util.List;
import org.apache.commons.math3.random.RandomGenerator;
import org.apache.commons.math3.random.Well19937c;
import org.apache.commons.math3.stat.descriptive.rank.Percentile;

/**
 * How sure a rate over recordings is, found by drawing as many recordings again and again with
 * replacement and adding up what they count.
 *
 * <p>Source: B. Efron, R. Tibshirani, "An Introduction to the Bootstrap", 1993, percentile
 * intervals; for two systems M. Bisani, H. Ney, "Bootstrap estimates for confidence intervals in
 * ASR performance evaluation", 2004, who draw the same recordings for both.
 *
 * @param confidence share of the draws that lie inside an interval, between 0 and 1
 * @param draws how often
 * @param seed of the draws; the same seed gives the same intervals
 */
public record Bootstrap(double confidence, int draws, long seed) {
  /** 95 % of 10,000 draws. */
  public static final Bootstrap DEFAULT = new Bootstrap(0.95, 10_000, 1);

  public Bootstrap {
    if (!(confidence > 0 && confidence < 1)) {
      throw new IllegalArgumentException("confidence must be between 0 and 1, got " + confidence);
    }
    if (draws < 1) {
      throw new IllegalArgumentException("there must be at least one draw, got " + draws);
    }
  }

  /**
   * @param value of the recordings as they are
   */
  public record Interval(double lower, double value, double upper) {}

  /**
   * @param difference rate of the second system minus that of the first
   * @param shareBelowZero of the draws, those in which the second system's rate is the smaller; a
   *     draw without a difference counts half
   */
  public record PairedInterval(Interval difference, double shareBelowZero) {}

  /**
   * The interval of a rate.
   *
   * @param scores one for each recording
   * @throws IllegalArgumentException if there is none
   */
  public Interval interval(List<Score> scores) {
    double[] rates = new double[draws];
    RandomGenerator random = random(scores);
    for (int draw = 0; draw < draws; draw++) {
      rates[draw] = rate(scores, drawn(scores.size(), random));
    }
    return interval(rates, Score.sum(scores.getFirst().metric(), scores).rate());
  }

  /**
   * The interval of the difference between two systems on the same recordings.
   *
   * @param first one score for each recording
   * @param second of the same recordings, in the same order
   * @throws IllegalArgumentException if there is none, or their numbers differ
   */
  public PairedInterval paired(List<Score> first, List<Score> second) {
    if (first.size() != second.size()) {
      throw new IllegalArgumentException(
          "a paired bootstrap needs both scores of each recording, got "
              + first.size()
              + " and "
              + second.size());
    }
    double[] differences = new double[draws];
    double below = 0;
    RandomGenerator random = random(first);
    for (int draw = 0; draw < draws; draw++) {
      int[] drawn = drawn(first.size(), random);
      differences[draw] = rate(second, drawn) - rate(first, drawn);
      below += differences[draw] < 0 ? 1 : differences[draw] == 0 ? 0.5 : 0;
    }
    Metric metric = first.getFirst().metric();
    double difference = Score.sum(metric, second).rate() - Score.sum(metric, first).rate();
    return new PairedInterval(interval(differences, difference), below / draws);
  }

  private RandomGenerator random(List<Score> scores) {
    if (scores.isEmpty()) {
      throw new IllegalArgumentException("a bootstrap needs at least one recording, got none");
    }
    return new Well19937c(seed);
  }

  private Interval interval(double[] values, double value) {
    Arrays.sort(values);
    Percentile percentile = new Percentile();
    percentile.setData(values);
    double tailPercent = 50 * (1 - confidence);
    return new Interval(
        percentile.evaluate(tailPercent), value, percentile.evaluate(100 - tailPercent));
  }

  private static int[] drawn(int recordings, RandomGenerator random) {
    int[] drawn = new int[recordings];
    for (int i = 0; i < recordings; i++) {
      drawn[i] = random.nextInt(recordings);
    }
    return drawn;
  }

  private static double rate(List<Score> scores, int[] drawn) {
    Metric metric = scores.getFirst().metric();
    double[] sums = new double[metric.components().size()];
    for (int i : drawn) {
      double[] values = scores.get(i).values();
      for (int k = 0; k < sums.length; k++) {
        sums[k] += values[k];
      }
    }
    return metric.rate(sums);
  }
}
