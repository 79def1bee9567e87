package dev.diarist.nn.train;

import dev.diarist.nn.graph.Graph;
import dev.diarist.nn.graph.Node;
import dev.diarist.nn.graph.Op;
import dev.diarist.nn.graph.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Turns the nodes of a graph into layers over storages. */
final class Lowering {
  /** Ops whose way back does not look at their output, so that the next op may overwrite it. */
  private static final Set<Class<? extends Op>> OUTPUT_IS_FREE =
      Set.of(
          Op.Conv1d.class,
          Op.SincConv.class,
          Op.Conv2d.class,
          Op.Linear.class,
          Op.BatchNorm.class,
          Op.InstanceNorm.class);

  private final Graph graph;
  private final Parameters parameters;
  private final Products products;
  private final int batch;
  private final boolean inputGradients;

  /** Pixels around every image: the largest padding of a convolution. */
  private final int border;

  private final Map<Node, Placed> values = new HashMap<>();
  private final Map<Node, Integer> reads = new HashMap<>();
  private final List<Layer> layers = new ArrayList<>();
  private int lstms;

  /** The values of a node and where they lie. */
  record Placed(Storage storage, Layout layout) {}

  /**
   * @param batch the most examples of one pass
   * @param inputGradients whether the gradients by the inputs are wanted
   */
  Lowering(
      Graph graph, Parameters parameters, Products products, int batch, boolean inputGradients) {
    this.graph = graph;
    this.parameters = parameters;
    this.products = products;
    this.batch = batch;
    this.inputGradients = inputGradients;
    border =
        graph.nodes().stream()
            .mapToInt(node -> node.op() instanceof Op.Conv2d conv ? conv.padding() : 0)
            .max()
            .orElse(0);
    graph.nodes().forEach(n -> n.inputs().forEach(input -> reads.merge(input, 1, Integer::sum)));
    graph.nodes().forEach(this::lower);
  }

  List<Layer> layers() {
    return layers;
  }

  Placed placed(Node node) {
    return values.get(node);
  }

  /** The value of the output in row-major order. */
  Placed output() {
    return in(Layout.rowMajor(graph.output().shape()), graph.output());
  }

  private void lower(Node node) {
    Placed placed =
        switch (node.op()) {
          case Op.Input input ->
              new Placed(
                  new Storage(node.shape().size(), null, inputGradients),
                  Layout.rowMajor(node.shape()));
          case Op.Transpose() -> {
            Placed x = values.get(node.input());
            yield new Placed(x.storage(), x.layout().transposed(node.shape()));
          }
          case Op.Reshape(Shape shape) -> {
            Placed x = in(Layout.rowMajor(node.input().shape()), node.input());
            yield new Placed(x.storage(), Layout.rowMajor(shape));
          }
          case Op.SincConv op -> sinc(node, op);
          case Op.Conv1d op -> conv1d(node, op);
          case Op.Conv2d op -> conv2d(node, op);
          case Op.Linear op -> linear(node, op);
          case Op.BatchNorm(double epsilon) ->
              norm(
                  node,
                  epsilon,
                  new NormLayer.Running(
                      parameter(node, "running_mean"),
                      parameter(node, "running_var"),
                      parameter(node, "num_batches_tracked")));
          case Op.InstanceNorm(double epsilon) -> norm(node, epsilon, null);
          case Op.Abs() -> {
            Placed x = values.get(node.input());
            Placed y = like(x, wants(x), node);
            layers.add(new ElementLayers.Absolute(x.storage(), y.storage()));
            yield y;
          }
          case Op.Relu() -> rectifier(node, 0);
          case Op.LeakyRelu(double slope) -> rectifier(node, (float) slope);
          case Op.Add() -> add(node);
          case Op.Weigh() -> weigh(node);
          case Op.MaxPool1d(int kernel) -> maxPool(node, kernel);
          case Op.Lstm op -> lstm(node, op);
          case Op.StatsPool() -> pool(node);
          case Op.Sigmoid() -> {
            Placed x = values.get(node.input());
            Placed y = like(x, wants(x), node);
            layers.add(new ElementLayers.Sigmoid(x.storage(), y.storage()));
            yield y;
          }
          case Op.LogSoftmax() -> {
            Placed x = in(Layout.rowMajor(node.shape()), node.input());
            Placed y = like(x, wants(x), node);
            int classes = node.shape().dimension(-1);
            layers.add(new ElementLayers.LogSoftmax(classes, x.storage(), y.storage()));
            yield y;
          }
        };
    values.put(node, placed);
  }

  private Parameter parameter(Node node, String part) {
    return parameters.get(node.name() + "." + part);
  }

  private static boolean wants(Placed x) {
    return x.storage().wantsGradient();
  }

  /** New storage for a node in a layout; 0 everywhere, so that borders are. */
  private Placed take(Layout layout, boolean wantsGradient) {
    float[] value = new float[Math.multiplyExact(batch, layout.size())];
    return new Placed(new Storage(layout.size(), value, wantsGradient), layout);
  }

  private Placed take(Node node, boolean wantsGradient) {
    return take(Layout.channelsLast(node.shape(), border), wantsGradient);
  }

