package dev.diarist.nn.cpu;

import dev.diarist.nn.backend.Affine;
import dev.diarist.nn.backend.CacheLine;
import dev.diarist.nn.backend.WinogradTransforms;
import dev.diarist.nn.graph.Node;
import dev.diarist.nn.graph.Op;
import dev.diarist.nn.signal.SincFilters;
import dev.diarist.nn.weights.Weights;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Weights in the form that the steps read, made once: lowering a graph again, for a tap or a fork,
 * takes them from here. May be used by many threads.
 *
 * <p>Letters: {@code O} output channels, {@code C} input channels, {@code K} kernel.
 */
final class PackedWeights {
  private final Weights weights;
  private final int lanes;
  private final Map<String, Object> packed = new HashMap<>();

  PackedWeights(Weights weights, int lanes) {
    this.weights = weights;
    this.lanes = lanes;
  }

  /** Transformed weights of each position of a tile, and the bias, laid out like theirs. */
  record Winograd(Panels[] positions, float[] bias) {}

  @SuppressWarnings("unchecked")
  private synchronized <T> T once(String key, Supplier<T> make) {
    Object value = packed.get(key);
    if (value == null) {
      value = make.get();
      packed.put(key, value);
    }
    return (T) value;
  }

  float[] floats(Node node, String part) {
    String name = node.name() + "." + part;
    return once(name, () -> weights.floats(name));
  }

  /** What the batch norm, which may be null, does to {@code channels} channels. */
  Affine affine(Node norm, int channels) {
    return Affine.of(norm, channels, weights);
  }

  private static String key(Node node, Node norm) {
    return node.name() + (norm == null ? "" : " · " + norm.name());
  }

  /** The matrix (K · K · pixel, O) of a convolution over images. */
  Panels image(Node node, Node norm, int pixel) {
    return once(
        key(node, norm) + " image " + pixel,
        () -> {
          Op.Conv2d op = (Op.Conv2d) node.op();
          int kernel = op.kernel();
          int channels = node.input().shape().dimension(0);
          float[] w = weights.floats(node.name() + ".weight"); // (O, C, K, K)
          Affine affine = affine(norm, op.outChannels());
          return Panels.of(
              kernel * kernel * pixel,
              op.outChannels(),
              lanes,
              (k, o) -> {
                int c = k % pixel;
                int at = (o * channels + c) * kernel * kernel + k / pixel; // w[o,c,ky,kx]
                return c < channels ? w[at] * affine.scale()[o] : 0;
              },
              o -> affine.shift()[o]);
        });
  }

  /** G·g·Gᵀ for all pairs of channels. */
  Winograd winograd(Node node, Node norm, int pixel) {
    return once(key(node, norm) + " winograd " + pixel, () -> packWinograd(node, norm, pixel));
  }

  private Winograd packWinograd(Node node, Node norm, int pixel) {
    int out = ((Op.Conv2d) node.op()).outChannels();
    int channels = node.input().shape().dimension(0);
    float[] w = weights.floats(node.name() + ".weight"); // (O, C, 3, 3)
    Affine affine = affine(norm, out);
    Panels[] positions = new Panels[WinogradTransforms.POSITIONS];
    for (int p = 0; p < positions.length; p++) {
      positions[p] = Panels.zeros(pixel, out, lanes);
    }
    int width = positions[0].width();
    for (int o = 0; o < out; o += width) { // a panel: rows of it go to each position in turn
      int columns = Math.min(width, out - o);
      for (int c = 0; c < channels; c++) {
        packRow(w, o, columns, channels, c, affine.scale(), positions);
      }
    }
    float[] bias = new float[CacheLine.START + positions[0].paddedColumns()];
    for (int o = 0; o < out; o++) {
      bias[CacheLine.START + o] = (float) affine.shift()[o];
    }
    return new Winograd(positions, bias);
  }

  /** Row c of the panel that begins with column o, in every position. */
  private static void packRow(
      float[] w, int o, int columns, int channels, int c, double[] scale, Panels[] positions) {
    double[] transformed = new double[WinogradTransforms.POSITIONS];
    int at = positions[0].index(c, o);
    for (int n = 0; n < columns; n++) {
      WinogradTransforms.kernel(w, ((o + n) * channels + c) * 9, transformed);
      for (int p = 0; p < positions.length; p++) {
        positions[p].values()[at + n] = (float) (transformed[p] * scale[o + n]);
      }
    }
  }

