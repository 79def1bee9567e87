package dev.diarist.nn.tornado;

import dev.diarist.nn.backend.Fusion;
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

/** Turns a graph into launches of kernels: one unit of {@link Fusion} after the other. */
final class Lowering {
  /** By which negative values are multiplied to give their absolute value. */
  private static final float ABSOLUTE = -1;

  private final DeviceWeights weights;
  private final Map<Node, UnaryOperator<INDArray>> patches;
  private final Values values;
  private final Launches launches;

  /** Null where every convolution is computed from its definition. */
  private final WinogradLaunches winograd;

  private final int border;

  private final List<Step> steps = new ArrayList<>();
  private final List<Value> inputs = new ArrayList<>();
  private final Map<Node, Value> tapped = new HashMap<>();

  /**
   * @param inputs of the graph, in their order, row-major
   * @param output row-major
   * @param tapped the values asked for, row-major
   */
  record Plan(
      List<Step> steps,
      Buffers buffers,
      List<Value> inputs,
      Value output,
      Map<Node, Value> tapped) {}

  private Lowering(
      Graph graph,
      DeviceWeights weights,
      boolean winograd,
      Map<Node, UnaryOperator<INDArray>> patches) {
    this.weights = weights;
    this.patches = patches;
    this.values = new Values(new Buffers(slack(graph)), steps);
    this.launches = new Launches(values, weights, steps);
    this.winograd = winograd ? new WinogradLaunches(values, steps) : null;
    this.border =
        graph.nodes().stream()
            .mapToInt(node -> node.op() instanceof Op.Conv2d conv ? conv.padding() : 0)
            .max()
            .orElse(0);
  }

  /**
   * @param winograd whether convolutions may be computed by {@link Winograd}
   * @param tapped nodes whose values are to be kept
   * @param patches of nodes whose values are replaced
   * @throws IllegalArgumentException if a layer is larger than the kernels allow
   */
  static Plan plan(
      Graph graph,
      DeviceWeights weights,
      boolean winograd,
      Set<Node> tapped,
      Map<Node, UnaryOperator<INDArray>> patches) {
    Set<Node> kept = new HashSet<>(tapped);
    kept.addAll(patches.keySet());
    return new Lowering(graph, weights, winograd, patches)
        .lower(graph, tapped, Fusion.of(graph, kept));
  }

  /** What the last work-group of a product may read past the end of its input. */
  private static int slack(Graph graph) {
    int slack = 0;
    for (Node node : graph.nodes()) {
      int step =
          switch (node.op()) {
            case Op.SincConv op -> op.stride();
            case Op.Conv1d op -> op.stride() * node.input().shape().dimension(0);
            case Op.Conv2d op -> op.stride() * node.input().shape().dimension(0);
            case Op.Linear op -> node.input().shape().dimension(-1);
            case Op.Lstm op ->
                Math.max(node.input().shape().dimension(1), node.shape().dimension(1));
            default -> 0;
          };
      slack = Math.max(slack, Launches.BLOCKS * Products.POSITIONS * step);
    }
    return slack;
  }

