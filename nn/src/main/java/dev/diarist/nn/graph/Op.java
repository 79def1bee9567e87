package dev.diarist.nn.graph;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a node computes: its hyper-parameters and nothing else.
 *
 * <p>Shapes are those of one example; letters: {@code C} channels, {@code T} time, {@code H, W}
 * height and width of an image, {@code S} masks of one example.
 */
public sealed interface Op {

  /** The output shape for these input shapes; the message of a failure says what must hold. */
  Shape infer(List<Shape> inputs);

  /** The tensors the op reads, by the last part of their name, with the shapes they must have. */
  default Map<String, Shape> parameters(List<Shape> inputs) {
    return Map.of();
  }

  /** A value handed in from outside. */
  record Input(Shape shape) implements Op {
    @Override
    public Shape infer(List<Shape> inputs) {
      Shapes.arity(inputs, 0, 0);
      return shape;
    }
  }

  /** Swaps the last two dimensions. */
  record Transpose() implements Op {
    @Override
    public Shape infer(List<Shape> inputs) {
      Shape in = Shapes.only(inputs, 2, 3);
      int[] d = in.dimensions();
      int last = d.length - 1;
      int swapped = d[last];
      d[last] = d[last - 1];
      d[last - 1] = swapped;
      return Shape.of(d);
    }
  }

  /** The same values, row-major, under another shape. */
  record Reshape(Shape shape) implements Op {
    @Override
    public Shape infer(List<Shape> inputs) {
      Shape in = Shapes.only(inputs, 1, 4);
      Shapes.require(in.size() == shape.size(), "%s has not as many values as %s", in, shape);
      return shape;
    }
  }

  /**
   * Correlation of one channel with learned band-pass filters: (1, T) → (filters, T'). Filter
   * {@code k} of the first half is the cosine, of the second half the sine filter of band {@code
   * k}.
   *
   * @see dev.diarist.nn.signal.SincFilters
   */
  record SincConv(int filters, int kernel, int stride, int sampleRate) implements Op {
    @Override
    public Shape infer(List<Shape> inputs) {
      Shape in = Shapes.only(inputs, 2, 2);
      Shapes.require(in.dimension(0) == 1, "one input channel is needed, got %s", in);
      return Shape.of(filters, Shapes.positions(in.dimension(1), kernel, stride, 0));
    }

    @Override
    public Map<String, Shape> parameters(List<Shape> inputs) {
      int half = kernel / 2;
      Map<String, Shape> parameters = new LinkedHashMap<>();
      parameters.put("filterbank.low_hz_", Shape.of(filters / 2, 1));
      parameters.put("filterbank.band_hz_", Shape.of(filters / 2, 1));
      parameters.put("filterbank.window_", Shape.of(half));
      parameters.put("filterbank.n_", Shape.of(1, half));
      return parameters;
    }
  }

  /** Correlation over time with bias and without padding: (C, T) → (outChannels, T'). */
  record Conv1d(int outChannels, int kernel, int stride) implements Op {
    @Override
    public Shape infer(List<Shape> inputs) {
      Shape in = Shapes.only(inputs, 2, 2);
      return Shape.of(outChannels, Shapes.positions(in.dimension(1), kernel, stride, 0));
    }

    @Override
    public Map<String, Shape> parameters(List<Shape> inputs) {
      Map<String, Shape> parameters = new LinkedHashMap<>();
      parameters.put("weight", Shape.of(outChannels, inputs.getFirst().dimension(0), kernel));
      parameters.put("bias", Shape.of(outChannels));
      return parameters;
    }
  }

  /**
   * Correlation with square kernels, zero padding and no bias: (C, H, W) → (outChannels, H', W').
   */
  record Conv2d(int outChannels, int kernel, int stride, int padding) implements Op {
    @Override
    public Shape infer(List<Shape> inputs) {
      Shape in = Shapes.only(inputs, 3, 3);
      return Shape.of(
          outChannels,
          Shapes.positions(in.dimension(1), kernel, stride, padding),
          Shapes.positions(in.dimension(2), kernel, stride, padding));
    }

