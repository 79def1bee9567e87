package dev.diarist.tests.metric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.diarist.tests.golden.MetricCase;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * The metrics, against the pyannote.metrics of the Python that {@code -Ddiarist.python=…} names, on
 * cases made anew: {@code -Ddiarist.seed=…} makes others.
 */
class RandomMetricCasesTest {
  private static final String PYTHON = System.getProperty("diarist.python", "");
  private static final String SEED = System.getProperty("diarist.seed", "7");
  private static final int CASES = 400;

  @TempDir private Path folder;

  @TestFactory
  Stream<DynamicTest> figuresAreThoseOfPyannoteMetrics() throws Exception {
    assumeTrue(!PYTHON.isEmpty(), "skipped: no Python with pyannote.metrics (diarist.python)");
    List<MetricCase> cases = cases();
    assertEquals(CASES, cases.size());
    return cases.stream().map(one -> dynamicTest(one.name(), one::check));
  }

  private List<MetricCase> cases() throws IOException, InterruptedException {
    Path script =
        Path.of(System.getProperty("diarist.root")).resolve("tests/metrics/random_cases.py");
    Path json = folder.resolve("cases.json");
    int code =
        new ProcessBuilder(PYTHON, script.toString(), Integer.toString(CASES), SEED)
            .redirectOutput(json.toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start()
            .waitFor();
    assertEquals(0, code, script + " failed");
    return MetricCase.in(new ObjectMapper().readTree(json.toFile()));
  }
}
