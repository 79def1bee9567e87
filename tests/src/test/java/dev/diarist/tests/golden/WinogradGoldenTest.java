package dev.diarist.tests.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.diarist.embedding.Masks;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/**
 * What Winograd convolutions do to the embeddings of full-size models: the cpu backend against
 * itself with every convolution straight from its definition.
 */
@Tag("long")
class WinogradGoldenTest {
  private static final String KIND = "Winograd against direct convolutions";

  /** The property of the cpu backend. */
  private static final String WINOGRAD = "diarist.cpu.winograd";

  /** ‖winograd − direct‖ / ‖direct‖ of an embedding; 2.0e-5 was the largest measured. */
  private static final double CHANGE = 1e-4;

  /** |change| of the cosine distance of two embeddings; 4.6e-6 was the largest measured. */
  private static final double DISTANCE_CHANGE = 2e-5;

  private static WholeRuns winograd;
  private static WholeRuns direct;
  private static long embeddings;
  private static double largestChange;
  private static double largestDistanceChange;

  @TestFactory
  List<DynamicTest> winogradMovesEmbeddingsAsLittleAsRounding() throws IOException {
    if (!GoldenCases.present()) {
      return List.of(GoldenCases.skipped(KIND));
    }
    winograd = new WholeRuns(GoldenCases.shared(), "cpu");
    direct = new WholeRuns(GoldenCases.shared(), "cpu");
    return GoldenCases.of("runs/full").stream()
        .filter(golden -> golden.holds("embeddings"))
        .map(golden -> GoldenCases.test(KIND, golden, WinogradGoldenTest::check))
        .toList();
  }

  @AfterAll
  static void report() {
    if (winograd != null) {
      winograd.close();
      direct.close();
      System.out.printf(
          "Winograd against direct convolutions: %d embeddings change by %.2g of their length at"
              + " most, their cosine distances by %.2g%n",
          embeddings, largestChange, largestDistanceChange);
    }
  }

  private static void check(GoldenCase golden) throws IOException {
    WholeRuns.Run fast = winograd.of(golden);
    WholeRuns.Run exact = withoutWinograd(golden);
    assertEquals(exact.diarization().turns(), fast.diarization().turns());

    List<float[]> x = activeRows(fast.stages());
    List<float[]> y = activeRows(exact.stages());
    assertEquals(y.size(), x.size(), "active local speakers");
    double change = 0;
    for (int i = 0; i < x.size(); i++) {
      change = Math.max(change, relativeChange(x.get(i), y.get(i)));
    }
    double distanceChange = 0;
    for (int i = 0; i < x.size(); i++) {
      for (int j = 0; j < i; j++) {
        double before = Compare.cosineDistance(y.get(i), y.get(j));
        double after = Compare.cosineDistance(x.get(i), x.get(j));
        distanceChange = Math.max(distanceChange, Math.abs(after - before));
      }
    }
    embeddings += x.size();
    largestChange = Math.max(largestChange, change);
    largestDistanceChange = Math.max(largestDistanceChange, distanceChange);
    assertTrue(change > 0, "both runs took the same convolutions");
    assertTrue(change <= CHANGE, "an embedding changes by " + change);
    assertTrue(distanceChange <= DISTANCE_CHANGE, "a distance changes by " + distanceChange);
  }

  /** The backend asks for the property when it is made, with the first recording of a model. */
  private static WholeRuns.Run withoutWinograd(GoldenCase golden) throws IOException {
    System.setProperty(WINOGRAD, "false");
    try {
      return direct.of(golden);
    } finally {
      System.clearProperty(WINOGRAD);
    }
  }

  private static List<float[]> activeRows(WholeRuns.Stages stages) {
    float[][] rows = stages.embeddings().orElseThrow().rows();
    List<float[]> active = new ArrayList<>();
    Masks.activePairs(stages.segmentation()).stream().forEach(pair -> active.add(rows[pair]));
    return active;
  }

  /** ‖x − y‖ / ‖y‖. */
  private static double relativeChange(float[] x, float[] y) {
    double difference = 0;
    double length = 0;
    for (int d = 0; d < y.length; d++) {
      difference += ((double) x[d] - y[d]) * ((double) x[d] - y[d]);
      length += (double) y[d] * y[d];
    }
    return Math.sqrt(difference / length);
  }
}
