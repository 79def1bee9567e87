package dev.diarist.nn.train;

import dev.diarist.nn.backend.Execution;
import dev.diarist.nn.backend.MatrixKernels;
import dev.diarist.nn.graph.Graph;
import dev.diarist.nn.graph.Node;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A graph that can be walked forward and back. It owns its buffers and threads, is reusable, and
 * serves one thread at a time. No result depends on the number of threads.
 */
public final class TrainableNetwork implements AutoCloseable {
  private final Graph graph;
  private final Parameters parameters;
  private final int batch;
  private final boolean inputGradients;
  private final List<Layer> layers;
  private final Map<Node, Storage> inputs = new HashMap<>();
  private final Map<Node, float[]> byInput = new HashMap<>();
  private final Storage output;
  private final Threads threads;
  private final FloatPool pool = new FloatPool();
  private Pass last;

  /** A network whose inputs need no gradient. */
  public TrainableNetwork(Graph graph, Parameters parameters, Execution execution) {
    this(graph, parameters, execution, false);
  }

  /**
   * @param parameters read at every pass; passes back add to the gradients of those that are
   *     trainable now
   * @param execution threads, and the most examples of one pass
   * @param inputGradients whether {@link #inputGradient} will be asked for
   * @throws IllegalArgumentException if a parameter of the graph is missing
   */
  public TrainableNetwork(
      Graph graph, Parameters parameters, Execution execution, boolean inputGradients) {
    this.graph = graph;
    this.parameters = parameters;
    this.batch = execution.batch();
    this.inputGradients = inputGradients;
    Products products = new Products(MatrixKernels.ofMachine());
    Lowering lowering = new Lowering(graph, parameters, products, batch, inputGradients);
    output = lowering.output().storage();
    layers = lowering.layers();
    graph.inputs().forEach(node -> inputs.put(node, lowering.placed(node).storage()));
    threads = new Threads(execution.threads());
  }

  public Graph graph() {
    return graph;
  }

  public Parameters parameters() {
    return parameters;
  }

  /** The most examples of one pass. */
  public int batch() {
    return batch;
  }

  /**
   * The output as the network gives it in use: batch norms go by their running statistics, nothing
   * is dropped.
   *
   * @param inputs as {@link #forward(int, Dropout, float[][])} takes them
   * @return a new array (batch, …)
   */
  public float[] evaluate(int batch, float[]... inputs) {
    return run(batch, false, Dropout.NONE, inputs);
  }

  /**
   * The output in training: batch norms go by the statistics of the batch, which they also mix into
   * their running ones.
   *
   * @param inputs for each input of the graph an array that begins with its (batch, …) values,
   *     row-major; not modified, and not to be modified before {@link #backward}
   * @return a new array (batch, …)
   * @throws IllegalArgumentException if the batch is larger than {@link #batch()}, or an input too
   *     short
   */
  public float[] forward(int batch, Dropout dropout, float[]... inputs) {
    return run(batch, true, dropout, inputs);
  }

  private float[] run(int batch, boolean training, Dropout dropout, float[]... given) {
    if (batch < 1 || batch > this.batch) {
      throw new IllegalArgumentException(
          "a batch of 1 to %d examples is needed, got %d".formatted(this.batch, batch));
    }
    List<Node> declared = graph.inputs();
    if (given.length != declared.size()) {
      throw new IllegalArgumentException(
          "graph %s has %d inputs, got %d".formatted(graph.name(), declared.size(), given.length));
    }
    for (int i = 0; i < given.length; i++) {
      Node node = declared.get(i);
      if (given[i].length < (long) batch * node.shape().size()) {
        throw new IllegalArgumentException(
            "input %s must have %d × %s values, got %d"
                .formatted(node.name(), batch, node.shape(), given[i].length));
      }
      inputs.get(node).set(given[i]);
    }
    last = new Pass(batch, training, dropout, threads, pool);
    for (Layer layer : layers) {
      layer.forward(last);
    }
    return Arrays.copyOf(output.value(), batch * output.size());
  }

  /**
   * Walks back from the last pass forward, and adds the gradients of a loss to those of the
   * parameters.
   *
   * @param gradient of the loss by the output, (batch, …); not modified
   * @throws IllegalStateException if there was no pass forward since the last way back
   */
  public void backward(float[] gradient) {
    if (last == null) {
      throw new IllegalStateException("a way back needs a pass forward before it");
    }
    int size = last.batch() * output.size();
    if (gradient.length != size) {
      throw new IllegalArgumentException(
          "the gradient must have %d values, got %d".formatted(size, gradient.length));
    }
    float[] own = pool.take(size);
    System.arraycopy(gradient, 0, own, 0, size);
    output.receive(own, last);
    for (Layer layer : layers.reversed()) {
      layer.backward(last);
    }
    byInput.clear();
    inputs.forEach(this::keep);
    last = null;
  }

  private void keep(Node node, Storage storage) {
    float[] gradient = storage.takeGradient();
    if (gradient != null) {
      byInput.put(node, gradient);
    }
  }

  /**
   * The gradient of the loss by an input, after {@link #backward}.
   *
   * @return a new array (batch, …), zeros where the output does not depend on the input
   * @throws IllegalStateException if input gradients were not asked for
   */
  public float[] inputGradient(String name, int batch) {
    if (!inputGradients) {
      throw new IllegalStateException("this network was made without gradients by its inputs");
    }
    Node node = graph.node(name);
    float[] gradient = byInput.get(node);
    int size = batch * node.shape().size();
    return gradient == null ? new float[size] : Arrays.copyOf(gradient, size);
  }

  @Override
  public void close() {
    threads.close();
  }
}
