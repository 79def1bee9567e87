package dev.diarist.nn.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.diarist.nn.backend.Execution;
import dev.diarist.nn.graph.Graph;
import dev.diarist.nn.graph.Node;
import dev.diarist.nn.graph.Op;
import dev.diarist.nn.graph.Shape;
import dev.diarist.nn.model.Powerset;
import dev.diarist.nn.model.PyanNet;
import dev.diarist.nn.model.WeSpeakerResNet34;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Gradients against central differences: for several random directions d of ±1 in every parameter
 * and every input, (L(θ + εd) − L(θ − εd)) / 2ε against ∇L·d, where L is a random combination of
 * the outputs, summed in double.
 */
class OpGradientsTest {
  private static final int DIRECTIONS = 3;
  private static final float EPSILON = 2e-3f;

  /**
   * Of the norm of the gradient, which ∇L·d is of the size of. The outputs are floats: differences
   * of 4e-3 see their rounding; a wrong formula is off by the whole norm.
   */
  private static final double TOLERANCE = 1e-2;

  /**
   * Of whole networks: a step in one of the first layers moves some value over a kink of a maximum
   * or a rectifier behind it.
   */
  private static final double WHOLE_TOLERANCE = 5e-2;

  /** Small, so that few values cross a kink. */
  private static final double WHOLE = 2e-4;

  /** What is compared: a network, and how it is run. */
  record Case(
      String name, Graph graph, int batch, boolean training, double dropout, double epsilon) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Case of(String name, Graph graph) {
    return new Case(name, graph, 2, true, 0, EPSILON);
  }

  private static Case of(String name, Op op, int... shape) {
    Graph.Builder graph = Graph.builder(name);
    return of(name, graph.build(graph.add("node", op, graph.input("x", shape))));
  }

  static List<Case> cases() {
    return List.of(
        of("Conv1d", new Op.Conv1d(5, 3, 1), 4, 17),
        of("Conv1d with stride", new Op.Conv1d(3, 4, 3), 2, 20),
        parametersOfHertz(),
        of("Conv2d", new Op.Conv2d(4, 3, 1, 1), 3, 5, 7),
        of("Conv2d with stride", new Op.Conv2d(5, 3, 2, 1), 2, 6, 9),
        of("Conv2d of one pixel", new Op.Conv2d(6, 1, 2, 0), 3, 5, 6),
        of("Conv2d wider than a panel", new Op.Conv2d(40, 3, 1, 1), 7, 3, 8),
        of("Conv2d by Winograd's tiles", new Op.Conv2d(16, 3, 1, 1), 16, 4, 8),
        of("Conv2d by tiles that are not whole", new Op.Conv2d(48, 3, 1, 1), 16, 5, 7),
        many(of("Conv2d by tiles of several items", new Op.Conv2d(16, 3, 1, 1), 16, 18, 22)),
        of("BatchNorm of an image", new Op.BatchNorm(1e-5), 3, 4, 5),
        of("BatchNorm of a series", new Op.BatchNorm(1e-5), 3, 9),
        evaluated(of("BatchNorm in evaluation", new Op.BatchNorm(1e-5), 3, 4, 5)),
        of("InstanceNorm", new Op.InstanceNorm(1e-5), 3, 20),
        of("Abs", new Op.Abs(), 3, 7),
        of("Relu", new Op.Relu(), 3, 7),
        of("LeakyRelu", new Op.LeakyRelu(0.1), 3, 7),
        of("MaxPool1d", new Op.MaxPool1d(3), 3, 11),
        of("Lstm", new Op.Lstm(5, 1, false), 6, 3),
        of("Lstm of one step", new Op.Lstm(4, 1, true), 1, 3),
        of("Lstm of two layers and directions", new Op.Lstm(17, 2, true), 5, 3),
        dropped(of("Lstm with dropout", new Op.Lstm(6, 3, true), 5, 3)),
        many(of("Lstm over several tiles", new Op.Lstm(5, 1, true), 4, 3)),
        of("Linear", new Op.Linear(5), 4, 3),
        of("Linear of a vector", new Op.Linear(5), 7),
        of("Sigmoid", new Op.Sigmoid(), 4, 5),
        of("LogSoftmax", new Op.LogSoftmax(), 4, 5),
        of("StatsPool", new Op.StatsPool(), 3, 8),
        masked(),
        weighed(),
        of("Transpose", new Op.Transpose(), 3, 5),
        of("Reshape", new Op.Reshape(Shape.of(5, 6)), 2, 3, 5),
        shared(),
        segmentation(),
        embedding());
  }

  private static Case evaluated(Case c) {
    return new Case(c.name, c.graph, c.batch, false, 0, c.epsilon);
  }

