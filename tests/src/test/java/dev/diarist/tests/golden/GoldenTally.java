package dev.diarist.tests.golden;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestPlan;

/** Counts the golden cases that were compared, and says so after the last test. */
public final class GoldenTally implements TestExecutionListener {
  private static final Map<String, Set<String>> COMPARED = new TreeMap<>();
  private static final Map<String, Set<String>> WAITING = new TreeMap<>();

  /** A case counts once, in however many ways it is compared. */
  static synchronized void compared(String kind, String name) {
    COMPARED.computeIfAbsent(kind, absent -> new HashSet<>()).add(name);
  }

  /** A case whose code does not exist yet. */
  static synchronized void waiting(String kind, String name) {
    WAITING.computeIfAbsent(kind, absent -> new HashSet<>()).add(name);
  }

  @Override
  public void testPlanExecutionFinished(TestPlan plan) {
    if (!COMPARED.isEmpty()) {
      System.out.println(
          "golden cases compared: " + counts(COMPARED) + "; waiting: " + counts(WAITING));
    }
  }

  private static Map<String, Integer> counts(Map<String, Set<String>> cases) {
    Map<String, Integer> counts = new TreeMap<>();
    cases.forEach((kind, names) -> counts.put(kind, names.size()));
    return counts;
  }
}
