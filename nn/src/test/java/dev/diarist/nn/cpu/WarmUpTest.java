package dev.diarist.nn.cpu;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 1, unit = TimeUnit.MINUTES)
class WarmUpTest {
  private static boolean isRunning() {
    return Thread.getAllStackTraces().keySet().stream()
        .anyMatch(thread -> thread.getName().equals("diarist-cpu-warm-up"));
  }

  @Test
  void whoWaitsFindsItAtItsEnd() {
    WarmUp.begin();
    WarmUp.await();
    assertFalse(isRunning());
    WarmUp.begin();
    assertFalse(isRunning(), "begun twice");
  }

  @Test
  void anInterruptedThreadGoesOnAndStaysInterrupted() {
    WarmUp.begin();
    Thread.currentThread().interrupt();
    WarmUp.await();
    assertTrue(Thread.interrupted());
  }
}
