package dev.diarist.nn.backend;

import dev.diarist.nn.graph.Graph;
import dev.diarist.nn.weights.Weights;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A program of a {@link FallbackBackend}. The second backend compiles when it is first needed. */
final class FallbackProgram implements Program {
  private final FallbackBackend backend;
  private final Graph graph;
  private final Execution execution;

  /** Null where the first backend was lost before this program. */
  private final Program first;

  private final Second second;
  private final boolean forked;

  /** Taps and patches, for the second program. */
  private final List<Consumer<Program>> changes = new ArrayList<>();

  /** This program's own fork of the second one. */
  private Program successor;

  /** The second program, shared by all forks of a first one. */
  private static final class Second {
    private final Backend backend;
    private final Graph graph;
    private final Weights weights;
    private final Execution execution;
    private Program program;

    Second(Backend backend, Graph graph, Weights weights, Execution execution) {
      this.backend = backend;
      this.graph = graph;
      this.weights = weights;
      this.execution = execution;
    }

    synchronized Program fork() {
      if (program == null) {
        program = backend.compile(graph, weights, execution);
      }
      return program.fork();
    }

    synchronized void close() {
      if (program != null) {
        program.close();
      }
    }
  }

  /** What a tap or a patch threw. */
  private static final class CallersFailure extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final RuntimeException failure;

    CallersFailure(RuntimeException failure) {
      super(failure);
      this.failure = failure;
    }
  }

  private static INDArray guard(Supplier<INDArray> callersCode) {
    try {
      return callersCode.get();
    } catch (RuntimeException e) {
      throw new CallersFailure(e);
    }
  }

  FallbackProgram(
      FallbackBackend backend, Program first, Graph graph, Weights weights, Execution execution) {
    this.backend = backend;
    this.first = first;
    this.graph = graph;
    this.execution = execution;
    this.second = new Second(backend.second(), graph, weights, execution);
    this.forked = false;
  }

  /** A fork of {@code origin}. */
  private FallbackProgram(FallbackProgram origin, Program first) {
    this.backend = origin.backend;
    this.first = first;
    this.graph = origin.graph;
    this.execution = origin.execution;
    this.second = origin.second;
    this.forked = true;
  }

  @Override
  public Graph graph() {
    return graph;
  }

  @Override
  public int batch() {
    return execution.batch();
  }

  @Override
  public float[] run(int examples, float[]... inputs) {
    RunInputs.check(graph, batch(), examples, inputs); // the caller's mistake, not the device's
    if (first != null && !backend.isLost()) {
      try {
        return first.run(examples, inputs);
      } catch (CallersFailure e) {
        throw e.failure;
      } catch (IllegalArgumentException e) {
        throw e; // the caller's mistake as well: a patch of another shape
      } catch (RuntimeException | LinkageError e) {
        backend.lose(e);
      }
    }
    return successor().run(examples, inputs);
  }

  private Program successor() {
    if (successor == null) {
      successor = second.fork();
      changes.forEach(change -> change.accept(successor));
    }
    return successor;
  }

  /**
   * Makes a change of both programs; what the caller's code throws must not look like the device's.
   */
  private void change(Consumer<Program> guarded, Consumer<Program> change) {
    changes.add(change);
    if (first != null && !backend.isLost()) {
      guarded.accept(first);
    }
    if (successor != null) {
      change.accept(successor);
    }
  }

  @Override
  public void tap(String pattern, Tap tap) {
    graph.matching(pattern); // nothing else can be wrong with it
    Tap guarded =
        (name, value) ->
            guard(
                () -> {
                  tap.value(name, value);
                  return value;
                });
    change(program -> program.tap(pattern, guarded), program -> program.tap(pattern, tap));
  }

  @Override
  public void patch(String name, UnaryOperator<INDArray> patch) {
    graph.node(name);
    UnaryOperator<INDArray> guarded = value -> guard(() -> patch.apply(value));
    change(program -> program.patch(name, guarded), program -> program.patch(name, patch));
  }

  @Override
  public Program fork() {
    Program fork = null;
    if (first != null && !backend.isLost()) {
      try {
        fork = first.fork();
      } catch (RuntimeException | LinkageError e) {
        backend.lose(e);
      }
    }
    return new FallbackProgram(this, fork);
  }

  @Override
  public void close() {
    if (successor != null) {
      successor.close();
    }
    if (!forked) {
      second.close();
    }
    if (first != null) {
      try {
        first.close();
      } catch (RuntimeException | LinkageError e) {
        backend.lose(e); // of a device that is gone nothing can be given back
      }
    }
  }
}
