package dev.diarist.nn.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.diarist.nn.backend.Backend;
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
  /** Of the largest value: float32 sums in another order through a dozen layers. */
  private static final double NETWORK = 2e-5;

  private static final Weights NONE = Weights.of(Map.of(), Map.of());

  private static Backend cpu(int lanes) {
    return new CpuBackend(Kernels.ofLanes(lanes));
  }

  private static float[] run(Backend backend, Graph graph, int batch, float[]... inputs) {
    Weights weights = Networks.weights(graph, 11);
    try (Program program = backend.compile(graph, weights, new Execution(2, batch))) {
      return program.run(batch, inputs);
    }
  }

  private static void assertClose(float[] expected, float[] actual, double tolerance) {
    assertEquals(expected.length, actual.length);
    double largest = 0;
    for (float v : expected) {
      largest = Math.max(largest, Math.abs(v));
    }
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], actual[i], tolerance * largest, "value " + i);
    }
  }

  private static void assertLikeReference(int lanes, Graph graph, int batch, float[]... inputs) {
    float[] expected = run(Backends.choose("nd4j"), graph, batch, inputs);
    assertClose(expected, run(cpu(lanes), graph, batch, inputs), NETWORK);
  }

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

  /** Masks that hear some frames in the middle of each example, other ones each. */
  private static float[] brief(int batch, int masks, int frames) {
    float[] all = new float[batch * masks * frames];
    for (int b = 0; b < batch; b++) {
      for (int s = 1; s < masks; s++) {
        int from = (b * masks + s) * frames; // all[b,s,:]
        int first = frames / 2 - 9 + 5 * b + 2 * s;
        Arrays.fill(all, from + first, from + first + 3, 0.5f);
      }
    }
    return all;
  }

  @ParameterizedTest
  @CsvSource({"16, 13", "8, 5", "8, 16", "4, 48", "1, 13"})
  void whatNoMaskHearsChangesNothing(int lanes, int channels) {
    int frames = 403;
    Graph graph = Networks.embedding(16, channels, frames, 3, 101);
    float[] fbank = Networks.noise(3 * frames * 16, 4);
    float[] masks = brief(3, 3, 101);
    float[] expected = run(cpu(lanes), graph, 3, fbank, masks);
    assertClose(run(Backends.choose("nd4j"), graph, 3, fbank, masks), expected, NETWORK);

    // Far from what is heard nothing is read: NaN would go through every sum.
    float[] deaf = fbank.clone();
    for (int b = 0; b < 3; b++) {
      int from = b * frames * 16; // deaf[b,:,:]
      Arrays.fill(deaf, from, from + 40 * 16, Float.NaN);
      Arrays.fill(deaf, from + 363 * 16, from + frames * 16, Float.NaN);
    }
    assertArrayEquals(expected, run(cpu(lanes), graph, 3, deaf, masks));
  }

  @Test
  void columnsThatNoMaskHearsAreLeftOut() {
    int frames = 403;
    Graph graph = Networks.embedding(16, 16, frames, 3, 101);
    Lowering.Plan plan = plan(graph);
    float[] masks = plan.inputs().get(1).example(0); // (3, 101), as many frames as are pooled
    plan.heard().listen(1);
    assertArrayEquals(new int[11], computedColumns(plan)); // nobody speaks

    Arrays.fill(masks, 101 + 49, 101 + 52, 1); // the second speaker, for three frames
    plan.heard().listen(1);
    // From the last to the first: 49–51 heard, of 101 columns; 95–105 and then 92–108 of 202;
    // 183–217 and then 181–219 of 403. Winograd tiles are of 4 columns, direct blocks of 24.
    int[] expected = {72, 40, 40, 48, 48, 16, 16, 16, 24, 24, 4};
    assertArrayEquals(expected, computedColumns(plan));

    Arrays.fill(masks, 0, 101, 1); // the first speaker, all the time
    plan.heard().listen(1);
    int[] all = {408, 404, 404, 216, 216, 204, 204, 204, 120, 120, 104};
    assertArrayEquals(all, computedColumns(plan));
  }

  /** With room for one example. */
  private static Lowering.Plan plan(Graph graph) {
    PackedWeights weights = new PackedWeights(Networks.weights(graph, 11), 8);
    Lowering.Plan plan =
        Lowering.plan(graph, Kernels.ofLanes(8), weights, java.util.Set.of(), Map.of());
    plan.buffers().reserve(1);
    return plan;
  }

  /** Columns of each convolution that are computed of the first example, in whole blocks. */
  private static int[] computedColumns(Lowering.Plan plan) {
    return plan.steps().stream()
        .filter(ImageStep.class::isInstance)
        .map(step -> ((ImageStep) step).columns())
        .mapToInt(columns -> columns.blocks(0).length * columns.block())
        .toArray();
  }

  @Test
  void whatIsComputedOfOneExampleChangesNoBitOfAnother() {
    int frames = 403;
    Graph graph = Networks.embedding(16, 16, frames, 3, 101);
    float[] fbank = Networks.noise(3 * frames * 16, 4);
    float[] masks = brief(3, 3, 101);
    Weights weights = Networks.weights(graph, 11);
    try (Program program = cpu(8).compile(graph, weights, new Execution(2, 3))) {
      float[] together = program.run(3, fbank, masks);
      float[] everything = Networks.noise(3 * 3 * 101, 5);
      program.run(3, Networks.noise(fbank.length, 8), everything); // leaves other values behind
      int size = together.length / 3;
      for (int b = 0; b < 3; b++) {
        float[] alone =
            program.run(
                1,
                Arrays.copyOfRange(fbank, b * frames * 16, (b + 1) * frames * 16),
                Arrays.copyOfRange(masks, b * 303, (b + 1) * 303));
        assertArrayEquals(Arrays.copyOfRange(together, b * size, (b + 1) * size), alone);
      }
    }
  }

  @Test
  void aTappedNetworkIsComputedWhole() {
    int frames = 403;
    Graph graph = Networks.embedding(16, 16, frames, 3, 101);
    float[] fbank = Networks.noise(frames * 16, 4);
    Weights weights = Networks.weights(graph, 11);
    List<INDArray> seen = new ArrayList<>();
    try (Program program = cpu(8).compile(graph, weights, new Execution(2, 1))) {
      program.tap("resnet.layer1", (name, value) -> seen.add(value));
      program.run(1, fbank, brief(1, 3, 101));
      program.run(1, fbank, Networks.noise(303, 5)); // every frame is heard
    }
    assertEquals(seen.get(1), seen.get(0));
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

  @ParameterizedTest
  @ValueSource(ints = {16, 8, 4, 1})
  void timesAreWeighedLikeInTheReference(int lanes) {
    for (Shape image : List.of(Shape.of(9, 6, 31), Shape.of(9, 31, 6))) {
      Graph.Builder builder = Graph.builder("weighed"); // columns are times, and are not
      Node x = builder.input("x", image.dimensions());
      Node y = builder.add("convolution", new Op.Conv2d(7, 3, 1, 1), x);
      Node features = builder.add("features", new Op.Reshape(Shape.of(42, 31)), y);
      Node weights = builder.input("weights", 31);
      Graph graph = builder.build(builder.add("weighed", new Op.Weigh(), features, weights));
      float[] few = Networks.noise(2 * 31, 8);
      Arrays.fill(few, 9, 40, 0);
      assertLikeReference(lanes, graph, 2, Networks.noise(2 * 9 * 6 * 31, 7), few);
    }
  }

  @Test
  void columnsThatAreNotWeighedAreLeftOut() {
    Graph.Builder builder = Graph.builder("weighed");
    Node x = builder.input("x", 5, 4, 103);
    Node y = builder.add("first", new Op.Conv2d(5, 3, 1, 1), x);
    y = builder.add("second", new Op.Conv2d(5, 3, 1, 1), y);
    Node features = builder.add("features", new Op.Reshape(Shape.of(20, 103)), y);
    Node weights = builder.input("weights", 103);
    Graph graph = builder.build(builder.add("weighed", new Op.Weigh(), features, weights));
    Lowering.Plan plan = plan(graph);
    plan.inputs().get(1).example(0)[48] = 0.5f;
    plan.heard().listen(1);
    // Winograd tiles of 4 columns: 48 lies in one, 47 to 49 in two.
    assertArrayEquals(new int[] {8, 4}, computedColumns(plan));
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