  /** Storage for a value of the layout of {@code x}: the same array where x is not needed again. */
  private Placed like(Placed x, boolean wantsGradient, Node node) {
    boolean inPlace =
        !(node.op() instanceof Op.Abs)
            && !(node.op() instanceof Op.Sigmoid)
            && !(node.op() instanceof Op.LogSoftmax)
            && reads.get(node.input()) == 1
            && OUTPUT_IS_FREE.contains(node.input().op().getClass());
    if (!inPlace) {
      return take(x.layout(), wantsGradient);
    }
    Storage shared = new Storage(x.layout().size(), x.storage().value(), wantsGradient);
    return new Placed(shared, x.layout());
  }

  /** The value of a node in that layout, converted if need be. */
  private Placed in(Layout layout, Node node) {
    Placed x = values.get(node);
    if (x.layout().equals(layout)) {
      return x;
    }
    Placed converted = take(layout, wants(x));
    layers.add(new ElementLayers.Conversion(x.layout(), layout, x.storage(), converted.storage()));
    return converted;
  }

  private Placed channelsLast(Node node) {
    return in(Layout.channelsLast(node.shape(), border), node);
  }

  private Grid grid(Node node) {
    return Grid.of(node.shape(), border);
  }

  private Placed sinc(Node node, Op.SincConv op) {
    Placed x = channelsLast(node.input());
    Filters filters = Filters.Sinc.of(op, node.name(), parameters);
    Placed y = take(node, wants(x) || filters.trainable());
    WeightMatrix[] matrices = {
      WeightMatrix.plain(filters.values(), op.filters(), op.kernel(), products.kernels())
    };
    ProductLayer.Geometry geometry =
        new ProductLayer.Geometry(grid(node.input()), grid(node), 1, op.stride(), 0, false);
    addProducts(geometry, filters, null, matrices, null, x, y);
    return y;
  }

  private void addProducts(
      ProductLayer.Geometry geometry,
      Filters filters,
      Parameter bias,
      WeightMatrix[] matrices,
      WeightMatrix[] turned,
      Placed x,
      Placed y) {
    layers.add(
        new ProductLayer(
            geometry, products, filters, bias, matrices, turned, x.storage(), y.storage()));
  }

  private Placed conv1d(Node node, Op.Conv1d op) {
    Placed x = channelsLast(node.input());
    Parameter weight = parameter(node, "weight"); // (O, C, K)
    Parameter bias = parameter(node, "bias");
    Placed y = take(node, wants(x) || weight.trainable() || bias.trainable());
    int channels = node.input().shape().dimension(0);
    int kernel = op.kernel();
    int[] columns = new int[kernel * channels];
    for (int k = 0; k < columns.length; k++) {
      columns[k] = k % channels * kernel + k / channels;
    }
    int[] rows = WeightMatrix.steps(op.outChannels(), columns.length);
    WeightMatrix[] matrices = {new WeightMatrix(weight.value(), rows, columns, products.kernels())};
    ProductLayer.Geometry geometry =
        new ProductLayer.Geometry(grid(node.input()), grid(node), 1, op.stride(), 0, false);
    addProducts(geometry, new Filters.Direct(weight), bias, matrices, null, x, y);
    return y;
  }

  private Placed conv2d(Node node, Op.Conv2d op) {
    Placed x = channelsLast(node.input());
    Parameter weight = parameter(node, "weight"); // (O, C, K, K)
    Placed y = take(node, wants(x) || weight.trainable());
    int channels = node.input().shape().dimension(0);
    int kernel = op.kernel();
    boolean winograd = kernel == 3 && op.stride() == 1 && op.padding() == 1;
    if (winograd
        && WinogradLayer.fits(channels, products)
        && WinogradLayer.fits(op.outChannels(), products)) {
      layers.add(
          new WinogradLayer(
              products, weight, grid(node.input()), grid(node), x.storage(), y.storage()));
      return y;
    }
    int[] rows = WeightMatrix.steps(op.outChannels(), channels * kernel * kernel);
    WeightMatrix[] matrices = new WeightMatrix[kernel];
    for (int line = 0; line < kernel; line++) {
      int[] columns = new int[kernel * channels];
      for (int k = 0; k < columns.length; k++) {
        columns[k] = (k % channels * kernel + line) * kernel + k / channels;
      }
      matrices[line] = new WeightMatrix(weight.value(), rows, columns, products.kernels());
    }
    ProductLayer.Geometry geometry =
        new ProductLayer.Geometry(
            grid(node.input()), grid(node), kernel, op.stride(), op.padding(), false);
    WeightMatrix[] turned = wants(x) ? turned(node, op, weight) : null;
    addProducts(geometry, new Filters.Direct(weight), null, matrices, turned, x, y);
    return y;
  }

