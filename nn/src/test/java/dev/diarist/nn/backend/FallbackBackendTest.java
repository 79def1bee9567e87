package dev.diarist.nn.backend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.diarist.nn.graph.Graph;
import dev.diarist.nn.graph.Op;
import dev.diarist.nn.weights.Weights;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A device fails in the middle of a file. */
class FallbackBackendTest {
  private static final Weights NONE = Weights.of(Map.of(), Map.of());
  private static final float[] X = {1, 2, 3, 4};

  private final FakeBackend gpu = new FakeBackend("gpu", true);
  private final FakeBackend cpu = new FakeBackend("cpu", false);
  private final FallbackBackend both = new FallbackBackend(gpu, cpu);
  private final Graph graph = graph();

  private static Graph graph() {
    Graph.Builder builder = Graph.builder("abs");
    return builder.build(builder.add("abs", new Op.Abs(), builder.input("x", 4)));
  }

  private Program compile() {
    return both.compile(graph, NONE, new Execution(1, 2));
  }

  static List<Throwable> failures() {
    return List.of(
        new IllegalStateException("device lost"),
        new UnsatisfiedLinkError("no libcuda"),
        new NoClassDefFoundError("uk/ac/manchester/tornado"));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void theCpuFinishesWhatTheGpuBegan(Throwable failure) {
    gpu.failure = failure;
    gpu.goodRuns = 2;
    try (Program program = compile()) {
      for (int run = 0; run < 5; run++) {
        assertArrayEquals(X, program.run(1, X));
      }
    }
    assertEquals(3, gpu.runs); // the third failed
    assertEquals(3, cpu.runs); // and was repeated
  }

  @Test
  void whoNeverFailsNeedsNoCpu() {
    try (Program program = compile();
        Program fork = program.fork()) {
      program.run(1, X);
      fork.run(1, X);
    }
    assertEquals(2, gpu.runs);
    assertTrue(cpu.programs.isEmpty());
  }

  @Test
  void aLostDeviceIsLostForEveryProgram() {
    gpu.goodRuns = 0;
    try (Program program = compile();
        Program fork = program.fork();
        Program other = compile()) {
      program.run(1, X);
      assertArrayEquals(X, fork.run(1, X));
      assertArrayEquals(X, other.run(1, X));
    }
    assertEquals(1, gpu.runs);
    assertEquals(3, cpu.runs);
    int programs = gpu.programs.size();
    try (Program later = compile()) {
      assertArrayEquals(X, later.run(1, X));
    }
    assertEquals(programs, gpu.programs.size());
  }

  @Test
  void aMistakeOfTheCallerIsNoFailureOfTheDevice() {
    try (Program program = compile()) {
      assertThrows(IllegalArgumentException.class, () -> program.run(3, new float[12]));
      assertThrows(IllegalArgumentException.class, () -> program.run(1, new float[3]));
      assertThrows(IllegalArgumentException.class, () -> program.tap("nothing", (n, v) -> {}));
      program.run(1, X);
    }
    assertFalse(both.isLost());
    Graph.Builder builder = Graph.builder("linear");
    Graph linear = builder.build(builder.add("linear", new Op.Linear(2), builder.input("x", 4)));
    assertThrows(
        IllegalArgumentException.class, () -> both.compile(linear, NONE, new Execution(1, 1)));
    assertFalse(both.isLost());
  }

  @Test
  void whatTheCallersCodeThrowsIsNoFailureOfTheDevice() {
    List<String> seen = new ArrayList<>();
    IllegalStateException thrown = new IllegalStateException("the caller's");
    try (Program program = compile()) {
      program.tap(
          "abs",
          (name, value) -> {
            seen.add(name);
            throw thrown;
          });
      assertSame(thrown, assertThrows(IllegalStateException.class, () -> program.run(1, X)));
    }
    assertEquals(List.of("gpu"), seen);
    gpu.failure = new IllegalArgumentException("a patch of abs must keep the shape");
    gpu.goodRuns = 1;
    try (Program program = compile()) {
      assertThrows(IllegalArgumentException.class, () -> program.run(1, X));
    }
    assertFalse(both.isLost());
    assertEquals(0, cpu.runs);
  }

  @Test
  void tapsGoOnWithTheCpu() {
    gpu.goodRuns = 1;
    List<String> seen = new ArrayList<>();
    try (Program program = compile()) {
      program.tap("abs", (name, value) -> seen.add(name));
      program.run(1, X);
      program.run(1, X);
    }
    assertEquals(List.of("gpu", "cpu"), seen);
  }

  @Test
  void everythingIsClosed() {
    gpu.goodRuns = 0;
    try (Program program = compile()) {
      program.run(1, X);
    }
    assertEquals(1, gpu.closed.size());
    assertEquals(2, cpu.closed.size()); // the program, and the fork that ran
  }

  @Test
  void aFailureIsSaidInOneLine() {
    assertEquals(
        "the device is lost", FallbackBackend.line(new RuntimeException("the device\n is lost ")));
    assertEquals("java.lang.RuntimeException", FallbackBackend.line(new RuntimeException()));
  }
}
