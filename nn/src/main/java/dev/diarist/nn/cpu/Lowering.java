package dev.diarist.nn.cpu;

import dev.diarist.nn.backend.Affine;
import dev.diarist.nn.backend.Fusion;
import dev.diarist.nn.backend.WinogradTransforms;
import dev.diarist.nn.graph.Graph;
import dev.diarist.nn.graph.Node;
import dev.diarist.nn.graph.Op;
import dev.diarist.nn.graph.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Turns a graph into steps over buffers: one unit of {@link Fusion} after the other. */
final class Lowering {
  private final Graph graph;
  private final Kernels kernels;
  private final PackedWeights weights;
  private final Map<Node, UnaryOperator<INDArray>> patches;
  private final Values values;
  private final int border;

  private final List<Step> steps = new ArrayList<>();
  private final List<Value> inputs = new ArrayList<>();
  private final Map<Node, Value> tapped = new HashMap<>();

  /**
   * @param inputs of the graph, in their order, row-major
   * @param output row-major
   * @param tapped copies of the values asked for, row-major
   * @param heard to be told before each run
   */
  record Plan(
      List<Step> steps,
      Buffers buffers,
      List<Value> inputs,
      Value output,
      Map<Node, Value> tapped,
      HeardColumns heard) {}

  private Lowering(
      Graph graph,
      Kernels kernels,
      PackedWeights weights,
      Map<Node, UnaryOperator<INDArray>> patches) {
    this.graph = graph;
    this.kernels = kernels;
    this.weights = weights;
    this.patches = patches;
    this.values = new Values(new Buffers(slack()), steps);
    this.border =
        graph.nodes().stream()
            .mapToInt(node -> node.op() instanceof Op.Conv2d conv ? conv.padding() : 1)
            .max()
            .orElse(1);
  }

  /**
   * @param tapped nodes whose values are to be kept
   * @param patches of nodes whose values are replaced
   */
  static Plan plan(
      Graph graph,
      Kernels kernels,
      PackedWeights weights,
      Set<Node> tapped,
      Map<Node, UnaryOperator<INDArray>> patches) {
    Set<Node> kept = new HashSet<>(tapped);
    kept.addAll(patches.keySet());
    return new Lowering(graph, kernels, weights, patches).lower(tapped, Fusion.of(graph, kept));
  }

  /** What the products of the last tile of rows may read past the end of their input. */
  private int slack() {
    int slack = 0;
    for (Node node : graph.nodes()) {
      int stride =
          switch (node.op()) {
            case Op.Conv1d op -> op.stride() * node.input().shape().dimension(0);
            case Op.Linear op -> node.input().shape().dimension(-1);
            case Op.Conv2d op ->
                op.stride() * pixel(node.input().shape().dimension(0), kernels.lanes());
            default -> 0;
          };
      slack = Math.max(slack, PanelProduct.ROWS * stride);
    }
    return slack;
  }

  private Plan lower(Set<Node> taps, List<Fusion.Unit> units) {
    units.forEach(unit -> unit.reads().forEach(values::expectRead));
    values.expectRead(graph.output()); // by whoever asks for the result
    // A run is given its inputs at once, so no other value may have been in their buffers before.
    units.stream().filter(Lowering::isInput).forEach(unit -> compute(unit, taps));
    units.stream().filter(unit -> !isInput(unit)).forEach(unit -> compute(unit, taps));
    Value output = values.rowMajor(graph.output());
    // Who looks into a network, or changes it, finds everything computed.
    boolean plain = taps.isEmpty() && patches.isEmpty();
    HeardColumns heard = plain ? HeardColumns.of(graph, steps) : HeardColumns.ALL;
    return new Plan(heard.clearing(steps), values.buffers(), inputs, output, tapped, heard);
  }

  private static boolean isInput(Fusion.Unit unit) {
    return unit.head().op() instanceof Op.Input;
  }

  private void compute(Fusion.Unit unit, Set<Node> taps) {
    Node node = unit.last();
    values.put(node, lower(unit));
    if (patches.containsKey(node)) {
      patch(node);
    }
    if (taps.contains(node)) {
      Value copy = values.take(new Layout.RowMajor(node.shape().size()));
      steps.add(new Pointwise.Convert(values.rowMajor(node), copy));
      tapped.put(node, copy);
    }
    unit.reads().forEach(values::read);
  }

  private void patch(Node node) {
    Value before = values.rowMajor(node);
    Value after = values.take(before.layout());
    steps.add(new Patch(node, patches.get(node), before, after));
    values.replace(node, after);
  }

  /** One channel is not worth a vector; others are filled up to whole ones. */
  private static int pixel(int channels, int lanes) {
    return channels < lanes / 2 ? channels : Math.ceilDiv(channels, lanes) * lanes;
  }

  private Layout.Image image(Shape shape, boolean wholeVectors) {
    int channels = shape.dimension(0);
    int lanes = kernels.lanes();
    int pixel = wholeVectors ? Math.ceilDiv(channels, lanes) * lanes : pixel(channels, lanes);
    return new Layout.Image(channels, shape.dimension(1), shape.dimension(2), pixel, border);
  }