    @Override
    public Map<String, Shape> parameters(List<Shape> inputs) {
      return Map.of(
          "weight", Shape.of(outChannels, inputs.getFirst().dimension(0), kernel, kernel));
    }
  }

  /** (x − running_mean) / √(running_var + epsilon) · weight + bias for each channel of (C, …). */
  record BatchNorm(double epsilon) implements Op {
    @Override
    public Shape infer(List<Shape> inputs) {
      return Shapes.only(inputs, 1, 3);
    }

    @Override
    public Map<String, Shape> parameters(List<Shape> inputs) {
      Shape channels = Shape.of(inputs.getFirst().dimension(0));
      Map<String, Shape> parameters = new LinkedHashMap<>();
      parameters.put("weight", channels);
      parameters.put("bias", channels);
      parameters.put("running_mean", channels);
      parameters.put("running_var", channels);
      parameters.put("num_batches_tracked", Shape.of());
      return parameters;
    }
  }

  /**
   * (x − mean) / √(var + epsilon) · weight + bias over the time of each channel of (C, T); the
   * variance is the biased one.
   */
  record InstanceNorm(double epsilon) implements Op {
    @Override
    public Shape infer(List<Shape> inputs) {
      return Shapes.only(inputs, 2, 2);
    }

    @Override
    public Map<String, Shape> parameters(List<Shape> inputs) {
      Shape channels = Shape.of(inputs.getFirst().dimension(0));
      Map<String, Shape> parameters = new LinkedHashMap<>();
      parameters.put("weight", channels);
      parameters.put("bias", channels);
      return parameters;
    }
  }

  /** |x|. */
  record Abs() implements Op {
    @Override
    public Shape infer(List<Shape> inputs) {
      return Shapes.only(inputs, 1, 4);
    }
  }

  /** max(x, 0). */
  record Relu() implements Op {
    @Override
    public Shape infer(List<Shape> inputs) {
      return Shapes.only(inputs, 1, 4);
    }
  }

  /** x where x ≥ 0, slope · x elsewhere. */
  record LeakyRelu(double slope) implements Op {
    @Override
    public Shape infer(List<Shape> inputs) {
      return Shapes.only(inputs, 1, 4);
    }
  }

  /** x + y, of the same shape. */
  record Add() implements Op {
    @Override
    public Shape infer(List<Shape> inputs) {
      Shapes.arity(inputs, 2, 2);
      Shapes.require(
          inputs.get(0).equals(inputs.get(1)),
          "%s and %s must be equal",
          inputs.get(0),
          inputs.get(1));
      return inputs.getFirst();
    }
  }

  /**
   * x · w at each time: (C, T), (T) → (C, T). Where a weight is 0, x need not be computed, but is
   * taken to be finite.
   */
  record Weigh() implements Op {
    @Override
    public Shape infer(List<Shape> inputs) {
      Shapes.arity(inputs, 2, 2);
      Shape in = inputs.getFirst();
      Shapes.require(in.rank() == 2, "features must be (C, T), got %s", in);
      Shape weights = inputs.get(1);
      Shapes.require(
          weights.equals(Shape.of(in.dimension(1))),
          "there must be a weight for each time of %s, got %s",
          in,
          weights);
      return in;
    }
  }

  /** Maximum of each {@code kernel} neighbours in time, without overlap: (C, T) → (C, T/kernel). */
  record MaxPool1d(int kernel) implements Op {
    @Override
    public Shape infer(List<Shape> inputs) {
      Shape in = Shapes.only(inputs, 2, 2);
      return Shape.of(in.dimension(0), Shapes.positions(in.dimension(1), kernel, kernel, 0));
    }
  }

  /**
   * A stack of LSTM layers over (T, C) → (T, hidden · directions); each layer reads the one below,
   * forward and backward outputs side by side. The rows of a weight are the gates i, f, g, o.
   */
  record Lstm(int hidden, int layers, boolean bidirectional) implements Op {
    public int directions() {
      return bidirectional ? 2 : 1;
    }

