package dev.diarist.nn.cpu;

import static dev.diarist.nn.cpu.Runs.NETWORK;
import static dev.diarist.nn.cpu.Runs.assertClose;
import static dev.diarist.nn.cpu.Runs.assertLikeReference;
import static dev.diarist.nn.cpu.Runs.cpu;
import static dev.diarist.nn.cpu.Runs.run;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.diarist.nn.backend.Backends;
import dev.diarist.nn.backend.Execution;
import dev.diarist.nn.backend.Program;
import dev.diarist.nn.graph.Graph;
import dev.diarist.nn.graph.Node;
import dev.diarist.nn.graph.Op;
import dev.diarist.nn.graph.Shape;
import dev.diarist.nn.model.WeSpeakerResNet34;
import dev.diarist.nn.weights.Weights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;

class HeardColumnsTest {
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
    Lowering.Plan plan = Lowering.plan(graph, Kernels.ofLanes(8), weights, Set.of(), Map.of());
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

  @ParameterizedTest
  @ValueSource(ints = {16, 8, 4, 1})
  void timesAreWeighedLikeInTheReference(int lanes) {
    // Columns are times, and are not.
    for (Shape image : List.of(Shape.of(9, 6, 31), Shape.of(9, 31, 6))) {
      Graph.Builder builder = Graph.builder("weighed");
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
  void weightsThatARunComputesLeaveNothingOut() {
    Graph.Builder builder = Graph.builder("weighed");
    Node y = builder.add("first", new Op.Conv2d(5, 3, 1, 1), builder.input("x", 5, 4, 103));
    Node features = builder.add("features", new Op.Reshape(Shape.of(20, 103)), y);
    Node weights = builder.add("positive", new Op.Relu(), builder.input("weights", 103));
    Graph graph = builder.build(builder.add("weighed", new Op.Weigh(), features, weights));
    assertLikeReference(
        8, graph, 2, Networks.noise(2 * 5 * 4 * 103, 1), Networks.noise(2 * 103, 2));
  }

  @Test
  void weightsOfZeroMakeZeros() {
    Graph graph = new WeSpeakerResNet34(16000, 16, 5, List.of(1, 1), 24).weighedTrunk(101);
    int times = graph.output().shape().dimension(1);
    float[] y = run(cpu(8), graph, 1, Networks.noise(101 * 16, 1), new float[times]);
    assertArrayEquals(new float[y.length], y);
  }
}
