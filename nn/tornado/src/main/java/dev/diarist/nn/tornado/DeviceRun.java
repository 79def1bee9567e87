package dev.diarist.nn.tornado;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.ImmutableTaskGraph;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.TornadoExecutionPlan;
import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.enums.TornadoVMBackendType;
import uk.ac.manchester.tornado.api.exceptions.TornadoInternalError;

/**
 * The steps of a plan as TornadoVM runs them: graphs of a few launches, one after the other, which
 * hand their arrays to each other on the device. Weights and the zeros of the borders go there with
 * the first run; afterwards only the inputs and what the host wants to read move.
 */
final class DeviceRun implements AutoCloseable {
  /**
   * Launches of a graph. TornadoVM's code for a graph must fit {@code tornado.tvm.maxbytecodesize},
   * by default 4,096 bytes: twelve launches of convolutions overflow it.
   */
  private static final int LAUNCHES = 8;

  /**
   * In place of TornadoVM's {@code -cl-fast-relaxed-math}, under which a compiler may add up in
   * another order; only warnings are switched off.
   */
  private static final String OPENCL_FLAGS = "-w";

  /** What TornadoVM says where an array has no place on the device. */
  private static final String INVALID_BUFFER = "invalid buffer";

  /** Graphs of the whole JVM need names of their own. */
  private static final AtomicLong NAMES = new AtomicLong();

  /** Held by whoever computes: TornadoVM does not say that two threads may use one device. */
  private static final ReentrantLock DEVICE = new ReentrantLock();

  private final List<Part> parts = new ArrayList<>();
  private final List<Step.Launch> launches = new ArrayList<>();

  /** Null where there is nothing to launch. */
  private final TornadoExecutionPlan plan;

  /** What runs between two looks of the host. */
  private sealed interface Part {
    record OnDevice(int graph, GridScheduler grids) implements Part {}

    record OnHost(Step.Patch patch) implements Part {}
  }

  /**
   * @param plan whose buffers are allocated
   * @param read what the host reads after a run
   */
  DeviceRun(Lowering.Plan plan, Set<Value> read, TornadoDevice device) {
    String prefix = "diarist" + NAMES.incrementAndGet() + "n";
    List<List<Step.Launch>> groups = new ArrayList<>();
    List<Step.Launch> group = new ArrayList<>();
    Set<Buffers.Buffer> written = new HashSet<>(); // by the host, before the device reads them
    Set<Buffers.Buffer> wanted = new HashSet<>(); // by the host
    plan.inputs().forEach(value -> written.add(value.buffer()));
    read.forEach(value -> wanted.add(value.buffer()));
    for (Step step : plan.steps()) {
      switch (step) {
        case Step.Launch launch -> {
          if (group.size() == LAUNCHES) {
            group = close(groups, group);
          }
          group.add(launch);
        }
        case Step.Patch patch -> {
          group = close(groups, group);
          parts.add(new Part.OnHost(patch));
          wanted.add(patch.x().buffer());
          written.add(patch.y().buffer());
        }
      }
    }
    close(groups, group);
    this.plan =
        groups.isEmpty() // nothing is computed: an input, under another shape
            ? null
            : DeviceFailure.told(
                () ->
                    new TornadoExecutionPlan(graphs(prefix, groups, written, wanted))
                        .withDevice(device)
                        .withCompilerFlags(TornadoVMBackendType.OPENCL, OPENCL_FLAGS));
  }

  /** Ends a group, if there is anything in it, and gives the next one. */
  private List<Step.Launch> close(List<List<Step.Launch>> groups, List<Step.Launch> group) {
    if (group.isEmpty()) {
      return group;
    }
    groups.add(group);
    parts.add(new Part.OnDevice(groups.size() - 1, new GridScheduler()));
    launches.addAll(group);
    return new ArrayList<>();
  }

  private static Set<Buffers.Buffer> buffers(List<Step.Launch> group) {
    Set<Buffers.Buffer> buffers = new LinkedHashSet<>();
    group.forEach(launch -> launch.values().forEach(value -> buffers.add(value.buffer())));
    return buffers;
  }