  private static Case dropped(Case c) {
    return new Case(c.name, c.graph, c.batch, true, 0.4, c.epsilon);
  }

  private static Case many(Case c) {
    return new Case(c.name, c.graph, 19, true, 0, c.epsilon);
  }

  /** Band edges are in hertz: they are moved further. */
  private static Case parametersOfHertz() {
    Case c = of("SincConv", new Op.SincConv(6, 31, 4, 16000), 1, 90);
    return new Case(c.name, c.graph, c.batch, true, 0, 0.1);
  }

  private static Case masked() {
    Graph.Builder graph = Graph.builder("masked");
    Node x = graph.input("x", 3, 8);
    Node masks = graph.input("masks", 2, 13);
    return of("StatsPool with masks", graph.build(graph.add("pool", new Op.StatsPool(), x, masks)));
  }

  private static Case weighed() {
    Graph.Builder graph = Graph.builder("weighed");
    Node x = graph.add("relu", new Op.Relu(), graph.input("x", 3, 8));
    Node weights = graph.input("weights", 8);
    return of("Weigh", graph.build(graph.add("weighed", new Op.Weigh(), x, weights)));
  }

  /** A value that several nodes read, one of them twice. */
  private static Case shared() {
    Graph.Builder graph = Graph.builder("shared");
    Node x = graph.add("a", new Op.Linear(4), graph.input("x", 3, 5));
    Node y = graph.add("relu", new Op.LeakyRelu(0.2), x);
    Node z = graph.add("add", new Op.Add(), x, y);
    return of("Add", graph.build(graph.add("twice", new Op.Add(), z, z)));
  }

  private static Case segmentation() {
    PyanNet network =
        new PyanNet(
            16000,
            10,
            8,
            51,
            10,
            List.of(new Op.Conv1d(7, 3, 1), new Op.Conv1d(6, 3, 1)),
            List.of(new Op.Lstm(6, 2, true)),
            List.of(8, 5),
            new Powerset(3, 2),
            PyanNet.WarmUp.NONE);
    Case c = of("PyanNet", network.graph(2500));
    return new Case(c.name, c.graph, c.batch, true, 0, WHOLE);
  }

  private static Case embedding() {
    WeSpeakerResNet34 network = new WeSpeakerResNet34(16000, 16, 4, List.of(1, 1, 1, 1), 6);
    Case c = of("WeSpeakerResNet34", network.graph(24, 2, 17));
    return new Case(c.name, c.graph, 3, true, 0, WHOLE);
  }

  /** A network, its inputs, and a loss that is a random combination of its outputs. */
  private static final class Bench implements AutoCloseable {
    final Case c;
    final Parameters parameters;
    final TrainableNetwork network;
    final float[][] inputs;
    final float[] combination;

    Bench(Case c, int threads) {
      this.c = c;
      parameters = Parameters.of(c.graph, Seeded.weights(c.graph, 1));
      network = new TrainableNetwork(c.graph, parameters, new Execution(threads, c.batch), true);
      List<Node> nodes = c.graph.inputs();
      inputs = new float[nodes.size()][];
      for (int i = 0; i < inputs.length; i++) {
        inputs[i] = Seeded.noise(c.batch * nodes.get(i).shape().size(), 10 + i);
        if (i == 1) { // masks
          for (int j = 0; j < inputs[i].length; j++) {
            inputs[i][j] = Math.abs(inputs[i][j]) < 1 ? 1 : 0;
          }
        }
      }
      combination = Seeded.noise(c.batch * c.graph.output().shape().size(), 20);
    }

    float[] output() {
      return c.training
          ? network.forward(c.batch, new Dropout(c.dropout, 3, 4), inputs)
          : network.evaluate(c.batch, inputs);
    }

    double loss() {
      float[] y = output();
      double sum = 0;
      for (int i = 0; i < y.length; i++) {
        sum += (double) y[i] * combination[i];
      }
      return sum;
    }

    void gradients() {
      parameters.clearGradients();
      output();
      network.backward(combination);
    }

