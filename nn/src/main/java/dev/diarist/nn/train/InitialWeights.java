package dev.diarist.nn.train;

import dev.diarist.nn.graph.Graph;
import dev.diarist.nn.graph.Shape;
import dev.diarist.nn.weights.Tensor;
import dev.diarist.nn.weights.Weights;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Where the training of an embedding network begins: convolutions drawn from a normal distribution
 * of variance 2 / (outputs · kernel), linear layers evenly from ±1/√inputs, norms that change
 * nothing.
 *
 * <p>Source: He et al., "Delving deep into rectifiers", 2015; PyTorch's linear layer.
 */
public final class InitialWeights {
  private InitialWeights() {}

  /** Weights for every tensor of a graph of convolutions, norms and linear layers. */
  public static Weights of(Graph graph, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    graph.parameters().forEach((name, shape) -> tensors.put(name, tensor(name, shape, random)));
    return Weights.of(tensors, Map.of());
  }

  private static Tensor tensor(String name, Shape shape, SplittableRandom random) {
    if (name.endsWith(".num_batches_tracked")) {
      return Tensor.of(new long[1]);
    }
    int[] dimensions = shape.dimensions();
    float[] values = new float[shape.size()];
    switch (dimensions.length) {
      case 4 -> { // (O, C, K, K)
        double deviation = Math.sqrt(2.0 / (dimensions[0] * dimensions[2] * dimensions[3]));
        for (int i = 0; i < values.length; i++) {
          values[i] = (float) (deviation * random.nextGaussian());
        }
      }
      case 2 -> { // (O, C)
        double bound = 1 / Math.sqrt(dimensions[1]);
        for (int i = 0; i < values.length; i++) {
          values[i] = (float) ((2 * random.nextDouble() - 1) * bound);
        }
      }
      default -> {
        boolean one = name.endsWith(".weight") || name.endsWith(".running_var");
        Arrays.fill(values, one ? 1 : 0);
      }
    }
    return Tensor.of(values, Arrays.stream(dimensions).asLongStream().toArray());
  }
}
