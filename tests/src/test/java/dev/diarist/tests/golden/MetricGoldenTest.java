package dev.diarist.tests.golden;

import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The metrics, against pyannote.metrics 3.2.1. */
class MetricGoldenTest {
  private static final String KIND = "metric";

  @TestFactory
  Stream<DynamicTest> figuresAreThoseOfPyannoteMetrics() throws IOException {
    if (!GoldenCases.present()) {
      return Stream.of(GoldenCases.skipped(KIND));
    }
    return MetricCase.in(
            new ObjectMapper()
                .readTree(GoldenCases.golden().resolve(KIND).resolve("cases.json").toFile()))
        .stream()
        .map(
            golden ->
                dynamicTest(
                    golden.name(),
                    () -> {
                      golden.check();
                      GoldenTally.compared(KIND, golden.name());
                    }));
  }
}