    @Override
    public void close() {
      network.close();
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void gradientsAreThoseOfDifferences(Case c) {
    try (Bench bench = new Bench(c, 2)) {
      bench.gradients();
      float[] byInput = bench.network.inputGradient(c.graph.inputs().getFirst().name(), c.batch);
      for (Parameter parameter : bench.parameters.trainable()) {
        compare(bench, parameter.name(), parameter.value(), parameter.gradient().clone());
      }
      compare(bench, "input", bench.inputs[0], byInput);
    }
  }

  private static void compare(Bench bench, String what, float[] value, float[] gradient) {
    double norm = 0;
    for (float g : gradient) {
      norm += (double) g * g;
    }
    norm = Math.sqrt(norm);
    Random random = new Random(what.hashCode());
    // Where a bias stands before a norm its gradient is 0, and the difference is rounding.
    double tolerance = bench.c.epsilon == WHOLE ? WHOLE_TOLERANCE : TOLERANCE;
    double noise = 2e-3 * Math.sqrt(bench.combination.length);
    for (int i = 0; i < DIRECTIONS; i++) {
      float[] before = value.clone();
      double[] moved = new double[value.length];
      // Band edges alone are in hertz.
      double epsilon = what.equals("input") ? Math.min(bench.c.epsilon, EPSILON) : bench.c.epsilon;
      for (int j = 0; j < value.length; j++) {
        moved[j] = random.nextBoolean() ? epsilon : -epsilon;
        value[j] = (float) (before[j] + moved[j]);
      }
      double above = bench.loss();
      double expected = 0;
      for (int j = 0; j < value.length; j++) {
        double exact = value[j] - before[j]; // what is left of the step in float
        value[j] = (float) (before[j] - moved[j]);
        expected += gradient[j] * (exact + before[j] - value[j]);
      }
      double below = bench.loss();
      System.arraycopy(before, 0, value, 0, value.length);
      double difference = (above - below) / (2 * epsilon);
      assertEquals(
          expected / (2 * epsilon), difference, tolerance * norm + noise, bench.c + ": " + what);
    }
  }

  @Test
  void everyOpIsCompared() {
    Set<Class<?>> compared = new HashSet<>();
    cases().forEach(c -> c.graph.nodes().forEach(node -> compared.add(node.op().getClass())));
    assertEquals(Set.of(Op.class.getPermittedSubclasses()), compared);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void gradientsDoNotDependOnThreads(Case c) {
    try (Bench one = new Bench(c, 1);
        Bench three = new Bench(c, 3)) {
      for (int pass = 0; pass < 2; pass++) { // the second one finds used arrays in the pool
        one.gradients();
        three.gradients();
        for (Parameter parameter : one.parameters.all()) {
          Parameter other = three.parameters.get(parameter.name());
          assertArrayEquals(parameter.gradient(), other.gradient(), parameter.name());
          assertArrayEquals(parameter.value(), other.value(), parameter.name());
        }
        String input = c.graph.inputs().getFirst().name();
        assertArrayEquals(
            one.network.inputGradient(input, c.batch), three.network.inputGradient(input, c.batch));
      }
    }
  }

  @Test
  void frozenParametersGetNoGradientAndTheOthersTheSame() {
    try (Bench all = new Bench(segmentation(), 2)) {
      all.gradients();
      Parameters frozen = Parameters.of(all.c.graph, Seeded.weights(all.c.graph, 1));
      frozen.freeze("sincnet.*");
      frozen.freeze("linear.0.bias");
      TrainableNetwork network =
          new TrainableNetwork(all.c.graph, frozen, new Execution(2, all.c.batch));
      try (network) {
        network.forward(all.c.batch, Dropout.NONE, all.inputs);
        network.backward(all.combination);
      }
      for (Parameter parameter : frozen.all()) {
        boolean still =
            parameter.name().startsWith("sincnet.") || parameter.name().equals("linear.0.bias");
        float[] expected = all.parameters.get(parameter.name()).gradient();
        assertArrayEquals(
            still ? new float[expected.length] : expected, parameter.gradient(), parameter.name());
        assertEquals(!still, parameter.trainable(), parameter.name());
      }
    }
  }

  @Test
  void aSmallerBatchAfterALargerOneGivesWhatItGivesAlone() {
    aSmallerBatchGivesWhatItGivesAlone(segmentation());
    aSmallerBatchGivesWhatItGivesAlone(of("Conv2d", new Op.Conv2d(32, 3, 1, 1), 16, 5, 7));
  }

  private static void aSmallerBatchGivesWhatItGivesAlone(Case c) {
    try (Bench large = new Bench(c, 2);
        Bench small = new Bench(c, 2)) {
      large.gradients();
      large.parameters.clearGradients();
      float[] gradient = Arrays.copyOf(large.combination, large.combination.length / 2);
      for (Bench bench : List.of(large, small)) {
        bench.network.forward(1, Dropout.NONE, bench.inputs);
        bench.network.backward(gradient);
      }
      for (Parameter parameter : small.parameters.trainable()) {
        assertArrayEquals(
            parameter.gradient(),
            large.parameters.get(parameter.name()).gradient(),
            parameter.name());
      }
    }
  }
}
