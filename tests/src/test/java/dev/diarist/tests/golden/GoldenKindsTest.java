package dev.diarist.tests.golden;

import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Which kinds of recordings have a test, so that none is forgotten in silence. */
class GoldenKindsTest {
  /** What the recordings were made from and how; nothing to compare with. */
  private static final Set<String> INPUTS = Set.of("audio", "how", "models");

  /** Each is tested in this package. */
  private static final Set<String> TESTED =
      Set.of("clustering", "layers", "metric", "ops", "regions", "runs", "signal", "training");

  @TestFactory
  Stream<DynamicTest> everyKindOfRecordingIsTested() throws IOException {
    if (!GoldenCases.present()) {
      return Stream.of(GoldenCases.skipped("kinds"));
    }
    return GoldenCases.kinds().stream()
        .filter(kind -> !INPUTS.contains(kind))
        .map(kind -> dynamicTest(kind, () -> check(kind)));
  }

  private static void check(String kind) throws IOException {
    if (!TESTED.contains(kind)) {
      GoldenTally.waiting(kind, kind);
      abort("waiting: golden/" + kind + " has no test yet");
    }
  }
}
