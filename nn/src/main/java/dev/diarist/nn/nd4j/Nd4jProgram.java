package dev.diarist.nn.nd4j;

import dev.diarist.nn.backend.Program;
import dev.diarist.nn.graph.Graph;
import dev.diarist.nn.graph.Node;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Walks the graph node by node and frees each value after its last reader. */
final class Nd4jProgram implements Program {
  private final Graph graph;
  private final Nd4jOps ops;
  private final int batch;
  private final Map<Node, Node> lastReader = new HashMap<>();
  private final Map<Node, List<NamedTap>> taps = new HashMap<>();
  private final Map<Node, UnaryOperator<INDArray>> patches = new HashMap<>();

  private record NamedTap(String name, Tap tap) {}

  Nd4jProgram(Graph graph, Nd4jOps ops, int batch) {
    this.graph = graph;
    this.ops = ops;
    this.batch = batch;
    for (Node node : graph.nodes()) {
      node.inputs().forEach(input -> lastReader.put(input, node));
      ops.load(node);
    }
  }

  @Override
  public Graph graph() {
    return graph;
  }

  @Override
  public int batch() {
    return batch;
  }

  @Override
  public float[] run(int examples, float[]... inputs) {
    checkInputs(examples, inputs);
    Map<Node, INDArray> values = new HashMap<>();
    int given = 0;
    for (Node node : graph.nodes()) {
      INDArray value =
          graph.inputs().contains(node)
              ? input(node, examples, inputs[given++])
              : ops.apply(node, node.inputs().stream().map(values::get).toList());
      values.put(node, observed(node, value));
      for (Node input : node.inputs()) {
        if (lastReader.get(input) == node && values.get(input).closeable()) {
          values.get(input).close();
        }
      }
    }
    try (INDArray output = values.get(graph.output())) {
      return output.dup('c').data().asFloat();
    }
  }

  private void checkInputs(int examples, float[]... inputs) {
    List<Node> declared = graph.inputs();
    if (examples < 1 || examples > batch) {
      throw new IllegalArgumentException(
          "a run takes 1 to " + batch + " examples, got " + examples);
    }
    if (inputs.length != declared.size()) {
      throw new IllegalArgumentException(
          "graph " + graph.name() + " has inputs " + declared + ", got " + inputs.length);
    }
    for (int i = 0; i < inputs.length; i++) {
      int needed = examples * declared.get(i).shape().size();
      if (inputs[i].length < needed) {
        throw new IllegalArgumentException(
            String.format(
                "input %s needs %d values for %d examples, got %d",
                declared.get(i).name(), needed, examples, inputs[i].length));
      }
    }
  }

  private static INDArray input(Node node, int examples, float[] values) {
    float[] used = Arrays.copyOf(values, examples * node.shape().size());
    return Nd4j.create(used, node.shape().batched(examples), 'c');
  }

  private INDArray observed(Node node, INDArray value) {
    UnaryOperator<INDArray> patch = patches.get(node);
    if (patch != null) {
      INDArray patched = patch.apply(value.dup('c'));
      if (!Arrays.equals(patched.shape(), value.shape())) {
        throw new IllegalArgumentException(
            String.format(
                "a patch of %s must keep the shape %s, got %s",
                node.name(), Arrays.toString(value.shape()), Arrays.toString(patched.shape())));
      }
      value = patched.dup('c');
    }
    for (NamedTap tap : taps.getOrDefault(node, List.of())) {
      tap.tap().value(tap.name(), value.dup('c'));
    }
    return value;
  }

  @Override
  public void tap(String pattern, Tap tap) {
    graph
        .matching(pattern)
        .forEach(
            (name, node) ->
                taps.computeIfAbsent(node, absent -> new ArrayList<>())
                    .add(new NamedTap(name, tap)));
  }

  @Override
  public void patch(String name, UnaryOperator<INDArray> patch) {
    patches.put(graph.node(name), patch);
  }

  @Override
  public void close() {
    ops.close();
  }
}
