package dev.diarist.metric;

import java.util.Arrays;
import java.util.Collection;

/**
 * What a metric counted.
 *
 * @param values one for each of {@link Metric#components()}; not modified
 */
public record Score(Metric metric, double[] values) {

  /** Nothing, which adds nothing. */
  public static Score zero(Metric metric) {
    return new Score(metric, new double[metric.components().size()]);
  }

  /**
   * The sum over recordings, in their order.
   *
   * @throws IllegalArgumentException if one is of another metric
   */
  public static Score sum(Metric metric, Collection<Score> scores) {
    Score sum = zero(metric);
    for (Score score : scores) {
      sum = sum.plus(score);
    }
    return sum;
  }

  public double rate() {
    return metric.rate(values);
  }

  /**
   * The value of one of {@link Metric#components()}.
   *
   * @throws IllegalArgumentException if the metric has no such component
   */
  public double component(String name) {
    int index = metric.components().indexOf(name);
    if (index < 0) {
      throw new IllegalArgumentException(
          metric.metricName() + " has the components " + metric.components() + ", not " + name);
    }
    return values[index];
  }

  /**
   * @throws IllegalArgumentException if {@code other} is of another metric
   */
  public Score plus(Score other) {
    if (other.metric != metric) {
      throw new IllegalArgumentException(
          "scores of " + metric.metricName() + " and " + other.metric.metricName() + " do not add");
    }
    double[] sum = values.clone();
    for (int i = 0; i < sum.length; i++) {
      sum[i] += other.values[i];
    }
    return new Score(metric, sum);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Score score
        && score.metric == metric
        && Arrays.equals(score.values, values);
  }

  @Override
  public int hashCode() {
    return 31 * metric.hashCode() + Arrays.hashCode(values);
  }
}
