package dev.diarist.nn.nd4j;

import static org.nd4j.linalg.indexing.NDArrayIndex.all;
import static org.nd4j.linalg.indexing.NDArrayIndex.indices;
import static org.nd4j.linalg.indexing.NDArrayIndex.interval;
import static org.nd4j.linalg.indexing.NDArrayIndex.point;

import dev.diarist.nn.graph.Node;
import dev.diarist.nn.graph.Op;
import dev.diarist.nn.graph.Shape;
import dev.diarist.nn.signal.SincFilters;
import dev.diarist.nn.weights.Weights;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.nd4j.enums.WeightsFormat;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.Conv2DConfig;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * One method for each op. Every result owns its memory, so that its inputs may be freed.
 *
 * <p>Letters: {@code B} batch, {@code C} channels, {@code T} time, {@code O} output channels,
 * {@code K} kernel, {@code H} hidden size, {@code S} masks, {@code M} mask frames.
 */
final class Nd4jOps implements AutoCloseable {
  private final Weights weights;
  private final Map<String, INDArray> arrays = new HashMap<>();

  Nd4jOps(Weights weights) {
    this.weights = weights;
  }

  /** Reads the tensors of a node, whose shapes were checked. */
  void load(Node node) {
    node.parameters().keySet().forEach(name -> arrays.put(name, weights.array(name)));
    if (node.op() instanceof Op.SincConv op) {
      arrays.put(node.name() + ".filters", filters(node, op));
    }
  }

  private INDArray filters(Node node, Op.SincConv op) {
    String bank = node.name() + ".filterbank.";
    float[] filters =
        SincFilters.of(
            weights.floats(bank + "low_hz_"),
            weights.floats(bank + "band_hz_"),
            weights.floats(bank + "window_"),
            weights.floats(bank + "n_"),
            op.sampleRate());
    return Nd4j.create(filters, new long[] {op.filters(), 1, op.kernel()}, 'c');
  }

  INDArray apply(Node node, List<INDArray> in) {
    INDArray x = in.getFirst();
    return switch (node.op()) {
      case Op.Input input -> throw new IllegalArgumentException(node + " is given, not computed");
      case Op.Transpose() -> transpose(x);
      case Op.Reshape(Shape shape) -> x.dup('c').reshape('c', shape.batched((int) x.size(0)));
      case Op.SincConv op -> convolve(x, array(node, "filters"), op.stride());
      case Op.Conv1d op ->
          convolve(x, array(node, "weight"), op.stride()).addi(column(array(node, "bias"), 3));
      case Op.Conv2d op -> convolve(x, array(node, "weight"), op.stride(), op.padding());
      case Op.BatchNorm(double epsilon) -> batchNorm(node, x, epsilon);
      case Op.InstanceNorm(double epsilon) -> instanceNorm(node, x, epsilon);
      case Op.Abs() -> Transforms.abs(x, true);
      case Op.Relu() -> Transforms.relu(x, true);
      case Op.LeakyRelu(double slope) -> Transforms.leakyRelu(x, slope, true);
      case Op.Add() -> x.add(in.get(1));
      case Op.Weigh() -> x.mul(in.get(1).reshape(x.size(0), 1, x.size(2)));
      case Op.MaxPool1d(int kernel) -> maxPool(x, kernel);
      case Op.Lstm op -> lstm(node, op, x);
      case Op.Linear op -> linear(x, array(node, "weight"), array(node, "bias"));
      case Op.StatsPool() -> in.size() == 1 ? statistics(x) : statistics(x, in.get(1));
      case Op.Sigmoid() -> Transforms.sigmoid(x, true);
      case Op.LogSoftmax() -> Nd4j.nn().logSoftmax(x, x.rank() - 1);
    };
  }

  private INDArray array(Node node, String part) {
    return arrays.get(node.name() + "." + part);
  }

