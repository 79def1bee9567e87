package dev.diarist.report;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Comma-separated values.
 *
 * <p>Source: RFC 4180, with lines that end in a line feed.
 */
final class Csv {
  private Csv() {}

  static String line(List<String> cells) {
    return cells.stream().map(Csv::cell).collect(Collectors.joining(",", "", "\n"));
  }

  private static String cell(String value) {
    boolean plain = value.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
    return plain ? value : '"' + value.replace("\"", "\"\"") + '"';
  }

  /** Every digit; empty where there is no number. */
  static String number(double value) {
    return Double.isFinite(value) ? Double.toString(value) : "";
  }
}
