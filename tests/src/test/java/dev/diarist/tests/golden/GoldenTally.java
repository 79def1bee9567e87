package dev.diarist.tests.golden;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestPlan;

/** Counts the golden cases that were compared, and says so after the last test. */
public final class GoldenTally implements TestExecutionListener {
  private static final Map<String, AtomicInteger> COMPARED = new TreeMap<>();
  private static final Map<String, AtomicInteger> WAITING = new TreeMap<>();

  static synchronized void compared(String kind) {
    COMPARED.computeIfAbsent(kind, absent -> new AtomicInteger()).incrementAndGet();
  }

  /** A case that a later issue brings the code for. */
  static synchronized void waiting(String kind) {
    WAITING.computeIfAbsent(kind, absent -> new AtomicInteger()).incrementAndGet();
  }

  @Override
  public void testPlanExecutionFinished(TestPlan plan) {
    if (!COMPARED.isEmpty()) {
      System.out.println("golden cases compared: " + COMPARED + "; waiting: " + WAITING);
    }
  }
}
