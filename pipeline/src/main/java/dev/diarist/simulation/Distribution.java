package dev.diarist.simulation;

import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * How durations are distributed, by their quantiles: a histogram whose bins are all as full.
 *
 * @param quantiles in seconds, the i-th of n being the quantile at i/(n − 1), the first the least
 *     duration and the last the longest; linear between them
 */
public record Distribution(List<Double> quantiles) {
  /** In steps of one per cent. */
  private static final int QUANTILES = 101;

  /**
   * @throws IllegalArgumentException if there are fewer than two quantiles, or they do not rise
   */
  public Distribution {
    quantiles = List.copyOf(quantiles);
    if (quantiles.size() < 2) {
      throw new IllegalArgumentException(
          "a distribution must have two quantiles or more, got " + quantiles.size());
    }
    for (int i = 0; i < quantiles.size(); i++) {
      double previous = i == 0 ? 0 : quantiles.get(i - 1);
      if (!(quantiles.get(i) >= previous && Double.isFinite(quantiles.get(i)))) {
        throw new IllegalArgumentException(
            "quantiles must be finite, at least 0 and rise, got %s after %s"
                .formatted(quantiles.get(i), previous));
      }
    }
  }

  /** The distribution of these durations; of none, as if all were 0. */
  public static Distribution of(List<Double> seconds) {
    if (seconds.isEmpty()) {
      return new Distribution(List.of(0.0, 0.0));
    }
    double[] sorted = seconds.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    Double[] quantiles = new Double[QUANTILES];
    for (int i = 0; i < QUANTILES; i++) {
      quantiles[i] = at(sorted, (double) i / (QUANTILES - 1));
    }
    return new Distribution(Arrays.asList(quantiles));
  }

  /** Source: NumPy's quantile, method linear. */
  private static double at(double[] sorted, double share) {
    double place = share * (sorted.length - 1);
    int below = (int) place;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
  }

  /** The duration that a share of all, from 0 to 1, does not exceed. */
  public double quantile(double share) {
    return at(quantiles.stream().mapToDouble(Double::doubleValue).toArray(), share);
  }

  /** The share of durations that do not exceed one. */
  public double shareUpTo(double seconds) {
    int last = quantiles.size() - 1;
    if (seconds < quantiles.getFirst()) {
      return 0;
    }
    for (int i = 1; i <= last; i++) {
      double low = quantiles.get(i - 1);
      double high = quantiles.get(i);
      if (seconds < high) {
        return (i - 1 + (seconds - low) / (high - low)) / last;
      }
    }
    return 1;
  }

  public double meanSeconds() {
    double sum = 0;
    for (int i = 1; i < quantiles.size(); i++) {
      sum += (quantiles.get(i - 1) + quantiles.get(i)) / 2;
    }
    return sum / (quantiles.size() - 1);
  }

  /**
   * A duration from those that do not exceed a limit; the limit where all do.
   *
   * @param random gives one number
   */
  public double draw(double atMostSeconds, RandomGenerator random) {
    double share = random.nextDouble() * shareUpTo(atMostSeconds);
    return Math.min(atMostSeconds, quantile(share));
  }
}
