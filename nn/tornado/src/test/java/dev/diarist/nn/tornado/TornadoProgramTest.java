package dev.diarist.nn.tornado;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.diarist.nn.backend.Backend;
import dev.diarist.nn.backend.Backends;
import dev.diarist.nn.backend.Execution;
import dev.diarist.nn.backend.Program;
import dev.diarist.nn.backend.RandomWeights;
import dev.diarist.nn.graph.Graph;
import dev.diarist.nn.graph.Node;
import dev.diarist.nn.graph.Op;
import dev.diarist.nn.graph.Shape;
import dev.diarist.nn.model.Powerset;
import dev.diarist.nn.model.PyanNet;
import dev.diarist.nn.model.WeSpeakerResNet34;
import dev.diarist.nn.weights.Weights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.nd4j.linalg.api.ndarray.INDArray;
import uk.ac.manchester.tornado.api.common.TornadoDevice;

/** The device that TornadoVM offers first against the reference backend. */
class TornadoProgramTest {
  /** Of the largest value: float32 sums in another order through a dozen layers. */
  private static final double NETWORK = 2e-5;

  private static Backend tornado;
  private static Backend reference;

  @BeforeAll
  static void findDevice() {
    tornado = new TornadoBackend();
    Optional<String> reason = tornado.unavailable();
    Assumptions.assumeTrue(reason.isEmpty(), () -> "skipped: " + reason.orElseThrow());
    reference = Backends.choose("nd4j");
  }

  private static Weights weights(Graph graph) {
    return RandomWeights.of(graph, 11);
  }

