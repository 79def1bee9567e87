package dev.diarist.nn.cpu;

import dev.diarist.nn.graph.Graph;
import dev.diarist.nn.weights.Weights;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A graph as the cpu backend runs it, of which one step can be run alone, on this thread. */
final class LoweredStep {
  private final Lowering.Plan plan;
  private final int batch;
  private final float[][] inputs;
  private final int index;
  private final Scratch scratch = new Scratch();

  /**
   * @param kind of the step that is run alone; the graph has one of them
   * @param inputs (batch, …) of the graph, row-major
   */
  LoweredStep(
      Class<? extends Step> kind,
      Kernels kernels,
      Graph graph,
      Weights weights,
      int batch,
      float[]... inputs) {
    PackedWeights packed = new PackedWeights(weights, kernels.lanes());
    this.plan = Lowering.plan(graph, kernels, packed, Set.of(), Map.of());
    this.batch = batch;
    this.inputs = inputs;
    List<Class<?>> kinds = plan.steps().stream().<Class<?>>map(Step::getClass).toList();
    this.index = kinds.indexOf(kind);
    if (index < 0 || kinds.lastIndexOf(kind) != index) {
      throw new IllegalArgumentException("needs one step " + kind + ", got " + kinds);
    }
    plan.buffers().reserve(batch);
    runBefore();
  }

  /** Puts in place what the step reads. */
  private void runBefore() {
    for (int i = 0; i < inputs.length; i++) {
      Value value = plan.inputs().get(i);
      int size = value.layout().size();
      for (int b = 0; b < batch; b++) {
        System.arraycopy(inputs[i], b * size, value.example(b), 0, size);
      }
    }
    plan.steps().subList(0, index).forEach(this::run);
  }

  private void run(Step step) {
    int items = step.items(batch);
    for (int item = 0; item < items; item++) {
      step.run(item, batch, scratch);
    }
  }

  void run() {
    run(plan.steps().get(index));
  }

  /**
   * (batch, …) output of the graph, row-major; the steps after this one may reuse what it reads.
   */
  float[] output() {
    run();
    plan.steps().subList(index + 1, plan.steps().size()).forEach(this::run);
    int size = plan.output().layout().size();
    float[] output = new float[batch * size];
    for (int b = 0; b < batch; b++) {
      System.arraycopy(plan.output().example(b), 0, output, b * size, size);
    }
    runBefore();
    return output;
  }
}
