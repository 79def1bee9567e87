package dev.diarist.nn.cpu;

import dev.diarist.nn.backend.Backend;
import dev.diarist.nn.backend.Execution;
import dev.diarist.nn.backend.Program;
import dev.diarist.nn.graph.Graph;
import dev.diarist.nn.weights.Weights;
import java.util.Optional;

/**
 * The fast backend: multithreaded, in Java alone, with vectors where the JVM was started with the
 * module {@value Kernels#MODULE} and in plain loops, several times slower, where not.
 *
 * <p>The result of an example depends neither on the number of threads nor on the batch it is in.
 * On machines with vectors of another width the last bits may differ.
 */
public final class CpuBackend implements Backend {
  private final Kernels kernels;

  public CpuBackend() {
    this(Kernels.asked().orElse(null));
  }

  /** With kernels of a width; null stands for those of the machine. */
  CpuBackend(Kernels kernels) {
    this.kernels = kernels;
  }

  @Override
  public String name() {
    return "cpu";
  }

  @Override
  public int rank() {
    return 10;
  }

  @Override
  public Optional<String> unavailable() {
    return Optional.empty();
  }

  @Override
  public void warmUp() {
    if (kernels == null) {
      WarmUp.begin();
    }
  }

  @Override
  public Program compile(Graph graph, Weights weights, Execution execution) {
    return new CpuProgram(
        graph, weights, kernels == null ? Kernels.ofMachine() : kernels, execution);
  }
}
