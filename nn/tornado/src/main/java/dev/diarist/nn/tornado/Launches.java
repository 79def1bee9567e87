package dev.diarist.nn.tornado;

import dev.diarist.nn.graph.Node;
import dev.diarist.nn.graph.Op;
import dev.diarist.nn.graph.Shape;
import java.util.List;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** One method for each kernel: adds its launch to the steps and gives the value it computes. */
final class Launches {
  /** Blocks of positions of a work-group of a product. */
  static final int BLOCKS = 4;

  /** Channels of a work-group of a norm or a pooling. */
  private static final int CHANNELS = 16;

  private final Values values;
  private final DeviceWeights weights;
  private final List<Step> steps;

  /**
   * @param step floats of x from one position to the next
   */
  record Rows(int step, int positions, int channels) {}

  Launches(Values values, DeviceWeights weights, List<Step> steps) {
    this.values = values;
    this.weights = weights;
    this.steps = steps;
  }

  void rows(DeviceWeights.Matrix matrix, Rows rows, float slope, Value x, Value y) {
    Windows windows = new Windows(0, 0, 0, rows.step(), 1);
    Layout.Image out = Layout.channelsLast(rows.channels(), rows.positions());
    product(matrix, windows, out, slope, x, null, y);
  }

  /**
   * @param residual laid out as y, or null
   */
  Value images(
      DeviceWeights.Matrix matrix, Op.Conv2d op, float slope, Value x, Value residual, Value y) {
    Layout.Image in = x.image();
    Windows windows =
        new Windows(
            in.origin() - op.padding() * (in.row() + in.channels()),
            op.stride() * in.row(),
            in.row(),
            op.stride() * in.channels(),
            op.kernel());
    product(matrix, windows, y.image(), slope, x, residual, y);
    return y;
  }

  /** Where windows lie in x: see {@link Products#images}. */
  private record Windows(int at, int row, int kernelRow, int step, int kernelRows) {}

  private void product(
      DeviceWeights.Matrix matrix,
      Windows windows,
      Layout.Image out,
      float slope,
      Value x,
      Value residual,
      Value y) {
    KernelContext context = new KernelContext();
    FloatArray slopes = FloatArray.fromElements(slope);
    FloatArray nothing = FloatArray.fromElements(0); // in the place of a residual
    int xAt = windows.at();
    int xRow = windows.row();
    int kernelRow = windows.kernelRow();
    int xStep = windows.step();
    int xExample = x.layout().floats();
    int kernelRows = windows.kernelRows();
    int depth = matrix.depth() / kernelRows;
    int height = out.height();
    int width = out.width();
    int channels = out.channels();
    int border = out.border();
    int share = residual == null ? 0 : 1;
    steps.add(
        new Step.Launch(
            residual == null ? List.of(x, y) : List.of(x, residual, y),
            residual == null
                ? List.of(matrix.values(), matrix.bias(), nothing, slopes)
                : List.of(matrix.values(), matrix.bias(), slopes),
            Step.grid(
                channels, Products.LANES, height * Math.ceilDiv(width, Products.POSITIONS), BLOCKS),
            (graph, name) ->
                graph.task(
                    name,
                    Products::images,
                    context,
                    x.array(),
                    matrix.values(),
                    matrix.bias(),
                    residual == null ? nothing : residual.array(),
                    y.array(),
                    xAt,
                    xRow,
                    kernelRow,
                    xStep,
                    xExample,
                    kernelRows,
                    depth,
                    height,
                    width,
                    channels,
                    border,
                    share,
                    slopes)));
  }

  void recurrence(FloatArray recurrent, Op.Lstm op, int time, Value gates, Value y) {
    KernelContext context = new KernelContext();
    int directions = op.directions();
    int hidden = op.hidden();
    steps.add(
        new Step.Launch(
            List.of(gates, y),
            List.of(recurrent),
            Step.grid(Recurrence.THREADS, Recurrence.THREADS, directions, 1),
            (graph, name) ->
                graph.task(
                    name,
                    Recurrence::layer,
                    context,
                    gates.array(),
                    recurrent,
                    y.array(),
                    time,
                    directions,
                    hidden)));
  }

  Value instanceNorm(Node node, double epsilon, float slope) {
    KernelContext context = new KernelContext();
    FloatArray slopes = FloatArray.fromElements(slope);
    Value x = values.channelsLast(node.input());
    Value y = values.take(x.layout());
    FloatArray weight = weights.floats(node, "weight");
    FloatArray bias = weights.floats(node, "bias");
    int channels = x.image().channels();
    int time = x.image().width();
    int lanes = channels == 1 ? 1 : CHANNELS;
    float added = (float) epsilon;
    steps.add(
        new Step.Launch(
            List.of(x, y),
            List.of(weight, bias, slopes),
            Step.grid(channels, lanes, Statistics.THREADS / lanes, Statistics.THREADS / lanes),
            (graph, name) ->
                graph.task(
                    name,
                    Statistics::instanceNorm,
                    context,
                    x.array(),
                    weight,
                    bias,
                    y.array(),
                    channels,
                    time,
                    lanes,
                    added,
                    slopes)));
    return y;
  }

