package dev.diarist.clustering;

import java.util.concurrent.CancellationException;

/**
 * Tells whoever works on a clustering, on any thread, that the thread which asked for it was
 * interrupted.
 */
final class Cancellation {
  private final Thread caller = Thread.currentThread();

  /**
   * To be called at least a few times a second.
   *
   * @throws CancellationException if the thread that made this is interrupted; it stays so
   */
  void check() {
    if (caller.isInterrupted()) {
      throw new CancellationException("clustering was cancelled, as its thread was interrupted");
    }
  }
}
