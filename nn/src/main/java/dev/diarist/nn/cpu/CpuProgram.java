package dev.diarist.nn.cpu;

import dev.diarist.nn.backend.Execution;
import dev.diarist.nn.backend.Program;
import dev.diarist.nn.graph.Graph;
import dev.diarist.nn.graph.Node;
import dev.diarist.nn.weights.Weights;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Runs the steps of a {@link Lowering.Plan}. A tap or a patch makes a new plan, in which its node
 * is not fused away; the last bits of a tapped run may therefore differ from those of a plain one.
 */
final class CpuProgram implements Program {
  private final Graph graph;
  private final Kernels kernels;
  private final PackedWeights weights;
  private final int batch;
  private final Workers workers;
  private final Map<Node, List<NamedTap>> taps = new HashMap<>();
  private final Map<Node, UnaryOperator<INDArray>> patches = new HashMap<>();

  /** Null after a change of taps or patches. */
  private Lowering.Plan plan;

  private record NamedTap(String name, Tap tap) {}

  CpuProgram(Graph graph, Weights weights, Kernels kernels, Execution execution) {
    this.graph = graph;
    this.kernels = kernels;
    this.weights = new PackedWeights(weights, kernels.lanes());
    this.batch = execution.batch();
    graph.nodes().forEach(this.weights::check);
    plan = lower();
    workers = new Workers(execution.threads());
  }

  private Lowering.Plan lower() {
    return Lowering.plan(graph, kernels, weights, taps.keySet(), patches);
  }

  @Override
  public Graph graph() {
    return graph;
  }

  @Override
  public int batch() {
    return batch;
  }

  /** Bytes of the buffers for one example, without the weights and the scratch of the threads. */
  long bufferBytesPerExample() {
    return plan.buffers().floatsPerExample() * Float.BYTES;
  }

  @Override
  public float[] run(int examples, float[]... inputs) {
    checkInputs(examples, inputs);
    if (plan == null) {
      plan = lower();
    }
    plan.buffers().reserve(examples);
    for (int i = 0; i < inputs.length; i++) {
      Value value = plan.inputs().get(i);
      int size = value.layout().size();
      for (int b = 0; b < examples; b++) {
        System.arraycopy(inputs[i], b * size, value.example(b), 0, size);
      }
    }
    workers.run(plan.steps(), examples);
    float[] output = gather(plan.output(), examples);
    for (Node node : graph.nodes()) {
      for (NamedTap tap : taps.getOrDefault(node, List.of())) {
        float[] values = gather(plan.tapped().get(node), examples);
        tap.tap().value(tap.name(), Nd4j.create(values, node.shape().batched(examples), 'c'));
      }
    }
    return output;
  }

  /** The row-major values of all examples, one after the other. */
  private static float[] gather(Value value, int examples) {
    int size = value.layout().size();
    float[] all = new float[Math.multiplyExact(examples, size)];
    for (int b = 0; b < examples; b++) {
      System.arraycopy(value.example(b), 0, all, b * size, size);
    }
    return all;
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
      int needed = Math.multiplyExact(examples, declared.get(i).shape().size());
      if (inputs[i].length < needed) {
        throw new IllegalArgumentException(
            String.format(
                "input %s needs %d values for %d examples, got %d",
                declared.get(i).name(), needed, examples, inputs[i].length));
      }
    }
  }

  @Override
  public void tap(String pattern, Tap tap) {
    graph
        .matching(pattern)
        .forEach(
            (name, node) ->
                taps.computeIfAbsent(node, absent -> new ArrayList<>())
                    .add(new NamedTap(name, tap)));
    plan = null;
  }

  @Override
  public void patch(String name, UnaryOperator<INDArray> patch) {
    patches.put(graph.node(name), patch);
    plan = null;
  }

  @Override
  public void close() {
    workers.close();
  }
}
