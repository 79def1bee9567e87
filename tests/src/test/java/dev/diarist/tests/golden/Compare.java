package dev.diarist.tests.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.Supplier;

/** Compares arrays and reports the worst place. */
final class Compare {
  private Compare() {}

  /** |actual − expected| ≤ tolerance everywhere, and everything finite. */
  static void within(float tolerance, float[] expected, float[] actual, String what) {
    assertEquals(expected.length, actual.length, what + ": number of values");
    int worst = 0;
    for (int i = 0; i < actual.length; i++) {
      assertTrue(Float.isFinite(actual[i]), what + ": value " + i + " is " + actual[i]);
      if (Math.abs(actual[i] - expected[i]) > Math.abs(actual[worst] - expected[worst])) {
        worst = i;
      }
    }
    int at = worst;
    Supplier<String> report =
        () ->
            "%s: |%g - %g| at %d exceeds %g; 1 - cosine is %g"
                .formatted(
                    what,
                    actual[at],
                    expected[at],
                    at,
                    tolerance,
                    cosineDistance(expected, actual));
    assertTrue(Math.abs(actual[worst] - expected[worst]) <= tolerance, report);
  }

  /** The same, with a tolerance relative to the largest expected value. */
  static void withinOfLargest(float tolerance, float[] expected, float[] actual, String what) {
    float largest = 0;
    for (float value : expected) {
      largest = Math.max(largest, Math.abs(value));
    }
    within(tolerance * largest, expected, actual, what);
  }

  static double cosineDistance(float[] x, float[] y) {
    double xy = 0;
    double xx = 0;
    double yy = 0;
    for (int i = 0; i < x.length; i++) {
      xy += (double) x[i] * y[i];
      xx += (double) x[i] * x[i];
      yy += (double) y[i] * y[i];
    }
    return 1 - xy / Math.sqrt(xx * yy);
  }

  /**
   * Log-probabilities: probabilities within {@link Tolerances#PROBABILITY}; where they are not
   * rare, logarithms within {@code tolerance} as well.
   */
  static void logProbabilities(float tolerance, float[] expected, float[] actual, String what) {
    assertEquals(expected.length, actual.length, what + ": number of values");
    for (int i = 0; i < expected.length; i++) {
      double difference = Math.abs(Math.exp(actual[i]) - Math.exp(expected[i]));
      boolean close =
          difference <= Tolerances.PROBABILITY
              && (expected[i] <= Tolerances.RARE || Math.abs(actual[i] - expected[i]) <= tolerance);
      int at = i;
      assertTrue(
          close, () -> "%s: %g at %d, expected %g".formatted(what, actual[at], at, expected[at]));
    }
  }
}
