package dev.diarist.nn.backend;

/**
 * How a program may use the machine; no result depends on it.
 *
 * @param threads that compute at the same time
 * @param batch the most examples of one run
 */
public record Execution(int threads, int batch) {

  public Execution {
    if (threads < 1) {
      throw new IllegalArgumentException("threads must be at least 1, got " + threads);
    }
    if (batch < 1) {
      throw new IllegalArgumentException("batch must be at least 1, got " + batch);
    }
  }
}
