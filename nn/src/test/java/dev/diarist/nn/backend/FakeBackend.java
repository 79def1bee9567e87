package dev.diarist.nn.backend;

import dev.diarist.nn.graph.Graph;
import dev.diarist.nn.weights.Weights;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A backend whose programs answer with numbers that depend on the inputs alone, and fail when they
 * are told to.
 */
final class FakeBackend implements Backend {
  final String name;
  final boolean forGpus;
  final List<Program> programs = new ArrayList<>();
  final List<String> closed = new ArrayList<>();
  Optional<String> unavailable = Optional.empty();
  List<Device> devices = List.of();

  /** What a run that is not the first {@link #goodRuns} throws. */
  Throwable failure = new IllegalStateException("the device\nis lost");

  int goodRuns = Integer.MAX_VALUE;
  int runs;
  float error;
  long pauseMillis;

  FakeBackend(String name, boolean forGpus) {
    this.name = name;
    this.forGpus = forGpus;
    if (forGpus) {
      devices = List.of(new Device("Fake 1", true, "Driver 1.0"));
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public int rank() {
    return forGpus ? 20 : 10;
  }

  @Override
  public boolean forGpus() {
    return forGpus;
  }

  @Override
  public List<Device> devices() {
    return devices;
  }

  @Override
  public Optional<String> unavailable() {
    return unavailable;
  }

  @Override
  public Program compile(Graph graph, Weights weights, Execution execution) {
    Program program = new FakeProgram(graph, execution.batch());
    programs.add(program);
    return program;
  }

  private static <T extends Throwable> void sneak(Throwable failure) throws T {
    @SuppressWarnings("unchecked")
    T any = (T) failure;
    throw any;
  }

  private final class FakeProgram implements Program {
    private final Graph graph;
    private final int batch;
    private final List<Tap> taps = new ArrayList<>();

    FakeProgram(Graph graph, int batch) {
      this.graph = graph;
      this.batch = batch;
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
      if (++runs > goodRuns) {
        FakeBackend.<RuntimeException>sneak(failure);
      }
      try {
        Thread.sleep(pauseMillis);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      float[] y = new float[examples * graph.output().shape().size()];
      for (int i = 0; i < y.length; i++) {
        y[i] = inputs[0][i % inputs[0].length] + error;
      }
      taps.forEach(tap -> tap.value(name, null));
      return y;
    }

    @Override
    public void tap(String pattern, Tap tap) {
      taps.add(tap);
    }

    @Override
    public void patch(String node, UnaryOperator<INDArray> patch) {}

    @Override
    public Program fork() {
      Program fork = new FakeProgram(graph, batch);
      programs.add(fork);
      return fork;
    }

    @Override
    public void close() {
      closed.add(name);
    }
  }
}
