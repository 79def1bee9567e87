package dev.diarist.nn.cpu;

import dev.diarist.nn.backend.Execution;
import dev.diarist.nn.backend.ParameterShapes;
import dev.diarist.nn.backend.Program;
import dev.diarist.nn.backend.RunInputs;
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
  /**
   * Bytes of buffers for each thread. A batch that would take more runs in slices: what does not
   * fit the caches anyway gains nothing from lying in memory at the same time.
   */
  private static final long SLICE_BYTES = 48 << 20;

  /** Examples that keep a thread busy: a tile of rows of the LSTM. */
  private static final int EXAMPLES_PER_THREAD = PanelProduct.ROWS;

  /** One example has work for several threads in most of its steps. */
  private static final int THREADS_PER_EXAMPLE = 4;

  private final Graph graph;
  private final Kernels kernels;
  private final PackedWeights weights;
  private final int batch;
  private final int threads;
  private final Workers workers;
  private final boolean forked;
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
    this.threads = execution.threads();
    ParameterShapes.check(graph, weights);
    plan = lower();
    workers = new Workers(threads);
    forked = false;
  }

  /** A fork of {@code first}. */
  private CpuProgram(CpuProgram first) {
    graph = first.graph;
    kernels = first.kernels;
    weights = first.weights;
    batch = first.batch;
    threads = first.threads;
    workers = first.workers;
    forked = true;
    plan = lower();
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
    RunInputs.check(graph, batch, examples, inputs);
    if (plan == null) {
      plan = lower();
    }
    WarmUp.await();
    int outputSize = plan.output().layout().size();
    float[] output = new float[Math.multiplyExact(examples, outputSize)];
    int slices = Math.ceilDiv(examples, slice(examples));
    for (int slice = 0; slice < slices; slice++) {
      int first = (int) ((long) slice * examples / slices);
      int count = (int) ((long) (slice + 1) * examples / slices) - first;
      plan.buffers().reserve(count);
      scatter(inputs, first, count);
      plan.heard().listen(count);
      workers.run(plan.steps(), count);
      gather(plan.output(), count, output, first * outputSize);
    }
    for (Node node : graph.nodes()) {
      for (NamedTap tap : taps.getOrDefault(node, List.of())) {
        float[] values = new float[examples * node.shape().size()];
        gather(plan.tapped().get(node), examples, values, 0);
        tap.tap().value(tap.name(), Nd4j.create(values, node.shape().batched(examples), 'c'));
      }
    }
    return output;
  }

  /** Examples of a slice. A tap is handed all of a batch at once, which then makes one slice. */
  private int slice(int examples) {
    if (!taps.isEmpty()) {
      return examples;
    }
    int least = Math.ceilDiv(threads, THREADS_PER_EXAMPLE);
    return Math.clamp(
        threads * SLICE_BYTES / bufferBytesPerExample(), least, threads * EXAMPLES_PER_THREAD);
  }

  private void scatter(float[][] inputs, int first, int examples) {
    for (int i = 0; i < inputs.length; i++) {
      Value value = plan.inputs().get(i);
      int size = value.layout().size();
      for (int b = 0; b < examples; b++) {
        System.arraycopy(inputs[i], (first + b) * size, value.example(b), 0, size);
      }
    }
  }

  /** Copies the row-major values of the examples, one after the other, to {@code all}. */
  private static void gather(Value value, int examples, float[] all, int offset) {
    int size = value.layout().size();
    for (int b = 0; b < examples; b++) {
      System.arraycopy(value.example(b), 0, all, offset + b * size, size);
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
  public Program fork() {
    return new CpuProgram(this);
  }

  @Override
  public void close() {
    if (!forked) {
      workers.close();
    }
  }
}
