package dev.diarist.annotation;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * Seconds as decimals: the exact binary value rounded half-even, as Python formats and rounds it.
 * {@link String#format} rounds the shortest decimal instead, and differs on the halves that four
 * frames of 0.016875 s make.
 */
final class Decimals {
  private Decimals() {}

  /** With so many decimals, always: {@code f"{seconds:.3f}"}. */
  static String fixed(double seconds, int decimals) {
    return new BigDecimal(seconds).setScale(decimals, RoundingMode.HALF_EVEN).toPlainString();
  }

  /** {@code round(seconds, 3)}. */
  static double rounded(double seconds) {
    return new BigDecimal(seconds).setScale(3, RoundingMode.HALF_EVEN).doubleValue();
  }

  /** The same as a whole number of milliseconds. */
  static long milliseconds(double seconds) {
    return new BigDecimal(seconds)
        .setScale(3, RoundingMode.HALF_EVEN)
        .unscaledValue()
        .longValueExact();
  }
}
