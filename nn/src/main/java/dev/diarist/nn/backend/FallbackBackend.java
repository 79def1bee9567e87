package dev.diarist.nn.backend;

import dev.diarist.nn.graph.Graph;
import dev.diarist.nn.weights.Weights;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A backend on a device that may fail, and another one that goes on when it does: with the run that
 * failed, and with every later one of all its programs.
 */
final class FallbackBackend implements Backend {
  private static final System.Logger LOGGER = System.getLogger(Backends.class.getName());

  private final Backend first;
  private final Backend second;
  private final AtomicBoolean lost = new AtomicBoolean();

  FallbackBackend(Backend first, Backend second) {
    this.first = first;
    this.second = second;
  }

  @Override
  public String name() {
    return first.name();
  }

  @Override
  public int rank() {
    return first.rank();
  }

  @Override
  public boolean forGpus() {
    return first.forGpus();
  }

  @Override
  public Optional<String> unavailable() {
    return Optional.empty(); // the second one works
  }

  @Override
  public List<Device> devices() {
    return first.devices();
  }

  @Override
  public int preferredBatch(int threads) {
    return first.preferredBatch(threads);
  }

  @Override
  public void warmUp() {
    first.warmUp();
  }

  Backend second() {
    return second;
  }

  boolean isLost() {
    return lost.get();
  }

  /** Says once why the first backend is not used any more. */
  void lose(Throwable failure) {
    if (lost.compareAndSet(false, true)) {
      LOGGER.log(
          System.Logger.Level.WARNING,
          "GPU not used: {0}; the {1} backend goes on",
          line(failure),
          second.name());
    }
  }

  /** What a failure says, in one line. */
  static String line(Throwable failure) {
    boolean bare = failure.getMessage() == null || failure instanceof LinkageError;
    String message = bare ? failure.toString() : failure.getMessage();
    return message.strip().replaceAll("\\s+", " ");
  }

  @Override
  public Program compile(Graph graph, Weights weights, Execution execution) {
    ParameterShapes.check(graph, weights); // the mistake of whoever gave them, not of a device
    Program program = null;
    if (!isLost()) {
      try {
        program = first.compile(graph, weights, execution);
      } catch (RuntimeException | LinkageError e) {
        lose(e);
      }
    }
    return new FallbackProgram(this, program, graph, weights, execution);
  }
}