  private Plan lower(Graph graph, Set<Node> taps, List<Fusion.Unit> units) {
    units.forEach(unit -> unit.reads().forEach(values::expectRead));
    values.expectRead(graph.output()); // by whoever asks for the result
    // A run is given its inputs at once, so no other value may have been in their buffers before.
    units.stream().filter(Lowering::isInput).forEach(unit -> compute(unit, taps));
    units.stream().filter(unit -> !isInput(unit)).forEach(unit -> compute(unit, taps));
    // The host reads what it wants after all steps: the buffers it reads belong to nobody else.
    Value output = values.rowMajor(graph.output());
    output.buffer().share();
    return new Plan(List.copyOf(steps), values.buffers(), inputs, output, tapped);
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
      Value seen = values.rowMajor(node);
      seen.buffer().share();
      tapped.put(node, seen);
    }
    unit.reads().forEach(values::read);
  }

  /** The value before the patch keeps its buffer: the host reads it in the middle of a run. */
  private void patch(Node node) {
    Value before = values.rowMajor(node);
    Value after = values.take(before.layout());
    steps.add(new Step.Patch(node, patches.get(node), before, after));
    values.put(node, after);
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
      case Op.SincConv op ->
          rows(unit, weights.sinc(node, op), op.stride(), values.rowMajor(node.input()));
      case Op.Conv1d op -> {
        int step = op.stride() * node.input().shape().dimension(0);
        yield rows(unit, weights.conv1d(node, op), step, values.channelsLast(node.input()));
      }
      case Op.Linear op -> linear(unit, op);
      case Op.Conv2d op -> convolution(unit, op);
      case Op.BatchNorm norm -> launches.batchNorm(node);
      case Op.InstanceNorm(double epsilon) -> launches.instanceNorm(node, epsilon, unit.slope());
      case Op.Abs abs -> launches.activation(values.asIs(node.input()), ABSOLUTE);
      case Op.Relu relu -> launches.activation(values.asIs(node.input()), 0);
      case Op.LeakyRelu(double slope) ->
          launches.activation(values.asIs(node.input()), (float) slope);
      case Op.Add add -> {
        Value x = values.asIs(node.input());
        yield launches.sum(x, values.in(x.layout(), node.inputs().get(1)));
      }
      case Op.Weigh weigh -> launches.weigh(node);
      case Op.MaxPool1d(int kernel) ->
          launches.maximum(values.channelsLast(node.input()), kernel, 1);
      case Op.Lstm op -> lstm(node, op);
      case Op.StatsPool pool -> launches.statistics(node, features(node.input()));
      case Op.Sigmoid sigmoid -> launches.sigmoid(node);
      case Op.LogSoftmax softmax -> launches.logSoftmax(node);
    };
  }

  /** Of two dimensions: the same array, read the other way round. Of three: a copy. */
  private Value transpose(Node node) {
    Shape shape = node.shape();
    int rows = shape.dimension(-2);
    int columns = shape.dimension(-1);
    Value from = values.asIs(node.input());
    if (shape.rank() == 2) {
      boolean wasLast = from.layout().equals(Layout.channelsLast(columns, rows));
      if (wasLast || from.layout() instanceof Layout.RowMajor) {
        Layout layout =
            wasLast ? new Layout.RowMajor(shape.size()) : Layout.channelsLast(rows, columns);
        return new Value(layout, from.buffer().share());
      }
    }
    return launches.transpose(values.rowMajor(node.input()), shape);
  }

  private Value rows(Fusion.Unit unit, DeviceWeights.Matrix matrix, int step, Value x) {
    Shape shape = unit.head().shape();
    int channels = shape.dimension(0);
    int time = shape.dimension(1);
    Node pool = unit.absorbed(Op.MaxPool1d.class);
    // After |x| nothing is negative, and an activation changes nothing.
    boolean absolute = unit.absorbed(Op.Abs.class) != null;
    float slope = absolute ? ABSOLUTE : pool == null ? unit.slope() : 1;
    Value y = values.take(Layout.channelsLast(channels, time));
    Launches.Rows geometry = new Launches.Rows(step, time, channels);
    launches.rows(matrix, geometry, slope, x, y);
    if (pool == null) {
      return y;
    }
    Value pooled = launches.maximum(y, ((Op.MaxPool1d) pool.op()).kernel(), unit.slope());
    y.buffer().release();
    return pooled;
  }

  private Value linear(Fusion.Unit unit, Op.Linear op) {
    Node node = unit.head();
    int features = node.input().shape().dimension(-1);
    int rows = node.input().shape().size() / features;
    Value x = values.rowMajor(node.input());
    Value y = values.take(new Layout.RowMajor(node.shape().size()));
    Launches.Rows geometry = new Launches.Rows(features, rows, op.outFeatures());
    launches.rows(weights.linear(node, op), geometry, unit.slope(), x, y);
    return y;
  }

  private Layout.Image image(Shape shape) {
    return new Layout.Image(shape.dimension(0), shape.dimension(1), shape.dimension(2), border);
  }

  private Value convolution(Fusion.Unit unit, Op.Conv2d op) {
    Node node = unit.head();
    Node sum = unit.absorbed(Op.Add.class);
    Layout.Image out = image(node.shape());
    Value x = values.in(image(node.input().shape()), node.input());
    Value residual = sum == null ? null : values.in(out, sum.inputs().get(1));
    Node norm = unit.absorbed(Op.BatchNorm.class);
    Value y = values.take(out);
    return winograd != null && WinogradLaunches.fits(op, x.image().channels())
        ? winograd.images(weights.winograd(node, norm), unit.slope(), x, residual, y)
        : launches.images(weights.image(node, norm), op, unit.slope(), x, residual, y);
  }

  private Value lstm(Node node, Op.Lstm op) {
    if (op.hidden() > Recurrence.MAX_HIDDEN) {
      throw new IllegalArgumentException(
          "lstm %s: the tornado backend takes at most %d cells, got %d"
              .formatted(node.name(), Recurrence.MAX_HIDDEN, op.hidden()));
    }
    int time = node.shape().dimension(0);
    int gates = op.directions() * 4 * op.hidden();
    Value x = values.rowMajor(node.input());
    Value y = null;
    for (int layer = 0; layer < op.layers(); layer++) {
      Value from = layer == 0 ? x : y;
      DeviceWeights.LstmWeights packed = weights.lstm(node, op, layer);
      Value in = values.take(new Layout.RowMajor(time * gates));
      launches.rows(
          packed.input(), new Launches.Rows(packed.input().depth(), time, gates), 1, from, in);
      y = values.take(new Layout.RowMajor(node.shape().size()));
      launches.recurrence(packed.recurrent(), op, time, in, y);
      in.buffer().release();
      if (layer > 0) {
        from.buffer().release();
      }
    }
    return y;
  }

  /**
   * The features (R, T) of a pooling, as an image whose columns are the times: of a reshaped image
   * (C, H, T) that one, which has C·H = R rows.
   */
  private Value features(Node node) {
    Value x = values.asIs(node);
    boolean columnsAreTimes =
        x.layout() instanceof Layout.Image image && image.width() == node.shape().dimension(1);
    return columnsAreTimes ? x : values.channelsLast(node);
  }
}