  /**
   * @param features an image whose columns are the times
   */
  Value statistics(Node node, Value features) {
    KernelContext context = new KernelContext();
    Layout.Image in = features.image();
    Node masks = node.inputs().size() == 1 ? null : node.inputs().get(1);
    Value w = masks == null ? null : values.rowMajor(masks);
    Value y = values.take(new Layout.RowMajor(node.shape().size()));
    int channels = in.channels();
    int height = in.height();
    int time = in.width();
    int origin = in.origin();
    int row = in.row();
    int example = in.floats();
    int count = masks == null ? 1 : masks.shape().dimension(0);
    int maskFrames = masks == null ? 1 : masks.shape().dimension(1);
    int maskExample = masks == null ? 0 : count * maskFrames;
    float epsilon = masks == null ? 0 : Op.StatsPool.EPSILON;
    FloatArray one = FloatArray.fromElements(1); // the mask that counts everything
    IntArray nearest = new IntArray(time);
    for (int t = 0; t < time; t++) {
      nearest.set(t, Op.StatsPool.nearest(t, time, maskFrames));
    }
    steps.add(
        new Step.Launch(
            w == null ? List.of(features, y) : List.of(features, w, y),
            w == null ? List.of(nearest, one) : List.of(nearest),
            Step.grid(channels, CHANNELS, height, 1),
            (graph, name) ->
                graph.task(
                    name,
                    Statistics::pool,
                    context,
                    features.array(),
                    w == null ? one : w.array(),
                    nearest,
                    y.array(),
                    channels,
                    height,
                    time,
                    origin,
                    row,
                    channels,
                    example,
                    count,
                    maskFrames,
                    maskExample,
                    epsilon)));
    return y;
  }

  Value maximum(Value x, int kernel, float slope) {
    KernelContext context = new KernelContext();
    FloatArray slopes = FloatArray.fromElements(slope);
    int channels = x.image().channels();
    int xTime = x.image().width();
    int time = xTime / kernel;
    Value y = values.take(Layout.channelsLast(channels, time));
    steps.add(
        new Step.Launch(
            List.of(x, y),
            List.of(slopes),
            Step.elements(time * channels),
            (graph, name) ->
                graph.task(
                    name,
                    Elements::maximum,
                    context,
                    x.array(),
                    y.array(),
                    channels,
                    xTime,
                    time,
                    kernel,
                    slopes)));
    return y;
  }

  /**
   * @param shape of the result, of three dimensions
   */
  Value transpose(Value x, Shape shape) {
    KernelContext context = new KernelContext();
    Value y = values.take(x.layout());
    int matrices = shape.dimension(0);
    int columns = shape.dimension(1);
    int rows = shape.dimension(2);
    steps.add(
        new Step.Launch(
            List.of(x, y),
            List.of(),
            Step.elements(shape.size()),
            (graph, name) ->
                graph.task(
                    name,
                    Elements::transpose,
                    context,
                    x.array(),
                    y.array(),
                    matrices,
                    rows,
                    columns)));
    return y;
  }

  Value activation(Value x, float slope) {
    KernelContext context = new KernelContext();
    FloatArray slopes = FloatArray.fromElements(slope);
    Value y = values.take(x.layout());
    int size = x.layout().floats();
    steps.add(
        new Step.Launch(
            List.of(x, y),
            List.of(slopes),
            Step.elements(size),
            (graph, name) ->
                graph.task(
                    name, Elements::activation, context, x.array(), y.array(), size, slopes)));
    return y;
  }

  Value sum(Value x, Value z) {
    KernelContext context = new KernelContext();
    Value y = values.take(x.layout());
    int size = x.layout().floats();
    steps.add(
        new Step.Launch(
            List.of(x, z, y),
            List.of(),
            Step.elements(size),
            (graph, name) ->
                graph.task(name, Elements::sum, context, x.array(), z.array(), y.array(), size)));
    return y;
  }

  Value weigh(Node node) {
    KernelContext context = new KernelContext();
    Value x = values.rowMajor(node.input());
    Value w = values.rowMajor(node.inputs().get(1));
    Value y = values.take(x.layout());
    int rows = node.shape().dimension(0);
    int time = node.shape().dimension(1);
    steps.add(
        new Step.Launch(
            List.of(x, w, y),
            List.of(),
            Step.elements(rows * time),
            (graph, name) ->
                graph.task(
                    name, Elements::weigh, context, x.array(), w.array(), y.array(), rows, time)));
    return y;
  }

  Value batchNorm(Node node) {
    KernelContext context = new KernelContext();
    Value x = values.rowMajor(node.input());
    Value y = values.take(x.layout());
    int channels = node.shape().dimension(0);
    int inner = node.shape().size() / channels;
    FloatArray scale = weights.scale(node, channels);
    FloatArray shift = weights.shift(node, channels);
    steps.add(
        new Step.Launch(
            List.of(x, y),
            List.of(scale, shift),
            Step.elements(channels * inner),
            (graph, name) ->
                graph.task(
                    name,
                    Elements::scale,
                    context,
                    x.array(),
                    scale,
                    shift,
                    y.array(),
                    channels,
                    inner)));
    return y;
  }

  Value sigmoid(Node node) {
    KernelContext context = new KernelContext();
    Value x = values.rowMajor(node.input());
    Value y = values.take(x.layout());
    int size = node.shape().size();
    steps.add(
        new Step.Launch(
            List.of(x, y),
            List.of(),
            Step.elements(size),
            (graph, name) ->
                graph.task(name, Elements::sigmoid, context, x.array(), y.array(), size)));
    return y;
  }

  Value logSoftmax(Node node) {
    KernelContext context = new KernelContext();
    Value x = values.rowMajor(node.input());
    Value y = values.take(x.layout());
    int classes = node.shape().dimension(-1);
    int rows = node.shape().size() / classes;
    steps.add(
        new Step.Launch(
            List.of(x, y),
            List.of(),
            Step.elements(rows),
            (graph, name) ->
                graph.task(
                    name, Elements::logSoftmax, context, x.array(), y.array(), rows, classes)));
    return y;
  }
}
