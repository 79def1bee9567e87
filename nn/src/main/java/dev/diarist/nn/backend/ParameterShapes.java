package dev.diarist.nn.backend;

import dev.diarist.nn.graph.Graph;
import dev.diarist.nn.weights.Weights;
import java.util.Arrays;

/** What must hold of the tensors that a graph reads, on every backend. */
public final class ParameterShapes {
  private ParameterShapes() {}

  /**
   * @throws IllegalArgumentException if a tensor that the graph reads is missing or has another
   *     shape
   */
  public static void check(Graph graph, Weights weights) {
    graph
        .parameters()
        .forEach(
            (name, shape) -> {
              long[] expected = Arrays.stream(shape.dimensions()).asLongStream().toArray();
              if (!Arrays.equals(weights.shape(name), expected)) {
                throw new IllegalArgumentException(
                    "tensor %s must be %s, got %s"
                        .formatted(name, shape, Arrays.toString(weights.shape(name))));
              }
            });
  }
}