  /** The filters of the way back where every pixel has a window around it, otherwise null. */
  private WeightMatrix[] turned(Node node, Op.Conv2d op, Parameter weight) {
    int kernel = op.kernel();
    if (op.stride() != 1 || kernel != 2 * op.padding() + 1) {
      return null;
    }
    int channels = node.input().shape().dimension(0);
    int outputs = op.outChannels();
    int[] rows = WeightMatrix.steps(channels, kernel * kernel);
    WeightMatrix[] turned = new WeightMatrix[kernel];
    for (int line = 0; line < kernel; line++) {
      int[] columns = new int[kernel * outputs];
      for (int k = 0; k < columns.length; k++) {
        int from = (kernel - 1 - line) * kernel + kernel - 1 - k / outputs; // weight[0,0,·,·]
        columns[k] = k % outputs * channels * kernel * kernel + from;
      }
      turned[line] = new WeightMatrix(weight.value(), rows, columns, products.kernels());
    }
    return turned;
  }

  private Placed linear(Node node, Op.Linear op) {
    Placed x = in(Layout.rowMajor(node.input().shape()), node.input());
    Parameter weight = parameter(node, "weight"); // (O, C)
    Parameter bias = parameter(node, "bias");
    boolean wanted = wants(x) || weight.trainable() || bias.trainable();
    Placed y = take(Layout.rowMajor(node.shape()), wanted);
    int features = node.input().shape().dimension(-1);
    int count = node.shape().size() / op.outFeatures();
    WeightMatrix[] matrices = {
      WeightMatrix.plain(weight.value(), op.outFeatures(), features, products.kernels())
    };
    Grid from = new Grid(features, 1, count, 0, features * count);
    Grid to = new Grid(op.outFeatures(), 1, count, 0, op.outFeatures() * count);
    ProductLayer.Geometry geometry = new ProductLayer.Geometry(from, to, 1, 1, 0, true);
    addProducts(geometry, new Filters.Direct(weight), bias, matrices, null, x, y);
    return y;
  }

  private Placed norm(Node node, double epsilon, NormLayer.Running running) {
    Placed x = channelsLast(node.input());
    Parameter weight = parameter(node, "weight");
    Parameter bias = parameter(node, "bias");
    Placed y = take(node, wants(x) || weight.trainable() || bias.trainable());
    layers.add(new NormLayer(grid(node), epsilon, weight, bias, running, x.storage(), y.storage()));
    return y;
  }

  private Placed rectifier(Node node, float slope) {
    Placed x = values.get(node.input());
    Placed y = like(x, wants(x), node);
    layers.add(new ElementLayers.Rectifier(slope, products.kernels(), x.storage(), y.storage()));
    return y;
  }

  private Placed add(Node node) {
    Placed a = values.get(node.inputs().get(0));
    Placed b = in(a.layout(), node.inputs().get(1));
    Placed y = like(a, wants(a) || wants(b), node);
    layers.add(new ElementLayers.Sum(a.storage(), b.storage(), y.storage()));
    return y;
  }

  private Placed maxPool(Node node, int kernel) {
    Placed x = channelsLast(node.input());
    Placed y = take(node, wants(x));
    int channels = node.shape().dimension(0);
    int time = node.shape().dimension(1);
    layers.add(new MaxPoolLayer(channels, time, kernel, x.storage(), y.storage()));
    return y;
  }

  private Placed lstm(Node node, Op.Lstm op) {
    Placed x = in(Layout.rowMajor(node.input().shape()), node.input());
    int time = node.shape().dimension(0);
    int features = node.input().shape().dimension(1);
    int outputs = op.hidden() * op.directions();
    LstmDirection[][] stack = new LstmDirection[op.layers()][op.directions()];
    boolean wanted = wants(x);
    for (int layer = 0; layer < op.layers(); layer++) {
      for (int d = 0; d < op.directions(); d++) {
        stack[layer][d] =
            new LstmDirection(
                products,
                parameters,
                node.name() + ".",
                Op.Lstm.suffix(layer, d),
                d > 0,
                op.hidden(),
                time,
                layer == 0 ? features : outputs,
                batch);
        wanted |= stack[layer][d].trainable();
      }
    }
    Placed y = take(Layout.rowMajor(node.shape()), wanted);
    layers.add(new LstmLayer(lstms++, stack, time, op.hidden(), batch, x.storage(), y.storage()));
    return y;
  }

  private Placed weigh(Node node) {
    Placed x = channelsLast(node.inputs().get(0));
    Node weights = node.inputs().get(1);
    Placed w = in(Layout.rowMajor(weights.shape()), weights);
    Placed y = take(node, wants(x));
    layers.add(
        new ElementLayers.Weighing(
            node.shape().dimension(0), x.storage(), w.storage(), y.storage()));
    return y;
  }

  private Placed pool(Node node) {
    Placed x = channelsLast(node.inputs().get(0));
    boolean masked = node.inputs().size() > 1;
    Shape masks = masked ? node.inputs().get(1).shape() : Shape.of(1, 1);
    Storage weights = masked ? in(Layout.rowMajor(masks), node.inputs().get(1)).storage() : null;
    Placed y = take(Layout.rowMajor(node.shape()), wants(x));
    Shape features = node.inputs().get(0).shape();
    layers.add(
        new PoolLayer(
            features.dimension(0),
            features.dimension(1),
            masks.dimension(0),
            masks.dimension(1),
            x.storage(),
            weights,
            y.storage()));
    return y;
  }
}
