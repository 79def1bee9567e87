package dev.diarist.nn.train;

import dev.diarist.nn.graph.Graph;
import dev.diarist.nn.graph.Op;
import dev.diarist.nn.graph.Shape;
import dev.diarist.nn.signal.SincFilters;
import dev.diarist.nn.weights.Tensor;
import dev.diarist.nn.weights.Weights;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Where a training from nothing begins: convolutions over images drawn from a normal distribution
 * of variance 2 / (outputs · kernel); those over time, and linear layers, evenly from ±1/√inputs;
 * LSTMs evenly from ±1/√hidden; sinc filters side by side on the mel scale; norms that change
 * nothing; no other biases.
 *
 * <p>Source: He et al., "Delving deep into rectifiers", 2015; PyTorch's layers;
 * asteroid-filterbanks 0.4.0, param_sinc_fb.py.
 */
public final class InitialWeights {
  private static final double LOWEST_HZ = 30;

  private InitialWeights() {}

  /** Weights for every tensor of a graph. */
  public static Weights of(Graph graph, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    graph.parameters().forEach((name, shape) -> tensors.put(name, tensor(name, shape, random)));
    graph.nodes().stream()
        .filter(node -> node.op() instanceof Op.SincConv)
        .forEach(node -> sinc(node.name(), (Op.SincConv) node.op(), tensors));
    return Weights.of(tensors, Map.of());
  }

  private static Tensor tensor(String name, Shape shape, SplittableRandom random) {
    if (name.endsWith(".num_batches_tracked")) {
      return Tensor.of(new long[1]);
    }
    int[] dimensions = shape.dimensions();
    float[] values = new float[shape.size()];
    if (name.matches(".*(weight|bias)_[ih]h_l\\d+(_reverse)?")) { // (4·hidden, …)
      evenly(values, 4.0 / dimensions[0], random);
      return tensor(values, dimensions);
    }
    switch (dimensions.length) {
      case 4 -> { // (O, C, K, K)
        double deviation = Math.sqrt(2.0 / (dimensions[0] * dimensions[2] * dimensions[3]));
        for (int i = 0; i < values.length; i++) {
          values[i] = (float) (deviation * random.nextGaussian());
        }
      }
      case 3 -> evenly(values, 1.0 / (dimensions[1] * dimensions[2]), random); // (O, C, K)
      case 2 -> evenly(values, 1.0 / dimensions[1], random); // (O, C)
      default -> {
        boolean one = name.endsWith(".weight") || name.endsWith(".running_var");
        Arrays.fill(values, one ? 1 : 0);
      }
    }
    return tensor(values, dimensions);
  }

  private static Tensor tensor(float[] values, int... dimensions) {
    return Tensor.of(values, Arrays.stream(dimensions).asLongStream().toArray());
  }

  /** Even draws from ±√{@code square}. */
  private static void evenly(float[] values, double square, SplittableRandom random) {
    double bound = Math.sqrt(square);
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) ((2 * random.nextDouble() - 1) * bound);
    }
  }

  /** Bands from 30 Hz to what the least band leaves of half the sample rate; a Hamming window. */
  private static void sinc(String node, Op.SincConv op, Map<String, Tensor> tensors) {
    int bands = op.filters() / 2;
    int half = op.kernel() / 2;
    double lowest = mel(LOWEST_HZ);
    double highest =
        mel(op.sampleRate() / 2.0 - (SincFilters.MIN_LOW_HZ + SincFilters.MIN_BAND_HZ));
    float[] low = new float[bands];
    float[] band = new float[bands];
    for (int k = 0; k < bands; k++) {
      double from = hertz(lowest + (highest - lowest) * k / bands);
      double to = hertz(lowest + (highest - lowest) * (k + 1) / bands);
      low[k] = (float) from;
      band[k] = (float) (to - from);
    }
    float[] window = new float[half];
    float[] n = new float[half];
    for (int i = 0; i < half; i++) {
      window[i] = (float) (0.54 - 0.46 * Math.cos(2 * Math.PI * i / (op.kernel() - 1)));
      n[i] = (float) (2 * Math.PI * (i - half) / op.sampleRate());
    }
    String bank = node + ".filterbank.";
    tensors.put(bank + "low_hz_", tensor(low, bands, 1));
    tensors.put(bank + "band_hz_", tensor(band, bands, 1));
    tensors.put(bank + "window_", tensor(window, half));
    tensors.put(bank + "n_", tensor(n, 1, half));
  }

  private static double mel(double hertz) {
    return 2595 * Math.log10(1 + hertz / 700);
  }

  private static double hertz(double mel) {
    return 700 * (Math.pow(10, mel / 2595) - 1);
  }
}
