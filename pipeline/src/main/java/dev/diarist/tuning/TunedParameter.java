package dev.diarist.tuning;

import java.util.Arrays;
import java.util.List;

/**
 * A parameter to tune, by its name in {@code config.yaml}, and where it is looked for.
 *
 * @param lower smallest value, included
 * @param upper largest value, included
 * @param whole whether only whole numbers count
 */
public record TunedParameter(String name, double lower, double upper, boolean whole) {
  private static final List<TunedParameter> KNOWN =
      List.of(
          // The ranges that pyannote.audio 3.3.2 searches.
          new TunedParameter("clustering.threshold", 0, 2, false),
          new TunedParameter("clustering.min_cluster_size", 1, 20, true),
          new TunedParameter("segmentation.min_duration_off", 0, 1, false));

  public TunedParameter {
    if (!(lower < upper) || Double.isInfinite(upper - lower)) {
      throw new IllegalArgumentException(
          name
              + " must have a range from a smaller to a larger number, got "
              + lower
              + ":"
              + upper);
    }
  }

  /** All that can be tuned. */
  public static List<TunedParameter> known() {
    return KNOWN;
  }

  /**
   * {@code clustering.threshold}, or {@code clustering.threshold=0.4:0.9} for a range of one's own.
   *
   * @throws IllegalArgumentException if there is no such parameter, or the range is none
   */
  public static TunedParameter parse(String text) {
    String[] parts = text.split("=", 2);
    TunedParameter known =
        KNOWN.stream()
            .filter(parameter -> parameter.name.equals(parts[0]))
            .findFirst()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        parts[0]
                            + " cannot be tuned; these can: "
                            + KNOWN.stream().map(TunedParameter::name).toList()));
    if (parts.length == 1) {
      return known;
    }
    double[] range;
    try {
      range = Arrays.stream(parts[1].split(":", -1)).mapToDouble(Double::parseDouble).toArray();
    } catch (NumberFormatException e) {
      range = new double[0];
    }
    if (range.length != 2 || range[0] < 0) {
      throw new IllegalArgumentException(
          known.name + " must have a range like 0.4:0.9, from 0 on, got " + parts[1]);
    }
    return new TunedParameter(known.name, range[0], range[1], known.whole);
  }

  /** The value at a place of the range, from 0 to 1, as a configuration has it. */
  String value(double place) {
    double value = lower + Math.clamp(place, 0, 1) * (upper - lower);
    return whole ? Long.toString(Math.round(value)) : Double.toString(value);
  }

  /** Where a value lies in the range; what lies outside is moved to the border. */
  double place(double value) {
    return Math.clamp((value - lower) / (upper - lower), 0, 1);
  }
}
