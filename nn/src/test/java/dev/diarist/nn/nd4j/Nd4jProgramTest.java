package dev.diarist.nn.nd4j;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.diarist.nn.backend.Backends;
import dev.diarist.nn.backend.Execution;
import dev.diarist.nn.backend.Program;
import dev.diarist.nn.graph.Graph;
import dev.diarist.nn.graph.Node;
import dev.diarist.nn.graph.Op;
import dev.diarist.nn.model.Powerset;
import dev.diarist.nn.model.PyanNet;
import dev.diarist.nn.weights.Tensor;
import dev.diarist.nn.weights.Weights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class Nd4jProgramTest {
  private static final Weights NONE = Weights.of(Map.of(), Map.of());

  private static Program compile(Graph graph, Weights weights, int threads, int batch) {
    return Backends.choose("nd4j").compile(graph, weights, new Execution(threads, batch));
  }

  private static Graph absThenRelu() {
    Graph.Builder graph = Graph.builder("test");
    Node x = graph.input("x", 3);
    Node abs = graph.add("layer.0", new Op.Abs(), x);
    return graph.build(graph.module("layer", graph.add("layer.1", new Op.Relu(), abs)));
  }

  @Test
  void tapsSeeTheWholeBatchUnderTheNameThatMatched() {
    try (Program program = compile(absThenRelu(), NONE, 2, 2)) {
      Map<String, INDArray> seen = new LinkedHashMap<>();
      program.tap("layer*", seen::put);
      program.run(2, new float[] {1, -2, 3, -4, 5, -6});
      assertEquals(List.of("layer.0", "layer.1", "layer"), new ArrayList<>(seen.keySet()));
      assertArrayEquals(new long[] {2, 3}, seen.get("layer.0").shape());
      assertArrayEquals(new float[] {1, 2, 3, 4, 5, 6}, seen.get("layer.0").data().asFloat());
    }
  }

  @Test
  void aForkHasPatchesOfItsOwnAndLeavesTheWeights() {
    try (Program program = compile(absThenRelu(), NONE, 1, 1)) {
      program.patch("layer.0", x -> x.sub(2));
      float[] x = {1, -2, 3};
      try (Program fork = program.fork()) {
        assertArrayEquals(new float[] {1, 2, 3}, fork.run(1, x));
      }
      assertArrayEquals(new float[] {0, 0, 1}, program.run(1, x));
    }
  }

  @Test
  void anInterruptIsKeptUntilTheRunIsDone() {
    try (Program program = compile(absThenRelu(), NONE, 1, 1)) {
      Thread.currentThread().interrupt();
      assertArrayEquals(new float[] {1, 2, 3}, program.run(1, new float[] {1, -2, 3}));
      assertTrue(Thread.interrupted());
    }
  }

  @Test
  void aFailureIsThrownWhenNoExampleWalksAnyMore() {
    AtomicInteger begun = new AtomicInteger();
    AtomicInteger ended = new AtomicInteger();
    try (Program program = compile(absThenRelu(), NONE, 2, 6)) {
      program.patch(
          "layer.0",
          x -> {
            if (begun.incrementAndGet() == 1) {
              throw new IllegalStateException("the first");
            }
            LockSupport.parkNanos(20_000_000);
            ended.incrementAndGet();
            return x;
          });
      assertThrows(IllegalStateException.class, () -> program.run(6, new float[18]));
      assertEquals(6, begun.get());
      assertEquals(5, ended.get());
    }
  }

  @Test
  void aClosedProgramSaysSo() {
    Program program = compile(absThenRelu(), NONE, 1, 1);
    program.close();
    assertEquals(
        "the program is closed",
        assertThrows(IllegalStateException.class, () -> program.run(1, new float[3])).getMessage());
  }

  @Test
  void aPatchReplacesWhatTheRestOfTheNetworkReads() {
    try (Program program = compile(absThenRelu(), NONE, 1, 1)) {
      program.patch("layer.0", x -> x.sub(2));
      assertArrayEquals(new float[] {0, 0, 1}, program.run(1, new float[] {1, -2, 3}));
      program.patch("layer.0", x -> Nd4j.zeros(1, 2));
      assertThrows(IllegalArgumentException.class, () -> program.run(1, new float[] {1, -2, 3}));
    }
  }

  @Test
  void indArraysGoInAndComeOut() {
    try (Program program = compile(absThenRelu(), NONE, 1, 2)) {
      INDArray y = program.run(Nd4j.createFromArray(new float[][] {{-1, 2, -3}}));
      assertArrayEquals(new long[] {1, 3}, y.shape());
      assertThrows(
          IllegalArgumentException.class,
          () -> program.run(Nd4j.createFromArray(new float[][] {{-1, 2}})));
    }
  }

  @Test
  void aRunThatDoesNotFitSaysWhatWould() {
    try (Program program = compile(absThenRelu(), NONE, 1, 2)) {
      IllegalArgumentException e =
          assertThrows(IllegalArgumentException.class, () -> program.run(3, new float[9]));
      assertEquals("a run takes 1 to 2 examples, got 3", e.getMessage());
      e = assertThrows(IllegalArgumentException.class, () -> program.run(2, new float[5]));
      assertEquals("input x needs 6 values for 2 examples, got 5", e.getMessage());
    }
  }

  @Test
  void aTensorThatIsMissingOrMisshapenIsNamed() {
    Graph.Builder builder = Graph.builder("test");
    Graph graph = builder.build(builder.add("linear", new Op.Linear(2), builder.input("x", 3)));
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("linear.weight", Tensor.of(new float[8], 2, 4));
    tensors.put("linear.bias", Tensor.of(new float[2], 2));
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> compile(graph, Weights.of(tensors, Map.of()), 1, 1));
    assertEquals("tensor linear.weight must be (2, 3), got [2, 4]", e.getMessage());
  }

  @Test
  void noBitDependsOnThreadsBatchOrPlaceInTheBatch() {
    PyanNet network =
        new PyanNet(
            16000,
            10,
            10,
            51,
            10,
            List.of(new Op.Conv1d(7, 5, 1), new Op.Conv1d(9, 5, 1)),
            List.of(new Op.Lstm(13, 2, true)),
            List.of(11),
            new Powerset(3, 2),
            PyanNet.WarmUp.NONE);
    Graph graph = network.graph(8000);
    Random random = new Random(7);
    Weights weights = random(graph, random);
    float[] examples = floats(5 * 8000, random);
    int size = graph.output().shape().size();
    float[] alone = new float[5 * size];
    try (Program program = compile(graph, weights, 1, 1)) {
      for (int b = 0; b < 5; b++) {
        float[] one = Arrays.copyOfRange(examples, b * 8000, (b + 1) * 8000);
        System.arraycopy(program.run(1, one), 0, alone, b * size, size);
      }
    }
    for (int threads = 1; threads <= 3; threads++) {
      try (Program program = compile(graph, weights, threads, 5)) {
        assertArrayEquals(alone, program.run(5, examples), threads + " threads");
      }
    }
  }

  private static Weights random(Graph graph, Random random) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    graph
        .parameters()
        .forEach(
            (name, shape) ->
                tensors.put(
                    name,
                    Tensor.of(
                        floats(shape.size(), random),
                        Arrays.stream(shape.dimensions()).asLongStream().toArray())));
    return Weights.of(tensors, Map.of());
  }

  private static float[] floats(int size, Random random) {
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = 0.5f * (float) random.nextGaussian();
    }
    return values;
  }
}