  private static float[] noise(int size) {
    Random random = new Random(size);
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private static Graph segmentation(int samples) {
    return new PyanNet(
            16000,
            10,
            20,
            251,
            10,
            List.of(new Op.Conv1d(13, 5, 1), new Op.Conv1d(9, 3, 2)),
            List.of(new Op.Lstm(13, 2, true)),
            List.of(11, 5),
            new Powerset(3, 2),
            PyanNet.WarmUp.NONE)
        .graph(samples);
  }

  private static final int FRAMES = 61;
  private static final int MELS = 23;
  private static final int MASK_FRAMES = 37;

  private static Graph embedding(boolean bottleneck) {
    return new WeSpeakerResNet34(16000, MELS, 13, List.of(1, 2, 1), bottleneck, 24)
        .graph(FRAMES, 3, MASK_FRAMES);
  }

  /** The first mask of each example is empty. */
  private static float[] masks(int batch) {
    Random random = new Random(5);
    float[] masks = new float[batch * 3 * MASK_FRAMES];
    for (int i = 0; i < masks.length; i++) {
      masks[i] = i / MASK_FRAMES % 3 > 0 && random.nextInt(3) > 0 ? 1 : 0;
    }
    return masks;
  }

  private static float[] run(Backend backend, Graph graph, int batch, float[]... inputs) {
    try (Program program = backend.compile(graph, weights(graph), new Execution(2, batch))) {
      return program.run(batch, inputs);
    }
  }

  private static void assertLikeReference(Graph graph, int batch, float[]... inputs) {
    assertClose(run(reference, graph, batch, inputs), run(tornado, graph, batch, inputs));
  }

  private static void assertClose(float[] expected, float[] actual) {
    assertEquals(expected.length, actual.length);
    double largest = 0;
    for (float v : expected) {
      largest = Math.max(largest, Math.abs(v));
    }
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], actual[i], NETWORK * largest, "value " + i);
    }
  }

  @Test
  void segmentationMatchesTheReference() {
    assertLikeReference(segmentation(8000), 2, noise(2 * 8000));
  }

  @Test
  void silenceIsTheSameAtEveryTime() {
    assertLikeReference(segmentation(8000), 1, new float[8000]);
  }

  @Test
  void embeddingMatchesTheReference() {
    assertLikeReference(embedding(false), 2, noise(2 * FRAMES * MELS), masks(2));
  }

  @Test
  void bottlenecksMatchTheReference() {
    assertLikeReference(embedding(true), 2, noise(2 * FRAMES * MELS), masks(2));
  }

  private static Graph graph(Shape input, Op... ops) {
    Graph.Builder graph = Graph.builder("ops");
    Node x = graph.input("x", input.dimensions());
    for (int i = 0; i < ops.length; i++) {
      x = graph.add("op." + i, ops[i], x);
    }
    return graph.build(x);
  }

  /** Ops where no faster kernel takes them up, and convolutions of several kinds. */
  @TestFactory
  Stream<DynamicTest> oneOpAfterTheOtherMatchesTheReference() {
    Shape image = Shape.of(7, 9, 11);
    Shape series = Shape.of(5, 31);
    return Stream.of(
            graph(image, new Op.Conv2d(6, 1, 2, 0), new Op.Relu()),
            graph(image, new Op.Conv2d(17, 3, 1, 0), new Op.Relu()),
            graph(image, new Op.Conv2d(6, 5, 3, 2), new Op.Conv2d(6, 3, 1, 1)),
            graph(image, new Op.Transpose(), new Op.BatchNorm(1e-5), new Op.LogSoftmax()),
            graph(image, new Op.Conv2d(6, 3, 1, 1), new Op.LeakyRelu(0.2), new Op.Abs()),
            graph(image, new Op.Conv2d(20, 3, 2, 1), new Op.Transpose()),
            graph(
                image,
                new Op.Conv2d(6, 3, 1, 1),
                new Op.Reshape(Shape.of(54, 11)),
                new Op.StatsPool(),
                new Op.Linear(3)),
            graph(series, new Op.Relu(), new Op.MaxPool1d(4), new Op.InstanceNorm(1e-5)),
            graph(series, new Op.Conv1d(9, 4, 3), new Op.Abs(), new Op.Relu()),
            graph(series, new Op.Conv1d(9, 29, 1), new Op.MaxPool1d(1), new Op.StatsPool()),
            graph(series, new Op.Transpose(), new Op.Lstm(3, 1, false), new Op.Transpose()),
            graph(series, new Op.Transpose(), new Op.Lstm(150, 1, true)),
            graph(Shape.of(17), new Op.Linear(33), new Op.LeakyRelu(0.1)),
            graph(series, new Op.Linear(4), new Op.Sigmoid()),
            graph(series, new Op.Reshape(Shape.of(31, 5)), new Op.Abs()),
            graph(series, new Op.Reshape(Shape.of(31, 5))))
        .map(
            graph ->
                DynamicTest.dynamicTest(
                    graph.nodes().stream().skip(1).map(node -> node.op().toString()).toList() + "",
                    () ->
                        assertLikeReference(
                            graph, 3, noise(3 * graph.inputs().getFirst().shape().size()))));
  }

  @Test
  void timesAreWeighedLikeInTheReference() {
    Graph.Builder builder = Graph.builder("weighed");
    Node y = builder.add("convolution", new Op.Conv2d(6, 3, 1, 1), builder.input("x", 7, 9, 31));
    Node features = builder.add("features", new Op.Reshape(Shape.of(54, 31)), y);
    Node weights = builder.input("weights", 31);
    Graph graph = builder.build(builder.add("weighed", new Op.Weigh(), features, weights));
    assertLikeReference(graph, 2, noise(2 * 7 * 9 * 31), noise(2 * 31));
  }

  /** 3×3 convolutions of stride 1, of images whose sides are multiples of a tile's, and are not. */
  @TestFactory
  Stream<DynamicTest> winogradConvolutionsMatchTheirDefinitionAndTheReference() {
    return Stream.of(
            winogradGraph(Shape.of(16, 8, 12), 16, 1),
            winogradGraph(Shape.of(16, 9, 11), 9, 1),
            winogradGraph(Shape.of(17, 6, 30), 33, 5),
            winogradGraph(Shape.of(40, 1, 1), 24, 1),
            winogradGraph(Shape.of(16, 3, 2), 16, 1))
        .map(
            graph ->
                DynamicTest.dynamicTest(
                    graph.inputs().getFirst().shape() + " to " + graph.output().shape(),
                    () -> {
                      Weights weights = weights(graph);
                      assertEquals(4, launchesAdded(graph, weights));
                      float[] x = noise(3 * graph.inputs().getFirst().shape().size());
                      float[] winograd = run(tornado, graph, 3, x);
                      try (Program direct = direct(graph, weights, 3)) {
                        float[] expected = direct.run(3, x);
                        assertClose(expected, winograd);
                        assertFalse(Arrays.equals(expected, winograd), "nothing was transformed");
                      }
                      assertClose(run(reference, graph, 3, x), winograd);
                    }));
  }

  /**
   * A convolution with a slope, and one with a norm, a residual and a ReLU.
   *
   * @param shortcut kernel of the residual's convolution, which is not transformed; a large one
   *     makes the borders of all images wider
   */
  private static Graph winogradGraph(Shape input, int channels, int shortcut) {
    Graph.Builder graph = Graph.builder("winograd");
    Node x = graph.input("x", input.dimensions());
    Node z = graph.add("shortcut", new Op.Conv2d(channels, shortcut, 1, shortcut / 2), x);
    Node first = graph.add("first", new Op.Conv2d(16, 3, 1, 1), x);
    Node leaky = graph.add("leaky", new Op.LeakyRelu(0.2), first);
    Node second = graph.add("second", new Op.Conv2d(channels, 3, 1, 1), leaky);
    Node norm = graph.add("norm", new Op.BatchNorm(1e-5), second);
    Node sum = graph.add("sum", new Op.Add(), norm, z);
    return graph.build(graph.add("relu", new Op.Relu(), sum));
  }

  /** Launches that transforms take beyond those of a graph whose convolutions are all direct. */
  private static int launchesAdded(Graph graph, Weights weights) {
    DeviceWeights packed = new DeviceWeights(weights);
    return plan(graph, packed, true).steps().size() - plan(graph, packed, false).steps().size();
  }

  private static Lowering.Plan plan(Graph graph, DeviceWeights packed, boolean winograd) {
    return Lowering.plan(graph, packed, winograd, Set.of(), Map.of());
  }

  /** Every convolution from its definition. */
  private static Program direct(Graph graph, Weights weights, int batch) {
    TornadoDevice device = TornadoDevices.all().getFirst();
    DeviceMemory memory = TornadoDevices.memory(device);
    return new DeviceProgram(graph, weights, false, device, memory, new Execution(1, batch));
  }

  @Test
  void aPropertyAsksForConvolutionsFromTheirDefinition() {
    Graph graph = graph(Shape.of(16, 9, 11), new Op.Conv2d(16, 3, 1, 1));
    float[] x = noise(2 * 16 * 9 * 11);
    System.setProperty("diarist.tornado.winograd", "false");
    try (Program direct = direct(graph, weights(graph), 2)) {
      assertArrayEquals(direct.run(2, x), run(new TornadoBackend(), graph, 2, x));
    } finally {
      System.clearProperty("diarist.tornado.winograd");
    }
  }

  @Test
  void theTransformedTilesOfAllConvolutionsLieInTwoArrays() {
    Graph graph =
        graph(
            Shape.of(16, 5, 4),
            new Op.Conv2d(24, 3, 1, 1),
            new Op.Conv2d(48, 3, 2, 1),
            new Op.Conv2d(16, 3, 1, 1));
    DeviceWeights packed = new DeviceWeights(weights(graph));
    long direct = plan(graph, packed, false).buffers().bytesPerExample();
    long winograd = plan(graph, packed, true).buffers().bytesPerExample();
    int tiles = 4; // of the larger image there are two, of the other one: filled up
    assertEquals(36 * tiles * (48 + 16) * Float.BYTES, winograd - direct);
  }

  @Test
  void aSumReadsWhatOthersReadToo() {
    Graph.Builder builder = Graph.builder("sums");
    Node x = builder.input("x", 4, 6, 7);
    Node a = builder.add("a", new Op.Conv2d(4, 3, 1, 1), x);
    Node b = builder.add("b", new Op.Conv2d(4, 3, 1, 1), a);
    Node sum = builder.add("sum", new Op.Add(), b, a);
    Node twice = builder.add("twice", new Op.Add(), sum, sum);
    assertLikeReference(builder.build(twice), 2, noise(2 * 4 * 6 * 7));
  }

  @Test
  void noBitDependsOnTheBatchOrThePlaceInIt() {
    Graph graph = embedding(false);
    int features = FRAMES * MELS;
    float[] fbank = noise(5 * features);
    float[] masks = masks(5);
    float[] all = run(tornado, graph, 5, fbank, masks);
    int size = graph.output().shape().size();
    try (Program program = tornado.compile(graph, weights(graph), new Execution(1, 3));
        Program fork = program.fork()) {
      for (int b = 0; b < 5; b++) {
        float[] x = Arrays.copyOfRange(fbank, b * features, (b + 1) * features);
        int m = 3 * MASK_FRAMES;
        float[] w = Arrays.copyOfRange(masks, b * m, (b + 1) * m);
        float[] expected = Arrays.copyOfRange(all, b * size, (b + 1) * size);
        assertArrayEquals(expected, (b % 2 == 0 ? program : fork).run(1, x, w), "example " + b);
      }
    }
  }

  @Test
  void aBatchThatDoesNotFitRunsInSlices() {
    Graph graph = segmentation(8000);
    Weights weights = weights(graph);
    float[] x = noise(5 * 8000);
    float[] expected = run(tornado, graph, 5, x);
    long oneAndAHalf = 3 * bytesOfOneExample(graph, weights) / 2;
    DeviceMemory little = new DeviceMemory(oneAndAHalf, 1 << 30);
    try (Program program =
        new DeviceProgram(
            graph, weights, true, TornadoDevices.all().getFirst(), little, new Execution(1, 5))) {
      assertArrayEquals(expected, program.run(5, x));
    }
  }

  private static long bytesOfOneExample(Graph graph, Weights weights) {
    DeviceWeights packed = new DeviceWeights(weights);
    return plan(graph, packed, true).buffers().bytesPerExample() + packed.bytes();
  }

  @Test
  void whatDoesNotFitAtAllIsAnErrorThatNamesTheOption() {
    Graph graph = segmentation(8000);
    DeviceMemory none = new DeviceMemory(1000, 1 << 30);
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () ->
                    new DeviceProgram(
                        graph,
                        weights(graph),
                        true,
                        TornadoDevices.all().getFirst(),
                        none,
                        new Execution(1, 5)))
            .getMessage();
    assertTrue(message.endsWith("raise -Dtornado.device.memory"), message);
  }

  /** Two arrays of 4 MB for an example, which one of TornadoVM's graphs hands to another. */
  private static Graph longChain() {
    Op[] ops = new Op[9];
    for (int i = 0; i < ops.length; i++) {
      ops[i] = i % 2 == 0 ? new Op.Abs() : new Op.LeakyRelu(0.5);
    }
    return graph(Shape.of(1 << 20), ops);
  }

  /** In this JVM TornadoVM takes 1 GB of a device. */
  @Test
  void aClosedProgramLeavesNothingOnTheDevice() {
    Graph graph = longChain();
    float[] x = noise(60 << 20); // 480 MB on the device
    for (int round = 0; round < 5; round++) {
      try (DeviceProgram program = ofWholeDevice(graph, 60)) {
        program.run(60, x);
        assertEquals(60, program.slice(), "of round " + round);
      }
    }
  }

  @Test
  void aBatchThatFindsTheDeviceTakenRunsInSmallerOnes() {
    Graph graph = longChain();
    float[] x = noise(96 << 20); // 768 MB on the device
    try (DeviceProgram first = ofWholeDevice(graph, 96);
        DeviceProgram second = ofWholeDevice(graph, 96)) {
      assertArrayEquals(first.run(96, x), second.run(96, x));
      assertEquals(96, first.slice());
      assertEquals(24, second.slice()); // 192 MB of 256
    }
  }

  private static DeviceProgram ofWholeDevice(Graph graph, int batch) {
    return new DeviceProgram(
        graph,
        weights(graph),
        true,
        TornadoDevices.all().getFirst(),
        new DeviceMemory(1L << 30, 1L << 30),
        new Execution(1, batch));
  }

  @Test
  void tapsSeeAndPatchesChangeValuesInTheMiddle() {
    Graph graph = embedding(false);
    float[] fbank = noise(2 * FRAMES * MELS);
    List<float[]> seen = new ArrayList<>();
    List<float[]> outputs = new ArrayList<>();
    for (Backend backend : List.of(reference, tornado)) {
      try (Program program = backend.compile(graph, weights(graph), new Execution(1, 2))) {
        program.patch("resnet.layer1", value -> value.mul(0.5));
        program.tap("resnet.layer2", (name, value) -> seen.add(value.data().asFloat()));
        outputs.add(program.run(2, fbank, masks(2)));
        outputs.add(program.run(2, fbank, masks(2)));
      }
    }
    assertEquals(4, seen.size());
    assertClose(seen.get(0), seen.get(2));
    assertArrayEquals(seen.get(2), seen.get(3));
    assertClose(outputs.get(0), outputs.get(2));
    assertArrayEquals(outputs.get(2), outputs.get(3));
  }

  @Test
  void aPatchMustKeepTheShape() {
    Graph graph = graph(Shape.of(3, 4), new Op.Abs(), new Op.Relu());
    try (Program program = tornado.compile(graph, weights(graph), new Execution(1, 1))) {
      program.patch("op.0", INDArray::transpose);
      String message =
          assertThrows(IllegalArgumentException.class, () -> program.run(1, noise(12)))
              .getMessage();
      assertEquals("a patch of op.0 must keep the shape [1, 3, 4], got [4, 3, 1]", message);
    }
  }

  @Test
  void aLayerThatIsTooLargeIsAnErrorThatNamesIt() {
    Graph graph = graph(Shape.of(2, 3), new Op.Lstm(Recurrence.MAX_HIDDEN + 1, 1, false));
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () -> tornado.compile(graph, weights(graph), new Execution(1, 1)))
            .getMessage();
    assertEquals("lstm op.0: the tornado backend takes at most 1024 cells, got 1025", message);
  }
}
