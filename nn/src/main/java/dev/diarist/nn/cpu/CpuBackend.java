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
  /** Asks for vectors of 16, 8 or 4 floats, or with 1 for none, whatever the machine has. */
  private static final String LANES = "diarist.cpu.lanes";

  /**
   * Asks with {@code false} for 3×3 convolutions straight from their definition, twice slower and a
   * little more exact.
   */
  private static final String WINOGRAD = "diarist.cpu.winograd";

  private final Kernels kernels;
  private final boolean winograd;

  public CpuBackend() {
    this(
        Integer.getInteger(LANES) == null ? null : Kernels.ofLanes(Integer.getInteger(LANES)),
        Boolean.parseBoolean(System.getProperty(WINOGRAD, "true")));
  }

  /** With kernels of a width; null stands for those of the machine. */
  CpuBackend(Kernels kernels) {
    this(kernels, true);
  }

  private CpuBackend(Kernels kernels, boolean winograd) {
    this.kernels = kernels;
    this.winograd = winograd;
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
    Kernels chosen = kernels == null ? Kernels.ofMachine() : kernels;
    return new CpuProgram(graph, weights, winograd ? chosen : chosen.withoutWinograd(), execution);
  }
}