    /** The ending that PyTorch gives the tensors of one layer and direction: {@code l2_reverse}. */
    public static String suffix(int layer, int direction) {
      return "l" + layer + (direction == 0 ? "" : "_reverse");
    }

    @Override
    public Shape infer(List<Shape> inputs) {
      Shape in = Shapes.only(inputs, 2, 2);
      return Shape.of(in.dimension(0), hidden * directions());
    }

    @Override
    public Map<String, Shape> parameters(List<Shape> inputs) {
      Map<String, Shape> parameters = new LinkedHashMap<>();
      for (int layer = 0; layer < layers; layer++) {
        int features = layer == 0 ? inputs.getFirst().dimension(1) : hidden * directions();
        for (int direction = 0; direction < directions(); direction++) {
          String suffix = suffix(layer, direction);
          parameters.put("weight_ih_" + suffix, Shape.of(4 * hidden, features));
          parameters.put("weight_hh_" + suffix, Shape.of(4 * hidden, hidden));
          parameters.put("bias_ih_" + suffix, Shape.of(4 * hidden));
          parameters.put("bias_hh_" + suffix, Shape.of(4 * hidden));
        }
      }
      return parameters;
    }
  }

  /** x·Wᵀ + b over the last dimension: (…, C) → (…, outFeatures). */
  record Linear(int outFeatures) implements Op {
    @Override
    public Shape infer(List<Shape> inputs) {
      int[] d = Shapes.only(inputs, 1, 2).dimensions();
      d[d.length - 1] = outFeatures;
      return Shape.of(d);
    }

    @Override
    public Map<String, Shape> parameters(List<Shape> inputs) {
      Map<String, Shape> parameters = new LinkedHashMap<>();
      parameters.put("weight", Shape.of(outFeatures, inputs.getFirst().dimension(-1)));
      parameters.put("bias", Shape.of(outFeatures));
      return parameters;
    }
  }

  /**
   * Mean and standard deviation over time, side by side. One input (C, T) → (2·C), with the
   * unbiased variance. With masks (S, M) → (S, 2·C): each mask is brought to T frames by nearest
   * neighbour, then, with w the mask, v₁ = Σw + 1e-8 and v₂ = Σw²,
   *
   * <pre>mean = Σ w·x / v₁      var = Σ w·(x − mean)² / (v₁ − v₂/v₁ + 1e-8)</pre>
   *
   * Source: pyannote.audio 3.3.2, models/blocks/pooling.py.
   */
  record StatsPool() implements Op {
    /** Keeps an empty mask from dividing by zero. Source: as above. */
    public static final float EPSILON = 1e-8f;

    /** The mask frame that stands for frame {@code frame} of {@code frames}. */
    public static int nearest(int frame, int frames, int maskFrames) {
      // PyTorch evaluates the scale in float32.
      return Math.min((int) Math.floor(frame * ((float) maskFrames / frames)), maskFrames - 1);
    }

    @Override
    public Shape infer(List<Shape> inputs) {
      Shapes.arity(inputs, 1, 2);
      Shape in = inputs.getFirst();
      Shapes.require(in.rank() == 2, "features must be (C, T), got %s", in);
      int statistics = 2 * in.dimension(0);
      if (inputs.size() == 1) {
        return Shape.of(statistics);
      }
      Shapes.require(inputs.get(1).rank() == 2, "masks must be (S, M), got %s", inputs.get(1));
      return Shape.of(inputs.get(1).dimension(0), statistics);
    }
  }

  /** 1 / (1 + exp(−x)). */
  record Sigmoid() implements Op {
    @Override
    public Shape infer(List<Shape> inputs) {
      return Shapes.only(inputs, 1, 3);
    }
  }

  /** x − ln Σ exp(x) over the last dimension. */
  record LogSoftmax() implements Op {
    @Override
    public Shape infer(List<Shape> inputs) {
      return Shapes.only(inputs, 1, 3);
    }
  }
}