  /** A vector (C) as (1, C, 1, …) of the rank given, to broadcast over the channels. */
  private static INDArray column(INDArray vector, int rank) {
    long[] shape = new long[rank];
    Arrays.fill(shape, 1);
    shape[1] = vector.length();
    return vector.reshape(shape);
  }

  private static INDArray transpose(INDArray x) {
    return x.swapAxes(x.rank() - 2, x.rank() - 1).dup('c');
  }

  /**
   * x (B, C, T), w (O, C, K) → (B, O, T'): a convolution over an image of height 1. In double, so
   * that equal windows give equal floats wherever they lie: what differs in the last bits on a
   * constant signal, as silence is, the instance norm behind would blow up.
   */
  private static INDArray convolve(INDArray x, INDArray w, int stride) {
    INDArray image = x.reshape(x.size(0), x.size(1), 1, x.size(2)).castTo(DataType.DOUBLE);
    INDArray kernel = w.reshape(w.size(0), w.size(1), 1, w.size(2)).castTo(DataType.DOUBLE);
    INDArray y = Nd4j.cnn().conv2d(image, kernel, configuration(1, (int) w.size(2), stride, 0));
    return y.reshape(y.size(0), y.size(1), y.size(3)).castTo(DataType.FLOAT);
  }

  /** x (B, C, rows, columns), w (O, C, K, K) → (B, O, rows', columns'). */
  private static INDArray convolve(INDArray x, INDArray w, int stride, int padding) {
    int kernel = (int) w.size(2);
    return Nd4j.cnn().conv2d(x, w, configuration(kernel, kernel, stride, padding));
  }

  private static Conv2DConfig configuration(int rows, int columns, int stride, int padding) {
    return Conv2DConfig.builder()
        .kH(rows)
        .kW(columns)
        .sH(stride)
        .sW(stride)
        .pH(padding)
        .pW(padding)
        .dH(1)
        .dW(1)
        .dataFormat("NCHW")
        .weightsFormat(WeightsFormat.OIYX)
        .build();
  }

  private INDArray batchNorm(Node node, INDArray x, double epsilon) {
    INDArray scale =
        array(node, "weight").div(Transforms.sqrt(array(node, "running_var").add(epsilon)));
    INDArray shift = array(node, "bias").sub(array(node, "running_mean").mul(scale));
    return x.mul(column(scale, x.rank())).addi(column(shift, x.rank()));
  }

  /**
   * Statistics in double: on a channel that is constant, as in silence, the rounding error of the
   * mean would be divided by √epsilon.
   */
  private INDArray instanceNorm(Node node, INDArray x, double epsilon) {
    INDArray precise = x.castTo(DataType.DOUBLE);
    INDArray centered = precise.sub(precise.mean(true, 2));
    INDArray variance = centered.mul(centered).mean(true, 2);
    INDArray normalised = centered.div(Transforms.sqrt(variance.add(epsilon)));
    return normalised
        .castTo(DataType.FLOAT)
        .muli(column(array(node, "weight"), 3))
        .addi(column(array(node, "bias"), 3));
  }

  /** x (B, C, T) → (B, C, T/K); what is left over at the end is dropped. */
  private static INDArray maxPool(INDArray x, int kernel) {
    long frames = x.size(2) / kernel;
    INDArray whole = x.get(all(), all(), interval(0, frames * kernel));
    return whole.dup('c').reshape(x.size(0), x.size(1), frames, kernel).max(3);
  }

  /** x (B, T, C), w (O, C), b (O) → (B, T, O), or x (B, C) → (B, O). */
  private static INDArray linear(INDArray x, INDArray w, INDArray b) {
    long rows = x.length() / x.size(x.rank() - 1);
    long[] shape = x.shape().clone(); // ND4J hands out its own array
    shape[shape.length - 1] = w.size(0);
    return x.reshape('c', rows, w.size(1))
        .mmul(w.transpose())
        .addRowVector(b)
        .dup('c')
        .reshape(shape);
  }