  private ImmutableTaskGraph[] graphs(
      String prefix,
      List<List<Step.Launch>> groups,
      Set<Buffers.Buffer> written,
      Set<Buffers.Buffer> wanted) {
    List<GridScheduler> grids =
        parts.stream()
            .filter(Part.OnDevice.class::isInstance)
            .map(part -> ((Part.OnDevice) part).grids())
            .toList();
    ImmutableTaskGraph[] graphs = new ImmutableTaskGraph[groups.size()];
    // A graph takes arrays from the one that ran before it and from no other: what a later one
    // needs goes through all in between.
    Set<Buffers.Buffer> known = new LinkedHashSet<>();
    for (int g = 0; g < graphs.length; g++) {
      List<Step.Launch> group = groups.get(g);
      String name = prefix + g;
      TaskGraph graph = new TaskGraph(name);
      Set<Buffers.Buffer> used = buffers(group);
      Set<Buffers.Buffer> later = new HashSet<>();
      groups.subList(g + 1, groups.size()).forEach(next -> later.addAll(buffers(next)));
      for (Buffers.Buffer buffer : known) {
        if (written.contains(buffer)) {
          continue; // the host brings it
        }
        if (used.contains(buffer) || later.contains(buffer)) {
          graph.consumeFromDevice(prefix + (g - 1), buffer.array());
        }
      }
      for (Buffers.Buffer buffer : used) {
        if (written.remove(buffer)) {
          graph.transferToDevice(DataTransferMode.EVERY_EXECUTION, buffer.array());
        } else if (!known.contains(buffer)) {
          graph.transferToDevice(DataTransferMode.FIRST_EXECUTION, buffer.array());
        }
      }
      known.addAll(used);
      for (int i = 0; i < group.size(); i++) {
        Step.Launch launch = group.get(i);
        launch
            .constants()
            .forEach(c -> graph.transferToDevice(DataTransferMode.FIRST_EXECUTION, c));
        String task = "k" + i;
        launch.adder().accept(graph, task);
        grids.get(g).addWorkerGrid(name + "." + task, launch.grid());
      }
      for (Buffers.Buffer buffer : used) {
        if (wanted.contains(buffer)) {
          graph.transferToHost(DataTransferMode.EVERY_EXECUTION, buffer.array());
        }
      }
      for (Buffers.Buffer buffer : known) {
        if (later.contains(buffer) && !written.contains(buffer)) {
          graph.persistOnDevice(buffer.array());
        }
      }
      graphs[g] = graph.snapshot();
    }
    return graphs;
  }

  /** Runs the steps over {@code examples} examples, whose inputs lie in the arrays. */
  void execute(int examples) {
    launches.forEach(launch -> launch.setExamples(examples));
    for (Part part : parts) {
      switch (part) {
        case Part.OnDevice(int graph, GridScheduler grids) -> {
          DEVICE.lock();
          try {
            DeviceFailure.told(() -> plan.withGraph(graph).withGridScheduler(grids).execute());
          } finally {
            DEVICE.unlock();
          }
        }
        case Part.OnHost(Step.Patch patch) -> patch.run(examples);
      }
    }
  }

  @Override
  public void close() {
    if (plan == null) {
      return;
    }
    DEVICE.lock();
    try {
      for (Part part : parts) {
        if (part instanceof Part.OnDevice(int graph, GridScheduler ignored)) {
          DeviceFailure.told(() -> free(graph));
        }
      }
    } finally {
      DEVICE.unlock();
    }
  }

  /**
   * Gives back what a graph has on the device. Closing a plan does so for the graph that ran last
   * only.
   *
   * <p>TornadoVM refuses an array that is free already: one that an earlier graph made and this one
   * hands to the host. What this graph made comes before those and is free by then. It also refuses
   * an array for which there was no memory, and then keeps what comes behind it in that graph.
   */
  private TornadoExecutionPlan free(int graph) {
    try {
      return plan.withGraph(graph).freeDeviceMemory();
    } catch (TornadoInternalError e) {
      if (!e.getMessage().contains(INVALID_BUFFER)) {
        throw e;
      }
      return plan;
    }
  }
}
