package dev.diarist.nn.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.diarist.nn.backend.Backend;
import dev.diarist.nn.backend.Backends;
import dev.diarist.nn.backend.Execution;
import dev.diarist.nn.backend.Program;
import dev.diarist.nn.graph.Graph;
import dev.diarist.nn.weights.Weights;

/** Runs of the same network with the same weights, compared. */
final class Runs {
  /** Of the largest value: float32 sums in another order through a dozen layers. */
  static final double NETWORK = 2e-5;

  private Runs() {}

  static Backend cpu(int lanes) {
    return new CpuBackend(Kernels.ofLanes(lanes));
  }

  static float[] run(Backend backend, Graph graph, int batch, float[]... inputs) {
    Weights weights = Networks.weights(graph, 11);
    try (Program program = backend.compile(graph, weights, new Execution(2, batch))) {
      return program.run(batch, inputs);
    }
  }

  static void assertClose(float[] expected, float[] actual, double tolerance) {
    assertEquals(expected.length, actual.length);
    double largest = 0;
    for (float v : expected) {
      largest = Math.max(largest, Math.abs(v));
    }
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], actual[i], tolerance * largest, "value " + i);
    }
  }

  static void assertLikeReference(int lanes, Graph graph, int batch, float[]... inputs) {
    float[] expected = run(Backends.choose("nd4j"), graph, batch, inputs);
    assertClose(expected, run(cpu(lanes), graph, batch, inputs), NETWORK);
  }
}
