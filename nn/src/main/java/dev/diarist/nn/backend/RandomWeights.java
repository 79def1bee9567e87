package dev.diarist.nn.backend;

import dev.diarist.nn.graph.Graph;
import dev.diarist.nn.graph.Shape;
import dev.diarist.nn.weights.Tensor;
import dev.diarist.nn.weights.Weights;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

/** Weights that know nothing, on which backends are compared. */
public final class RandomWeights {
  private RandomWeights() {}

  /** Seeded weights for every tensor of a graph, under which values neither vanish nor explode. */
  public static Weights of(Graph graph, int seed) {
    Random random = new Random(seed);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    graph.parameters().forEach((name, shape) -> tensors.put(name, tensor(name, shape, random)));
    return Weights.of(tensors, Map.of());
  }

  private static Tensor tensor(String name, Shape shape, Random random) {
    long[] dimensions = new long[shape.rank()];
    int fan = 1;
    for (int i = 0; i < shape.rank(); i++) {
      dimensions[i] = shape.dimension(i);
      fan = i == 0 ? 1 : fan * shape.dimension(i);
    }
    String part = name.substring(name.lastIndexOf('.') + 1);
    float[] values = new float[shape.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] =
          switch (part) {
            case "num_batches_tracked" -> 1;
            case "running_var" -> 0.5f + random.nextFloat();
            case "low_hz_" -> 40 + 150 * i;
            case "band_hz_" -> 50 + 20 * random.nextFloat();
            case "window_" -> 0.1f + 0.9f * i / values.length;
            case "n_" -> (float) (2 * Math.PI * (i - values.length) / 16000);
            default -> (float) (random.nextGaussian() / Math.sqrt(fan));
          };
    }
    return Tensor.of(values, dimensions);
  }
}