  private Value lower(Fusion.Unit unit) {
    Node node = unit.head();
    return switch (node.op()) {
      case Op.Input input -> {
        Value value = values.take(new Layout.RowMajor(node.shape().size()));
        inputs.add(value);
        yield value;
      }
      case Op.Transpose transpose -> transpose(node);
      case Op.Reshape reshape -> {
        Value from = values.asIs(node.input());
        yield new Value(from.layout(), from.buffer().share());
      }
      case Op.SincConv op -> sinc(unit, op);
      case Op.Conv1d op -> {
        int stride = op.stride() * node.input().shape().dimension(0);
        yield rows(unit, weights.conv1d(node, op), stride, values.channelsLast(node.input()));
      }
      case Op.Linear op -> linear(unit, op);
      case Op.Conv2d op -> convolution(unit, op);
      case Op.BatchNorm norm -> {
        Value x = values.rowMajor(node.input());
        Affine affine = weights.affine(node, node.shape().dimension(0));
        Value y = values.take(x.layout());
        yield add(new Pointwise.ChannelScale(affine.scale(), affine.shift(), x, y), y);
      }
      case Op.InstanceNorm(double epsilon) -> instanceNorm(unit, epsilon);
      case Op.Abs abs -> {
        Value x = values.asIs(node.input());
        Value y = values.take(x.layout());
        yield add(new Pointwise.Absolute(x, y), y);
      }
      case Op.Relu relu -> activation(node, 0);
      case Op.LeakyRelu(double slope) -> activation(node, (float) slope);
      case Op.Add sum -> {
        Value x = values.asIs(node.input());
        Value z = values.in(x.layout(), node.inputs().get(1));
        Value y = values.take(x.layout());
        yield add(new Pointwise.Sum(x, z, y), y);
      }
      case Op.Weigh weigh -> {
        boolean asImage = columnsAreTimes(node.input());
        Value x = asImage ? values.asIs(node.input()) : values.rowMajor(node.input());
        Value w = values.rowMajor(node.inputs().get(1));
        Value y = values.take(new Layout.RowMajor(node.shape().size()));
        yield add(new Weighing(node.shape().dimension(0), x, w, y), y);
      }
      case Op.MaxPool1d(int kernel) -> {
        Value x = values.channelsLast(node.input());
        Value y =
            values.take(Layout.channelsLast(node.shape().dimension(0), node.shape().dimension(1)));
        yield add(
            new Pointwise.RowMaximum(kernels.finish(), kernel, node.shape().dimension(0), x, y), y);
      }
      case Op.Lstm op -> lstm(node, op);
      case Op.StatsPool pool -> statistics(node);
      case Op.Sigmoid sigmoid -> {
        Value x = values.rowMajor(node.input());
        Value y = values.take(x.layout());
        yield add(new Pointwise.Probability(x, y), y);
      }
      case Op.LogSoftmax softmax -> {
        Value x = values.rowMajor(node.input());
        Value y = values.take(x.layout());
        yield add(new Pointwise.RowLogSoftmax(node.shape().dimension(-1), x, y), y);
      }
    };
  }

  private Value add(Step step, Value y) {
    steps.add(step);
    return y;
  }

  private Value activation(Node node, float slope) {
    Value x = values.asIs(node.input());
    Value y = values.take(x.layout());
    return add(new Pointwise.Activation(slope, x, y), y);
  }

  /** Of two dimensions: the same array, read the other way round. Of three: a copy. */
  private Value transpose(Node node) {
    Shape shape = node.shape();
    if (shape.rank() == 2) {
      int rows = shape.dimension(0);
      int columns = shape.dimension(1);
      Value from = values.asIs(node.input());
      boolean wasLast = from.layout().equals(Layout.channelsLast(columns, rows));
      boolean isFlat = from.layout() instanceof Layout.RowMajor;
      if (wasLast || isFlat) {
        Layout layout =
            wasLast ? new Layout.RowMajor(shape.size()) : Layout.channelsLast(rows, columns);
        return new Value(layout, from.buffer().share());
      }
    }
    Value x = values.rowMajor(node.input());
    Value y = values.take(x.layout());
    return add(new Pointwise.Transposed(shape.dimension(-2), shape.dimension(-1), x, y), y);
  }

  private Value sinc(Fusion.Unit unit, Op.SincConv op) {
    Node node = unit.head();
    PackedWeights.Sinc filters = weights.sinc(node, op);
    Value x = values.rowMajor(node.input());
    Value y = pooled(unit);
    int rows = node.shape().dimension(1);
    return add(new SincConvolution(kernels, filters, rows, op.stride(), finish(unit), x, y), y);
  }

  private Value rows(Fusion.Unit unit, Panels panels, int stride, Value x) {
    Value y = pooled(unit);
    int rows = unit.head().shape().dimension(1);
    return add(new RowProducts(kernels, panels, rows, stride, finish(unit), x, y), y);
  }

