package dev.diarist.nn.tornado;

import dev.diarist.nn.backend.Affine;
import dev.diarist.nn.backend.WinogradTransforms;
import dev.diarist.nn.graph.Node;
import dev.diarist.nn.graph.Op;
import dev.diarist.nn.signal.SincFilters;
import dev.diarist.nn.weights.Weights;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/**
 * Weights in the form that the kernels read, made once: lowering a graph again, for a tap or a
 * fork, takes them from here. May be used by many threads.
 *
 * <p>Letters: {@code O} output channels, {@code C} input channels, {@code K} kernel, {@code H}
 * hidden size.
 */
final class DeviceWeights {
  private final Weights weights;
  private final Map<String, Object> packed = new HashMap<>();

  DeviceWeights(Weights weights) {
    this.weights = weights;
  }

  /**
   * @param values (O / lanes, K, lanes), with zeros up to whole lanes, of which {@link Products}
   *     and {@link Winograd#products} have their own numbers
   * @param bias (O), likewise
   * @param depth K
   */
  record Matrix(FloatArray values, FloatArray bias, int depth) {}

  /** The share of h of an LSTM layer, and the matrix of the share of its input. */
  record LstmWeights(Matrix input, FloatArray recurrent) {}

  /** An element (k, o) of a matrix. */
  private interface Element {
    double at(int k, int o);
  }

  /** An element of a vector. */
  private interface Component {
    double at(int o);
  }

  @SuppressWarnings("unchecked")
  private synchronized <T> T once(String key, Supplier<T> make) {
    Object value = packed.get(key);
    if (value == null) {
      value = make.get();
      packed.put(key, value);
    }
    return (T) value;
  }

  /** Bytes of everything that was packed. */
  synchronized long bytes() {
    return packed.values().stream().mapToLong(DeviceWeights::bytes).sum();
  }

  private static long bytes(Object packed) {
    return switch (packed) {
      case FloatArray array -> array.getNumBytesOfSegmentWithHeader();
      case Matrix matrix -> bytes(matrix.values()) + bytes(matrix.bias());
      case LstmWeights lstm -> bytes(lstm.input()) + bytes(lstm.recurrent());
      default -> throw new IllegalStateException("nothing packs a " + packed.getClass());
    };
  }

  private static Matrix matrix(int depth, int outs, Element element, Component bias) {
    return matrix(Products.LANES, depth, outs, element, bias);
  }

  private static Matrix matrix(int lanes, int depth, int outs, Element element, Component bias) {
    int padded = Math.ceilDiv(outs, lanes) * lanes;
    FloatArray values = new FloatArray(depth * padded);
    FloatArray biases = new FloatArray(padded);
    for (int o = 0; o < padded; o++) {
      biases.set(o, o < outs ? (float) bias.at(o) : 0);
      for (int k = 0; k < depth; k++) {
        int at = (o / lanes * depth + k) * lanes + o % lanes;
        values.set(at, o < outs ? (float) element.at(k, o) : 0);
      }
    }
    return new Matrix(values, biases, depth);
  }

  private static FloatArray vector(int size, Component component) {
    FloatArray vector = new FloatArray(size);
    for (int i = 0; i < size; i++) {
      vector.set(i, (float) component.at(i));
    }
    return vector;
  }

  /** A tensor of the node as it is stored. */
  FloatArray floats(Node node, String part) {
    String name = node.name() + "." + part;
    return once(
        name,
        () -> {
          float[] values = weights.floats(name);
          return vector(values.length, i -> values[i]);
        });
  }

  /** The scale of a batch norm's channels. */
  FloatArray scale(Node norm, int channels) {
    Affine affine = Affine.of(norm, channels, weights);
    return once(norm.name() + " scale", () -> vector(channels, c -> affine.scale()[c]));
  }

  /** The shift of a batch norm's channels. */
  FloatArray shift(Node norm, int channels) {
    Affine affine = Affine.of(norm, channels, weights);
    return once(norm.name() + " shift", () -> vector(channels, c -> affine.shift()[c]));
  }

  /** The matrix (K · K · C, O) of a convolution over images, with a batch norm or null. */
  Matrix image(Node node, Node norm) {
    return once(
        key(node, norm),
        () -> {
          Op.Conv2d op = (Op.Conv2d) node.op();
          int kernel = op.kernel();
          int channels = node.input().shape().dimension(0);
          float[] w = weights.floats(node.name() + ".weight"); // (O, C, K, K)
          Affine affine = Affine.of(norm, op.outChannels(), weights);
          return matrix(
              kernel * kernel * channels,
              op.outChannels(),
              (k, o) -> {
                int at = (o * channels + k % channels) * kernel * kernel + k / channels;
                return w[at] * affine.scale()[o]; // w[o,c,ky,kx]
              },
              o -> affine.shift()[o]);
        });
  }

