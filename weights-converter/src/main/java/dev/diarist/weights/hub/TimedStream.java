package dev.diarist.weights.hub;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The body of an answer that gives up where nothing comes for a while: the time-outs of Java's
 * client end where the body begins.
 */
final class TimedStream extends FilterInputStream {
  private static final ScheduledThreadPoolExecutor CLOCK = clock();

  private final Duration limit;
  private volatile boolean timedOut;

  /** The bytes of {@code body}, which is closed with this, and once they stall. */
  TimedStream(InputStream body, Duration limit) {
    super(body);
    this.limit = limit;
  }

  private static ScheduledThreadPoolExecutor clock() {
    ScheduledThreadPoolExecutor clock =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("diarist-hub-clock").factory());
    clock.setRemoveOnCancelPolicy(
        true); // or thousands of alarms a second would stay until they ring
    return clock;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  /**
   * @throws HttpTimeoutException if nothing comes for as long as the limit
   */
  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    ScheduledFuture<?> alarm =
        CLOCK.schedule(this::giveUp, limit.toMillis(), TimeUnit.MILLISECONDS);
    try {
      int read = in.read(into, offset, length);
      if (read < 0 && timedOut) { // closing ends the bytes as if they were all
        throw timeout();
      }
      return read;
    } catch (HttpTimeoutException e) {
      throw e;
    } catch (IOException e) {
      throw timedOut ? timeout() : e;
    } finally {
      alarm.cancel(false);
    }
  }

  private void giveUp() {
    timedOut = true;
    try {
      in.close(); // which wakes the reader
    } catch (IOException e) {
      // it wakes all the same, and says what there is to say
    }
  }

  private HttpTimeoutException timeout() {
    return new HttpTimeoutException("nothing came for %d s".formatted(limit.toSeconds()));
  }
}
