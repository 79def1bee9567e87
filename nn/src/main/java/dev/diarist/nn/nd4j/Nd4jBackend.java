package dev.diarist.nn.nd4j;

import dev.diarist.nn.backend.Backend;
import dev.diarist.nn.backend.Execution;
import dev.diarist.nn.backend.ParameterShapes;
import dev.diarist.nn.backend.Program;
import dev.diarist.nn.graph.Graph;
import dev.diarist.nn.weights.Weights;
import java.util.Optional;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOpsHolder;

/** The reference backend: one readable ND4J expression for each op, in float32. */
public final class Nd4jBackend implements Backend {

  /**
   * Where Diarist is a named module, ND4J is on the class path, which such a module cannot name.
   */
  public Nd4jBackend() {
    Module module = Nd4jBackend.class.getModule();
    module.addReads(Nd4jBackend.class.getClassLoader().getUnnamedModule());
  }

  @Override
  public String name() {
    return "nd4j";
  }

  @Override
  public int rank() {
    return 0;
  }

  @Override
  public Optional<String> unavailable() {
    try {
      Nd4j.getBackend();
      return Optional.empty();
    } catch (LinkageError | RuntimeException e) {
      return Optional.of("ND4J does not start: " + e);
    }
  }

  /**
   * Leaves ND4J itself one thread, for the whole JVM, and spreads the examples of a batch over
   * {@code execution.threads()}.
   */
  @Override
  public Program compile(Graph graph, Weights weights, Execution execution) {
    ParameterShapes.check(graph, weights);
    Nd4j.factory().blas().setMaxThreads(1); // Nd4j comes first: it starts the native library
    NativeOpsHolder.getInstance().getDeviceNativeOps().setOmpNumThreads(1);
    return new Nd4jProgram(graph, new Nd4jOps(weights), execution);
  }
}