  /**
   * The 36 matrices (C, O) of a {@link Winograd} convolution, one below the other, with a batch
   * norm or null.
   */
  Matrix winograd(Node node, Node norm) {
    return once(key(node, norm) + " winograd", () -> packWinograd(node, norm));
  }

  private Matrix packWinograd(Node node, Node norm) {
    int outs = ((Op.Conv2d) node.op()).outChannels();
    int filled = Winograd.filled(outs);
    int channels = node.input().shape().dimension(0);
    int positions = WinogradTransforms.POSITIONS;
    float[] w = weights.floats(node.name() + ".weight"); // (O, C, 3, 3)
    Affine affine = Affine.of(norm, outs, weights);
    double[] transformed = new double[positions];
    float[] u = new float[filled * channels * positions]; // (O, C, P)
    for (int kernel = 0; kernel < outs * channels; kernel++) {
      WinogradTransforms.kernel(w, kernel * 9, transformed);
      for (int p = 0; p < positions; p++) {
        u[kernel * positions + p] = (float) (transformed[p] * affine.scale()[kernel / channels]);
      }
    }
    return matrix(
        Winograd.CHANNELS,
        positions * channels,
        filled,
        (k, o) -> u[(o * channels + k % channels) * positions + k / channels],
        o -> o < outs ? affine.shift()[o] : 0);
  }

  private static String key(Node node, Node norm) {
    return node.name() + (norm == null ? "" : " · " + norm.name());
  }

  /** The matrix (K, filters) of a sinc convolution. */
  Matrix sinc(Node node, Op.SincConv op) {
    return once(
        node.name(),
        () -> {
          String bank = node.name() + ".filterbank.";
          float[] filters =
              SincFilters.of(
                  weights.floats(bank + "low_hz_"),
                  weights.floats(bank + "band_hz_"),
                  weights.floats(bank + "window_"),
                  weights.floats(bank + "n_"),
                  op.sampleRate());
          int kernel = op.kernel();
          return matrix(kernel, op.filters(), (k, o) -> filters[o * kernel + k], o -> 0);
        });
  }

  /** The matrix (K · C, O) of a convolution over (T, C). */
  Matrix conv1d(Node node, Op.Conv1d op) {
    return once(
        node.name(),
        () -> {
          int channels = node.input().shape().dimension(0);
          float[] w = weights.floats(node.name() + ".weight"); // (O, C, K)
          float[] bias = weights.floats(node.name() + ".bias");
          int kernel = op.kernel();
          return matrix(
              kernel * channels,
              op.outChannels(),
              (k, o) -> w[(o * channels + k % channels) * kernel + k / channels],
              o -> bias[o]);
        });
  }

  /** The matrix (C, O) of a linear layer. */
  Matrix linear(Node node, Op.Linear op) {
    return once(
        node.name(),
        () -> {
          int features = node.input().shape().dimension(-1);
          float[] w = weights.floats(node.name() + ".weight"); // (O, C)
          float[] bias = weights.floats(node.name() + ".bias");
          return matrix(features, op.outFeatures(), (k, o) -> w[o * features + k], o -> bias[o]);
        });
  }

  /** The weights of a layer: input (C, D · 4 · H), recurrent (D, H, 4, H). */
  LstmWeights lstm(Node node, Op.Lstm op, int layer) {
    return once(node.name() + " layer " + layer, () -> packLstm(node, op, layer));
  }

  private LstmWeights packLstm(Node node, Op.Lstm op, int layer) {
    int hidden = op.hidden();
    int gates = 4 * hidden;
    float[][] w = new float[op.directions()][]; // (4·H, C)
    float[][] bias = new float[op.directions()][]; // (4·H)
    FloatArray recurrent = new FloatArray(op.directions() * hidden * gates);
    for (int d = 0; d < op.directions(); d++) {
      String suffix = Op.Lstm.suffix(layer, d);
      w[d] = weights.floats(node.name() + ".weight_ih_" + suffix);
      bias[d] = weights.floats(node.name() + ".bias_ih_" + suffix);
      float[] second = weights.floats(node.name() + ".bias_hh_" + suffix);
      float[] u = weights.floats(node.name() + ".weight_hh_" + suffix); // (4·H, H)
      for (int row = 0; row < gates; row++) {
        bias[d][row] += second[row];
        for (int k = 0; k < hidden; k++) {
          recurrent.set((d * hidden + k) * gates + row, u[row * hidden + k]);
        }
      }
    }
    int features = w[0].length / gates;
    Matrix input =
        matrix(
            features,
            op.directions() * gates,
            (k, n) -> w[n / gates][n % gates * features + k],
            n -> bias[n / gates][n % gates]);
    return new LstmWeights(input, recurrent);
  }
}
