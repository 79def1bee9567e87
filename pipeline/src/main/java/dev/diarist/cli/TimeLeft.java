package dev.diarist.cli;

/** How long a training still takes, from how long its steps took so far. */
final class TimeLeft {
  private static final double NANOS_PER_SECOND = 1e9;

  private long begunNanos;
  private long first = -1;

  /** To be told of each step. */
  void step(long number) {
    if (first < 0) {
      begunNanos = System.nanoTime();
      first = number;
    }
  }

  /** Hours, minutes and seconds; a question mark before there is a step to go by. */
  String left(long number, long steps) {
    if (number <= first) {
      return "?";
    }
    double seconds = (System.nanoTime() - begunNanos) / NANOS_PER_SECOND;
    long remaining = Math.round(seconds / (number - first) * (steps - number));
    return "%d:%02d:%02d".formatted(remaining / 3600, remaining / 60 % 60, remaining % 60);
  }
}
