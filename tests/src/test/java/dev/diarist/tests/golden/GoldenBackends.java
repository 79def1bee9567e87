package dev.diarist.tests.golden;

import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.diarist.nn.backend.Assessment;
import dev.diarist.nn.backend.Backend;
import dev.diarist.nn.backend.Backends;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/** The backends on which the same tests run. */
final class GoldenBackends {
  private GoldenBackends() {}

  /**
   * The tests of each backend that works; one skipped test for each that does not, or is absent.
   */
  static List<DynamicTest> each(Function<Backend, Stream<DynamicTest>> tests) {
    List<DynamicTest> all = new ArrayList<>();
    List<Backend> backends = Backends.all();
    for (Backend backend : backends) {
      if (backend.unavailable().isEmpty()) {
        tests.apply(backend).forEach(all::add);
      } else {
        all.add(skipped(backend.name(), backend.unavailable().get()));
      }
    }
    for (Assessment assessment : Backends.assess()) {
      if (backends.stream().noneMatch(b -> b.name().equals(assessment.backend()))) {
        all.add(skipped(assessment.backend(), assessment.notUsed().orElseThrow()));
      }
    }
    return all;
  }

  private static DynamicTest skipped(String backend, String reason) {
    return dynamicTest("on " + backend, () -> abort("skipped: " + reason));
  }
}