  /** x (B, T, C) → (B, T, directions·H). */
  private INDArray lstm(Node node, Op.Lstm op, INDArray x) {
    INDArray y = x.permute(1, 0, 2).dup('c'); // ND4J's order "TNS": (T, B, C)
    for (int layer = 0; layer < op.layers(); layer++) {
      y = lstmLayer(node, op, layer, y);
    }
    return y.permute(1, 0, 2).dup('c');
  }

  private INDArray lstmLayer(Node node, Op.Lstm op, int layer, INDArray x) {
    INDArray[] toGates = new INDArray[op.directions()];
    INDArray[] recurrent = new INDArray[op.directions()];
    INDArray[] bias = new INDArray[op.directions()];
    for (int direction = 0; direction < op.directions(); direction++) {
      String suffix = Op.Lstm.suffix(layer, direction);
      toGates[direction] = array(node, "weight_ih_" + suffix).transpose(); // (C, 4H)
      recurrent[direction] = array(node, "weight_hh_" + suffix).transpose(); // (H, 4H)
      bias[direction] = array(node, "bias_ih_" + suffix).add(array(node, "bias_hh_" + suffix));
    }
    boolean both = op.bidirectional();
    // ND4J's gates come in PyTorch's order; its own eager lstmLayer call is broken in M2.1.
    DynamicCustomOp layerOp =
        DynamicCustomOp.builder("lstmLayer")
            .addInputs(
                x,
                both ? Nd4j.stack(0, toGates) : toGates[0].dup('c'),
                both ? Nd4j.stack(0, recurrent) : recurrent[0].dup('c'),
                both ? Nd4j.stack(0, bias) : bias[0])
            // order TNS, directions (0 forward, 3 both side by side), then the activations of
            // gates (2 sigmoid), cell and output (0 tanh)
            .addIntegerArguments(0, both ? 3 : 0, 2, 0, 0)
            .addFloatingPointArguments(0.0) // the cell is not clipped
            // biases given; no lengths, initial states or peepholes; the full sequence alone
            // returned
            .addBooleanArguments(true, false, false, false, false, true, false, false)
            .build();
    return Nd4j.exec(layerOp)[0];
  }

  /** Mean and unbiased deviation: x (B, C, T) → (B, 2·C). */
  private static INDArray statistics(INDArray x) {
    return Nd4j.concat(1, x.mean(2), x.std(2));
  }

  /** x (B, C, T), masks (B, S, M) → (B, S, 2·C). */
  private static INDArray statistics(INDArray x, INDArray masks) {
    int frames = (int) x.size(2);
    int maskFrames = (int) masks.size(2);
    long[] nearest = new long[frames];
    for (int frame = 0; frame < frames; frame++) {
      nearest[frame] = Op.StatsPool.nearest(frame, frames, maskFrames);
    }
    INDArray sampled = masks.get(all(), all(), indices(nearest)); // (B, S, T)
    INDArray[] pooled = new INDArray[(int) masks.size(1)];
    for (int s = 0; s < pooled.length; s++) {
      INDArray w = sampled.get(all(), point(s), all()).dup('c').reshape(x.size(0), 1, frames);
      INDArray v1 = w.sum(true, 2).addi(Op.StatsPool.EPSILON);
      INDArray v2 = w.mul(w).sum(true, 2);
      INDArray mean = x.mul(w).sum(true, 2).div(v1);
      INDArray deviation = x.sub(mean);
      INDArray degrees = v1.sub(v2.div(v1)).addi(Op.StatsPool.EPSILON);
      INDArray variance = deviation.muli(deviation).muli(w).sum(true, 2).div(degrees);
      pooled[s] = Nd4j.concat(1, mean, Transforms.sqrt(variance)).reshape(x.size(0), 2 * x.size(1));
    }
    return Nd4j.stack(1, pooled);
  }

  @Override
  public void close() {
    arrays.values().forEach(INDArray::close);
    arrays.clear();
  }
}