  /** What a convolution over time and what follows it make. */
  private Value pooled(Fusion.Unit unit) {
    Shape shape = unit.last().shape();
    return values.take(Layout.channelsLast(shape.dimension(0), shape.dimension(1)));
  }

  private static RowProducts.Finish finish(Fusion.Unit unit) {
    Node pool = unit.absorbed(Op.MaxPool1d.class);
    return new RowProducts.Finish(
        unit.absorbed(Op.Abs.class) != null,
        pool == null ? 1 : ((Op.MaxPool1d) pool.op()).kernel(),
        unit.slope());
  }

  private Value linear(Fusion.Unit unit, Op.Linear op) {
    Node node = unit.head();
    int features = node.input().shape().dimension(-1);
    Value x = values.rowMajor(node.input());
    Value y = values.take(new Layout.RowMajor(node.shape().size()));
    RowProducts.Finish finish = new RowProducts.Finish(false, 1, unit.slope());
    int rows = node.input().shape().size() / features;
    Panels panels = weights.linear(node, op);
    return add(new RowProducts(kernels, panels, rows, features, finish, x, y), y);
  }

  private Value convolution(Fusion.Unit unit, Op.Conv2d op) {
    Node node = unit.head();
    Node norm = unit.absorbed(Op.BatchNorm.class);
    Node sum = unit.absorbed(Op.Add.class);
    boolean relu = unit.absorbed(Op.Relu.class) != null;
    Layout.Image out = image(node.shape(), true);
    Shape shape = node.input().shape();
    Value x =
        values.asIs(node.input()).layout() instanceof Layout.Image
            ? values.asIs(node.input())
            : values.in(image(shape, false), node.input());
    Value residual = sum == null ? null : values.in(out, sum.inputs().get(1));
    Value y = values.take(out);
    int pixel = ((Layout.Image) x.layout()).pixel();
    boolean plain = op.kernel() == 3 && op.stride() == 1 && op.padding() == 1;
    if (plain && pixel % kernels.lanes() == 0 && kernels.winograd() != null) {
      PackedWeights.Winograd packed = weights.winograd(node, norm, pixel);
      return add(
          new WinogradConvolution(
              kernels.product(),
              kernels.winograd(),
              packed.positions(),
              packed.bias(),
              relu,
              x,
              residual,
              y,
              new Columns(out.width(), WinogradTransforms.TILE)),
          y);
    }
    return add(
        new ImageConvolution(
            kernels.product(),
            kernels.finish(),
            weights.image(node, norm, pixel),
            op.kernel(),
            op.stride(),
            op.padding(),
            relu,
            x,
            residual,
            y,
            new Columns(out.width(), ImageConvolution.BLOCK)),
        y);
  }

  private Value instanceNorm(Fusion.Unit unit, double epsilon) {
    Node node = unit.head();
    Value x = values.channelsLast(node.input());
    Value y = values.take(x.layout());
    return add(
        new ChannelNorm(
            node.shape().dimension(0),
            node.shape().dimension(1),
            epsilon,
            weights.floats(node, "weight"),
            weights.floats(node, "bias"),
            unit.slope(),
            x,
            y),
        y);
  }

  private Value lstm(Node node, Op.Lstm op) {
    int time = node.shape().dimension(0);
    Value x = values.rowMajor(node.input());
    Value y = null;
    for (int layer = 0; layer < op.layers(); layer++) {
      Value from = layer == 0 ? x : y;
      y = values.take(new Layout.RowMajor(node.shape().size()));
      steps.add(
          new LstmLayer(
              kernels.product(),
              kernels.cell(),
              weights.lstm(node, op, layer),
              op.hidden(),
              weights.paddedCells(op.hidden()),
              time,
              from,
              y));
      if (layer > 0) {
        from.buffer().release();
      }
    }
    return y;
  }

  /** Whether a node (R, T) is an image (C, H, T), which has C·H = R rows. */
  private boolean columnsAreTimes(Node node) {
    return values.asIs(node).layout() instanceof Layout.Image image
        && image.width() == node.shape().dimension(1);
  }

  private Value statistics(Node node) {
    Shape shape = node.input().shape();
    int rows = shape.dimension(0);
    int time = shape.dimension(1);
    Node masks = node.inputs().size() == 1 ? null : node.inputs().get(1);
    Value w = masks == null ? null : values.rowMajor(masks);
    int count = masks == null ? 1 : masks.shape().dimension(0);
    int maskFrames = masks == null ? 0 : masks.shape().dimension(1);
    Value y = values.take(new Layout.RowMajor(node.shape().size()));
    if (columnsAreTimes(node.input())) {
      Value x = values.asIs(node.input());
      Layout.Image image = (Layout.Image) x.layout();
      return add(
          new StatisticsPool(
              image.channels(),
              image.height(),
              time,
              image.pixel(),
              image.at(0, 0),
              image.row(),
              count,
              maskFrames,
              x,
              w,
              y),
          y);
    }
    Value x = values.channelsLast(node.input());
    return add(new StatisticsPool(rows, 1, time, rows, 0, 0, count, maskFrames, x, w, y), y);
  }
}
