package dev.diarist;

/** What can be chosen about a diarization; immutable. */
public record DiarizerOptions(double threshold, String backend, int threads) {

  public static DiarizerOptions defaults() {
    return new DiarizerOptions(0.7045654963945799, "auto", 1);
  }

  /**
   * @throws IllegalArgumentException if there is no such parameter, or the value is out of its
   *     range
   */
  public DiarizerOptions with(String parameter, String value) {
    if (!parameter.equals("clustering.threshold")) {
      throw new IllegalArgumentException(
          "unknown parameter " + parameter + "; known: clustering.threshold");
    }
    return new DiarizerOptions(Double.parseDouble(value), backend, threads);
  }

  public DiarizerOptions withBackend(String name) {
    return new DiarizerOptions(threshold, name, threads);
  }

  /**
   * @throws IllegalArgumentException if {@code count} is below 1
   */
  public DiarizerOptions withThreads(int count) {
    if (count < 1) {
      throw new IllegalArgumentException("threads must be at least 1, got " + count);
    }
    return new DiarizerOptions(threshold, backend, count);
  }
}
