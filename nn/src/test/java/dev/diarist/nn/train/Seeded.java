package dev.diarist.nn.train;

import dev.diarist.nn.graph.Graph;
import dev.diarist.nn.graph.Shape;
import dev.diarist.nn.weights.Tensor;
import dev.diarist.nn.weights.Weights;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

/** Seeded random weights and values. */
final class Seeded {
  private Seeded() {}

  static Weights weights(Graph graph, int seed) {
    Random random = new Random(seed);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    graph.parameters().forEach((name, shape) -> tensors.put(name, tensor(name, shape, random)));
    return Weights.of(tensors, Map.of());
  }

  private static Tensor tensor(String name, Shape shape, Random random) {
    long[] dimensions = Arrays.stream(shape.dimensions()).asLongStream().toArray();
    String part = name.substring(name.lastIndexOf('.') + 1);
    int fan = Math.max(1, shape.size() / (shape.rank() == 0 ? 1 : shape.dimension(0)));
    float[] values = new float[shape.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] =
          switch (part) {
            case "running_var" -> 0.5f + random.nextFloat();
            case "low_hz_" -> 40 + 1500 * i;
            case "band_hz_" -> 100 + 2000 * random.nextFloat();
            case "window_" -> 0.1f + 0.9f * i / values.length;
            case "n_" -> (float) (2 * Math.PI * (i - values.length) / 16000);
            case "num_batches_tracked" -> 0;
            default -> (float) (random.nextGaussian() / Math.sqrt(fan));
          };
    }
    return part.equals("num_batches_tracked")
        ? Tensor.of(new long[] {0})
        : Tensor.of(values, dimensions);
  }

  static float[] noise(int size, int seed) {
    Random random = new Random(seed);
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }
}
