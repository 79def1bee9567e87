package dev.diarist.nn.cpu;

import static dev.diarist.nn.cpu.Runs.NETWORK;
import static dev.diarist.nn.cpu.Runs.assertClose;
import static dev.diarist.nn.cpu.Runs.assertLikeReference;
import static dev.diarist.nn.cpu.Runs.cpu;
import static dev.diarist.nn.cpu.Runs.run;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.diarist.nn.backend.Backends;
import dev.diarist.nn.backend.Execution;
import dev.diarist.nn.backend.Program;
import dev.diarist.nn.graph.Graph;
import dev.diarist.nn.graph.Node;
import dev.diarist.nn.graph.Op;
import dev.diarist.nn.graph.Shape;
import dev.diarist.nn.weights.Weights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class CpuProgramTest {
  private static final Weights NONE = Weights.of(Map.of(), Map.of());

  @ParameterizedTest
  @CsvSource({"16, 10, 13", "8, 80, 5", "4, 6, 48", "1, 10, 13"})
  void segmentationMatchesTheReference(int lanes, int filters, int hidden) {
    for (boolean bidirectional : new boolean[] {true, false}) {
      Graph graph = Networks.segmentation(8000, filters, hidden, bidirectional);
      assertLikeReference(lanes, graph, 2, Networks.noise(2 * 8000, 3));
    }
  }

  @ParameterizedTest
  @CsvSource({"16, 5", "16, 13", "16, 48", "8, 5", "8, 13", "8, 48", "4, 5", "4, 48", "1, 13"})
  void embeddingMatchesTheReference(int lanes, int channels) {
    int mels = channels == 48 ? 16 : 23;
    Graph graph = Networks.embedding(mels, channels, 61, 3, 37);
    float[] fbank = Networks.noise(2 * 61 * mels, 4);
    assertLikeReference(lanes, graph, 2, fbank, Networks.masks(2, 3, 37, 5));
  }

  @ParameterizedTest
  @CsvSource({"16, 13", "8, 5", "1, 13"})
  void bottlenecksMatchTheReference(int lanes, int channels) {
    Graph graph = Networks.bottleneckEmbedding(23, channels, 61, 3, 37);
    float[] fbank = Networks.noise(2 * 61 * 23, 4);
    assertLikeReference(lanes, graph, 2, fbank, Networks.masks(2, 3, 37, 5));
  }

  @Test
  void oneOpAfterTheOtherMatchesTheReference() {
    for (Graph graph : ops()) {
      float[] x = Networks.noise(3 * graph.inputs().getFirst().shape().size(), 6);
      float[] expected = run(Backends.choose("nd4j"), graph, 3, x);
      for (int lanes : new int[] {16, 8, 4, 1}) {
        assertClose(expected, run(cpu(lanes), graph, 3, x), NETWORK);
      }
    }
  }

  private static Graph graph(Shape input, Op... ops) {
    Graph.Builder graph = Graph.builder("ops");
    Node x = graph.input("x", input.dimensions());
    for (int i = 0; i < ops.length; i++) {
      x = graph.add("op." + i, ops[i], x);
    }
    return graph.build(x);
  }

  /** Ops where no faster step takes them up, and convolutions of every kind. */
  private static List<Graph> ops() {
    Shape image = Shape.of(7, 9, 11);
    Shape series = Shape.of(5, 31);
    List<Graph> graphs = new ArrayList<>();
    for (int kernel = 1; kernel <= 5; kernel++) {
      for (int stride = 1; stride <= 4; stride++) {
        for (int padding = 0; padding <= 2; padding++) {
          graphs.add(graph(image, new Op.Conv2d(6, kernel, stride, padding), new Op.Relu()));
        }
      }
    }
    graphs.add(graph(image, new Op.Transpose(), new Op.BatchNorm(1e-5), new Op.LogSoftmax()));
    graphs.add(graph(series, new Op.Linear(4), new Op.Sigmoid()));
    graphs.add(graph(image, new Op.Conv2d(6, 3, 1, 1), new Op.LeakyRelu(0.2), new Op.Abs()));
    graphs.add(graph(image, new Op.Conv2d(20, 3, 2, 1), new Op.Transpose()));
    graphs.add(
        graph(image, new Op.Conv2d(6, 3, 1, 1), new Op.Reshape(Shape.of(54, 11)), new Op.Relu()));
    graphs.add(
        graph(
            image,
            new Op.Conv2d(6, 3, 1, 1),
            new Op.Reshape(Shape.of(54, 11)),
            new Op.StatsPool(),
            new Op.Linear(3)));
    graphs.add(graph(series, new Op.Relu(), new Op.MaxPool1d(4), new Op.InstanceNorm(1e-5)));
    graphs.add(graph(series, new Op.Conv1d(9, 4, 3), new Op.Abs(), new Op.Relu()));
    graphs.add(graph(series, new Op.Conv1d(9, 29, 1), new Op.MaxPool1d(1), new Op.StatsPool()));
    graphs.add(graph(series, new Op.Transpose(), new Op.Transpose(), new Op.StatsPool()));
    graphs.add(graph(series, new Op.Transpose(), new Op.Lstm(3, 1, true), new Op.Transpose()));
    graphs.add(graph(Shape.of(1, 5), new Op.Linear(4), new Op.Relu(), new Op.Abs()));
    graphs.add(graph(Shape.of(17), new Op.Linear(33), new Op.LeakyRelu(0.1)));
    graphs.add(graph(series, new Op.Reshape(Shape.of(31, 5)), new Op.Abs()));
    return graphs;
  }

  @Test
  void aSumReadsWhatOthersReadToo() {
    Graph.Builder builder = Graph.builder("sums");
    Node x = builder.input("x", 4, 6, 7);
    Node a = builder.add("a", new Op.Conv2d(4, 3, 1, 1), x);
    Node b = builder.add("b", new Op.Conv2d(4, 3, 1, 1), a);
    Node sum = builder.add("sum", new Op.Add(), b, a);
    Node twice = builder.add("twice", new Op.Add(), sum, sum);
    Node other = builder.add("other", new Op.Conv2d(4, 1, 1, 0), x);
    Graph graph = builder.build(builder.add("all", new Op.Add(), twice, other));
    assertLikeReference(16, graph, 2, Networks.noise(2 * 4 * 6 * 7, 7));
  }

  @Test
  void anInputReadLateKeepsItsValues() {
    Graph.Builder builder = Graph.builder("late");
    Node x = builder.input("x", 40);
    Node y = x;
    for (int i = 0; i < 4; i++) {
      y = builder.add("abs." + i, new Op.Abs(), y);
    }
    Node late = builder.input("late", 40);
    Graph graph = builder.build(builder.add("sum", new Op.Add(), y, late));
    float[] a = Networks.noise(40, 1);
    float[] b = Networks.noise(40, 2);
    float[] actual = run(cpu(16), graph, 1, a, b);
    for (int i = 0; i < 40; i++) {
      assertEquals(Math.abs(a[i]) + b[i], actual[i]);
    }
  }

  @Test
  void anEmptyMaskPoolsToZeros() {
    Graph.Builder builder = Graph.builder("pool");
    Node x = builder.input("x", 5, 20);
    Node masks = builder.input("masks", 2, 9);
    Graph graph = builder.build(builder.add("pool", new Op.StatsPool(), x, masks));
    float[] y = run(cpu(8), graph, 1, Networks.noise(100, 1), Networks.masks(1, 2, 9, 2));
    assertArrayEquals(new float[10], Arrays.copyOf(y, 10));
    assertTrue(y[10] != 0);
  }

  @ParameterizedTest
  @ValueSource(ints = {16, 8, 4, 1})
  void noBitDependsOnThreadsBatchOrPlaceInTheBatch(int lanes) {
    Graph segmentation = Networks.segmentation(8000, 10, 13, true);
    assertIndependent(lanes, segmentation, Networks.noise(8 * 8000, 1));
    Graph embedding = Networks.embedding(23, 13, 61, 3, 37);
    float[] fbank = Networks.noise(8 * 61 * 23, 4);
    assertIndependent(lanes, embedding, fbank, Networks.masks(8, 3, 37, 5));
  }

  /** Eight examples one by one on one thread, against runs of other sizes on more. */
  private static void assertIndependent(int lanes, Graph graph, float[]... inputs) {
    Weights weights = Networks.weights(graph, 11);
    int size = graph.output().shape().size();
    float[] alone = new float[8 * size];
    for (int threads = 1; threads <= 3; threads++) {
      for (int batch : new int[] {1, 3, 5, 8}) {
        try (Program program = cpu(lanes).compile(graph, weights, new Execution(threads, batch))) {
          for (int first = 0; first < 8; first += batch) {
            int count = Math.min(batch, 8 - first);
            float[] y = program.run(count, from(inputs, first));
            if (threads == 1 && batch == 1) {
              System.arraycopy(y, 0, alone, first * size, size);
            }
            assertArrayEquals(
                Arrays.copyOfRange(alone, first * size, (first + count) * size),
                y,
                threads + " threads, batch " + batch);
          }
        }
      }
    }
  }

  private static float[][] from(float[][] inputs, int first) {
    float[][] rest = new float[inputs.length][];
    for (int i = 0; i < inputs.length; i++) {
      rest[i] = Arrays.copyOfRange(inputs[i], inputs[i].length / 8 * first, inputs[i].length);
    }
    return rest;
  }

  @Test
  void everyNodeCanBeTapped() {
    Graph graph = Networks.embedding(23, 13, 61, 3, 37);
    Weights weights = Networks.weights(graph, 11);
    float[] fbank = Networks.noise(2 * 61 * 23, 4);
    float[] masks = Networks.masks(2, 3, 37, 5);
    Map<String, INDArray> expected = new LinkedHashMap<>();
    Map<String, INDArray> actual = new LinkedHashMap<>();
    try (Program reference = Backends.choose("nd4j").compile(graph, weights, new Execution(1, 2));
        Program program = cpu(16).compile(graph, weights, new Execution(2, 2))) {
      float[] plain = program.run(2, fbank, masks);
      reference.tap("*", expected::put);
      program.tap("*", actual::put);
      reference.run(2, fbank, masks);
      assertClose(plain, program.run(2, fbank, masks), NETWORK);
    }
    assertEquals(new ArrayList<>(expected.keySet()), new ArrayList<>(actual.keySet()));
    expected.forEach(
        (name, value) -> {
          assertArrayEquals(value.shape(), actual.get(name).shape(), name);
          assertClose(value.dup('c').data().asFloat(), actual.get(name).data().asFloat(), NETWORK);
        });
  }

  private static Graph absThenRelu() {
    Graph.Builder graph = Graph.builder("test");
    Node x = graph.input("x", 3);
    Node abs = graph.add("layer.0", new Op.Abs(), x);
    return graph.build(graph.module("layer", graph.add("layer.1", new Op.Relu(), abs)));
  }

  @Test
  void aPatchReplacesWhatTheRestOfTheNetworkReads() {
    try (Program program = cpu(16).compile(absThenRelu(), NONE, new Execution(1, 1))) {
      program.patch("layer.0", x -> x.sub(2));
      assertArrayEquals(new float[] {0, 0, 1}, program.run(1, new float[] {1, -2, 3}));
      program.patch("layer.0", x -> Nd4j.zeros(1, 2));
      assertThrows(IllegalArgumentException.class, () -> program.run(1, new float[] {1, -2, 3}));
      program.patch("layer.0", x -> x.add(1));
      assertArrayEquals(new float[] {2, 3, 4}, program.run(1, new float[] {1, -2, 3}));
    }
  }

  @Test
  void forksRunBesideEachOtherWithTheSameBits() {
    Graph graph = Networks.embedding(23, 13, 61, 3, 37);
    Weights weights = Networks.weights(graph, 11);
    int forks = 3;
    try (Program program = cpu(16).compile(graph, weights, new Execution(2, 2))) {
      List<float[]> expected = new ArrayList<>();
      List<CompletableFuture<float[]>> running = new ArrayList<>();
      for (int i = 0; i < forks; i++) {
        float[] fbank = Networks.noise(2 * 61 * 23, 20 + i);
        float[] masks = Networks.masks(2, 3, 37, 30 + i);
        expected.add(program.run(2, fbank, masks));
        Program fork = program.fork();
        running.add(
            CompletableFuture.supplyAsync(
                () -> {
                  for (int again = 0; again < 5; again++) {
                    fork.run(1, fbank, masks);
                  }
                  return fork.run(2, fbank, masks);
                }));
      }
      for (int i = 0; i < forks; i++) {
        assertArrayEquals(expected.get(i), running.get(i).join());
      }
    }
  }

  @Test
  void aForkHasTapsOfItsOwnAndEndsWithTheProgramItComesFrom() {
    Program program = cpu(16).compile(absThenRelu(), NONE, new Execution(2, 1));
    program.patch("layer.0", x -> x.add(1));
    Program fork = program.fork();
    float[] x = {1, -2, 3};
    assertArrayEquals(new float[] {1, 2, 3}, fork.run(1, x));
    fork.close();
    assertArrayEquals(new float[] {2, 3, 4}, program.run(1, x));
    program.close();
    assertThrows(IllegalStateException.class, () -> fork.run(1, x));
  }

  @Test
  void aRunThatDoesNotFitSaysWhatWould() {
    try (Program program = cpu(16).compile(absThenRelu(), NONE, new Execution(1, 2))) {
      IllegalArgumentException e =
          assertThrows(IllegalArgumentException.class, () -> program.run(3, new float[9]));
      assertEquals("a run takes 1 to 2 examples, got 3", e.getMessage());
      e = assertThrows(IllegalArgumentException.class, () -> program.run(2, new float[5]));
      assertEquals("input x needs 6 values for 2 examples, got 5", e.getMessage());
    }
  }

  @Test
  void aTensorThatIsMissingIsNamed() {
    Graph graph = graph(Shape.of(3), new Op.Linear(2));
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> cpu(16).compile(graph, NONE, new Execution(1, 1)));
    assertTrue(e.getMessage().contains("op.0.weight"), e.getMessage());
  }

  @Test
  void withoutWinogradConvolutionsAreComputedFromTheirDefinition() {
    Graph graph = graph(Shape.of(16, 9, 11), new Op.Conv2d(16, 3, 1, 1));
    Weights weights = Networks.weights(graph, 11);
    Kernels kernels = Kernels.ofLanes(8);
    assertEquals(List.of(1L, 0L), convolutions(graph, weights, kernels));
    assertEquals(List.of(0L, 1L), convolutions(graph, weights, kernels.withoutWinograd()));

    float[] x = Networks.noise(2 * 16 * 9 * 11, 3);
    System.setProperty("diarist.cpu.winograd", "false");
    try {
      float[] direct = run(new CpuBackend(), graph, 2, x);
      assertClose(run(Backends.choose("nd4j"), graph, 2, x), direct, NETWORK);
      float[] winograd = run(new CpuBackend(null), graph, 2, x);
      assertFalse(Arrays.equals(winograd, direct), "the property changes no bit");
    } finally {
      System.clearProperty("diarist.cpu.winograd");
    }
  }

  /** Numbers of Winograd and of direct convolutions. */
  private static List<Long> convolutions(Graph graph, Weights weights, Kernels kernels) {
    PackedWeights packed = new PackedWeights(weights, kernels.lanes());
    List<Step> steps = Lowering.plan(graph, kernels, packed, java.util.Set.of(), Map.of()).steps();
    return List.of(
        steps.stream().filter(WinogradConvolution.class::isInstance).count(),
        steps.stream().filter(ImageConvolution.class::isInstance).count());
  }

  @Test
  void theTrunkOfTheRealNetworkFitsInItsBudget() {
    Graph graph =
        new dev.diarist.nn.model.WeSpeakerResNet34(16000, 80, 32, List.of(3, 4, 6, 3), 256)
            .graph(998, 3, 589);
    Kernels kernels = Kernels.ofLanes(16);
    PackedWeights weights = new PackedWeights(Networks.weights(graph, 1), 16);
    Lowering.Plan plan = Lowering.plan(graph, kernels, weights, java.util.Set.of(), Map.of());
    long bytes = plan.buffers().floatsPerExample() * Float.BYTES;
    assertTrue(bytes < 80 << 20, bytes + " bytes for each example");
  }
}
