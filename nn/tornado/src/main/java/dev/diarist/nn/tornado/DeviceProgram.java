package dev.diarist.nn.tornado;

import dev.diarist.nn.backend.Execution;
import dev.diarist.nn.backend.ParameterShapes;
import dev.diarist.nn.backend.Program;
import dev.diarist.nn.backend.RunInputs;
import dev.diarist.nn.graph.Graph;
import dev.diarist.nn.graph.Node;
import dev.diarist.nn.weights.Weights;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.exceptions.TornadoMemoryException;
import uk.ac.manchester.tornado.api.exceptions.TornadoOutOfMemoryException;

/**
 * Runs the steps of a {@link Lowering.Plan} on a device, in slices of as many examples as its
 * memory holds. A tap or a patch makes a new plan, in which its node is not fused away; the last
 * bits of a tapped run may therefore differ from those of a plain one.
 */
final class DeviceProgram implements Program {
  private final Graph graph;
  private final DeviceWeights weights;
  private final boolean winograd;
  private final TornadoDevice device;
  private final DeviceMemory memory;
  private final int batch;
  private final Map<Node, List<NamedTap>> taps = new HashMap<>();
  private final Map<Node, UnaryOperator<INDArray>> patches = new HashMap<>();

  private Lowering.Plan plan;

  /** Examples that the arrays of the plan hold. */
  private int slice;

  /** Null until the first run, and after a change of taps or patches. */
  private DeviceRun run;

  private record NamedTap(String name, Tap tap) {}

  /**
   * A program for the device that TornadoVM offers first, a GPU if there is one.
   *
   * @param winograd whether convolutions may be computed by {@link Winograd}
   * @throws IllegalArgumentException if a tensor is missing or has another shape, a layer is larger
   *     than the kernels allow, or not even one example fits the device
   */
  static DeviceProgram onFirstDevice(
      Graph graph, Weights weights, boolean winograd, Execution execution) {
    TornadoDevice device = TornadoDevices.all().getFirst();
    return new DeviceProgram(
        graph, weights, winograd, device, TornadoDevices.memory(device), execution);
  }

  DeviceProgram(
      Graph graph,
      Weights weights,
      boolean winograd,
      TornadoDevice device,
      DeviceMemory memory,
      Execution execution) {
    ParameterShapes.check(graph, weights);
    this.graph = graph;
    this.weights = new DeviceWeights(weights);
    this.winograd = winograd;
    this.device = device;
    this.memory = memory;
    this.batch = execution.batch();
    lower();
  }

  /** A fork of {@code first}. */
  private DeviceProgram(DeviceProgram first) {
    graph = first.graph;
    weights = first.weights;
    winograd = first.winograd;
    device = first.device;
    memory = first.memory;
    batch = first.batch;
    lower();
  }

  private void lower() {
    plan = Lowering.plan(graph, weights, winograd, taps.keySet(), patches);
    slice = memory.examples(batch, plan.buffers(), weights.bytes());
  }

  @Override
  public Graph graph() {
    return graph;
  }

  @Override
  public int batch() {
    return batch;
  }

  /** Examples that run at once: {@link #batch}, or what of it fits the device. */
  int slice() {
    return slice;
  }

  @Override
  public float[] run(int examples, float[]... inputs) {
    RunInputs.check(graph, batch, examples, inputs);
    int size = graph.output().shape().size();
    float[] output = new float[Math.multiplyExact(examples, size)];
    Map<Node, float[]> seen = new HashMap<>();
    taps.keySet().forEach(node -> seen.put(node, new float[examples * node.shape().size()]));
    for (int first = 0; first < examples; ) {
      int count = Math.min(slice, examples - first);
      try {
        runSlice(first, count, inputs);
      } catch (TornadoOutOfMemoryException | TornadoMemoryException e) {
        halve(e);
        continue;
      }
      Transfer.read(plan.output(), 0, count, output, first);
      for (Map.Entry<Node, float[]> entry : seen.entrySet()) {
        Transfer.read(plan.tapped().get(entry.getKey()), 0, count, entry.getValue(), first);
      }
      first += count;
    }
    for (Node node : graph.nodes()) {
      for (NamedTap tap : taps.getOrDefault(node, List.of())) {
        float[] values = seen.get(node).clone();
        tap.tap().value(tap.name(), Nd4j.create(values, node.shape().batched(examples), 'c'));
      }
    }
    return output;
  }

  private void runSlice(int first, int count, float[][] inputs) {
    if (run == null) {
      plan.buffers().allocate(slice);
      Set<Value> read = new HashSet<>(plan.tapped().values());
      read.add(plan.output());
      run = new DeviceRun(plan, read, device);
    }
    for (int i = 0; i < inputs.length; i++) {
      Transfer.write(inputs[i], first, count, plan.inputs().get(i), 0);
    }
    run.execute(count);
  }

  /** Something else takes more of the device than was known: half of the examples may still fit. */
  private void halve(RuntimeException failure) {
    if (slice == 1) {
      throw failure;
    }
    drop();
    slice /= 2;
  }

  private void drop() {
    if (run != null) {
      DeviceRun dropped = run;
      run = null; // for good: what TornadoVM did not give back once, it does not the next time
      dropped.close();
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
    drop();
    lower();
  }

  @Override
  public void patch(String name, UnaryOperator<INDArray> patch) {
    patches.put(graph.node(name), patch);
    drop();
    lower();
  }

  @Override
  public Program fork() {
    return new DeviceProgram(this);
  }

  @Override
  public void close() {
    drop();
  }
}