  /**
   * The filters of a sinc convolution for windows that are folded, see {@link WindowFold}.
   *
   * @param half values of a window on each side of its middle
   * @param cosine (depth of a folded window, bands)
   * @param sine (depth of a folded window, bands)
   */
  record Sinc(int half, Panels cosine, Panels sine) {}

  Sinc sinc(Node node, Op.SincConv op) {
    return once(
        node.name() + " panels",
        () -> {
          String bank = node.name() + ".filterbank.";
          float[] filters = // (cosine and sine, bands, K)
              SincFilters.of(
                  weights.floats(bank + "low_hz_"),
                  weights.floats(bank + "band_hz_"),
                  weights.floats(bank + "window_"),
                  weights.floats(bank + "n_"),
                  op.sampleRate());
          int bands = op.filters() / 2;
          int half = op.kernel() / 2;
          Panels cosine = folded(filters, 0, bands, half);
          return new Sinc(half, cosine, folded(filters, bands, bands, half));
        });
  }

  /** The first half of filters, and their middle. */
  private Panels folded(float[] filters, int first, int count, int half) {
    int kernel = 2 * half + 1;
    return Panels.of(
        WindowFold.depth(half),
        count,
        lanes,
        (k, o) -> k <= half ? filters[(first + o) * kernel + k] : 0,
        o -> 0);
  }

  /** The matrix (K · C, O) of a convolution over (T, C). */
  Panels conv1d(Node node, Op.Conv1d op) {
    return once(
        node.name() + " panels",
        () -> {
          int channels = node.input().shape().dimension(0);
          float[] w = weights.floats(node.name() + ".weight"); // (O, C, K)
          float[] bias = weights.floats(node.name() + ".bias");
          int kernel = op.kernel();
          return Panels.of(
              kernel * channels,
              op.outChannels(),
              lanes,
              (k, o) -> w[(o * channels + k % channels) * kernel + k / channels],
              o -> bias[o]);
        });
  }

  /** The matrix (C, O) of a linear layer. */
  Panels linear(Node node, Op.Linear op) {
    return once(
        node.name() + " panels",
        () -> {
          int features = node.input().shape().dimension(-1);
          float[] w = weights.floats(node.name() + ".weight"); // (O, C)
          float[] bias = weights.floats(node.name() + ".bias");
          return Panels.of(
              features, op.outFeatures(), lanes, (k, o) -> w[o * features + k], o -> bias[o]);
        });
  }

  /** Hidden cells in whole vectors. */
  int paddedCells(int hidden) {
    return Math.ceilDiv(hidden, lanes) * lanes;
  }

  LstmLayer.Direction[] lstm(Node node, Op.Lstm op, int layer) {
    return once(
        node.name() + " layer " + layer,
        () -> {
          LstmLayer.Direction[] directions = new LstmLayer.Direction[op.directions()];
          for (int d = 0; d < directions.length; d++) {
            directions[d] = packDirection(node, op, layer, d);
          }
          return directions;
        });
  }

  private LstmLayer.Direction packDirection(Node node, Op.Lstm op, int layer, int direction) {
    String suffix = Op.Lstm.suffix(layer, direction);
    float[] w = weights.floats(node.name() + ".weight_ih_" + suffix); // (4·H, I)
    float[] u = weights.floats(node.name() + ".weight_hh_" + suffix); // (4·H, H)
    float[] bi = weights.floats(node.name() + ".bias_ih_" + suffix);
    float[] bh = weights.floats(node.name() + ".bias_hh_" + suffix);
    int hidden = op.hidden();
    int padded = paddedCells(hidden);
    int features = w.length / (4 * hidden);
    return new LstmLayer.Direction(
        Panels.of(
            features,
            4 * padded,
            lanes,
            (k, n) -> ofGate(n, hidden, padded, row -> w[row * features + k]),
            n -> ofGate(n, hidden, padded, row -> (double) bi[row] + bh[row])),
        Panels.of(
            padded,
            4 * padded,
            lanes,
            (k, n) -> k < hidden ? ofGate(n, hidden, padded, row -> u[row * hidden + k]) : 0,
            n -> 0));
  }

  /** The rows of PyTorch's gates i, f, g, o in the order i, f, o, g: three sigmoids, one tanh. */
  private static final int[] GATES = {0, 1, 3, 2};

  /** The weight of column n, one of 4 gates of {@code padded} cells; 0 for an extra cell. */
  private static double ofGate(int n, int hidden, int padded, Panels.Vector rows) {
    int cell = n % padded;
    return cell < hidden ? rows.at(GATES[n / padded] * hidden + cell) : 0;
  }
}
