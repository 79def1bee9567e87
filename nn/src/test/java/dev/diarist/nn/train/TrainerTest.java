package dev.diarist.nn.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.diarist.nn.backend.Execution;
import dev.diarist.nn.graph.Graph;
import dev.diarist.nn.graph.Node;
import dev.diarist.nn.graph.Op;
import dev.diarist.nn.graph.Shape;
import dev.diarist.nn.weights.SafeTensors;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainerTest {
  private static final int BATCH = 4;

  private static Graph graph() {
    Graph.Builder graph = Graph.builder("small");
    Node x = graph.input("x", 3, 12);
    x = graph.add("norm", new Op.BatchNorm(1e-5), x);
    x = graph.add("rearrange", new Op.Transpose(), x);
    x = graph.add("lstm", new Op.Lstm(5, 2, true), x);
    return graph.build(graph.add("linear", new Op.Linear(2), x));
  }

  private static Trainer.Settings settings(double dropout, double averageDecay) {
    return new Trainer.Settings(
        new Adam.Settings(0.9, 0.999, 1e-8, 0.01, true),
        0.01,
        new Schedule.Cosine(20, 2),
        1,
        dropout,
        averageDecay,
        42);
  }

  /** A training of the small network towards fixed outputs. */
  private static final class Training implements AutoCloseable {
    final Parameters parameters = Parameters.of(graph(), Seeded.weights(graph(), 5));
    final TrainableNetwork network;
    final Trainer trainer;

    Training(int threads, Trainer.Settings settings) {
      network = new TrainableNetwork(graph(), parameters, new Execution(threads, BATCH));
      trainer = new Trainer(network, settings);
    }

    Trainer.Step step(long number) {
      float[] x = Seeded.noise(BATCH * 36, (int) (number % 3));
      float[] wanted = Seeded.noise(BATCH * 24, 100 + (int) (number % 3));
      return trainer.step(BATCH, y -> squares(y, wanted), x);
    }

    private static LossValue squares(float[] y, float[] wanted) {
      double sum = 0;
      float[] gradient = new float[y.length];
      for (int i = 0; i < y.length; i++) {
        sum += (y[i] - wanted[i]) * (y[i] - wanted[i]) / y.length;
        gradient[i] = 2 * (y[i] - wanted[i]) / y.length;
      }
      return new LossValue(sum, gradient);
    }

    @Override
    public void close() {
      network.close();
    }
  }

  @Test
  void aResumedTrainingGoesOnBitForBit(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("checkpoint.safetensors");
    try (Training whole = new Training(2, settings(0.3, 0.9));
        Training first = new Training(1, settings(0.3, 0.9));
        Training second = new Training(3, settings(0.3, 0.9))) {
      for (int i = 0; i < 8; i++) {
        whole.step(i);
      }
      for (int i = 0; i < 4; i++) {
        first.step(i);
      }
      first.trainer.save(file, Map.of("epoch", "1"));
      assertEquals(Map.of("epoch", "1"), second.trainer.resume(file));
      assertEquals(4, second.trainer.steps());
      for (int i = 4; i < 8; i++) {
        second.step(i);
      }
      assertSame(whole.parameters, second.parameters);
      whole.trainer.average().orElseThrow().swap();
      second.trainer.average().orElseThrow().swap();
      assertSame(whole.parameters, second.parameters);
      assertEquals(8, whole.parameters.get("norm.num_batches_tracked").value()[0]);
    }
  }

  private static void assertSame(Parameters expected, Parameters actual) {
    for (Parameter parameter : expected.all()) {
      assertArrayEquals(parameter.value(), actual.get(parameter.name()).value(), parameter.name());
    }
  }

  @Test
  void aCheckpointOfAnotherSeedIsRefused(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("checkpoint.safetensors");
    Trainer.Settings other =
        new Trainer.Settings(Adam.Settings.DEFAULT, 0.01, new Schedule.Constant(0), 1, 0, 0, 43);
    try (Training training = new Training(1, settings(0, 0));
        Training stranger = new Training(1, other)) {
      training.trainer.save(file, Map.of());
      Exception refused =
          assertThrows(IllegalArgumentException.class, () -> stranger.trainer.resume(file));
      assertTrue(refused.getMessage().contains("seed 42"), refused.getMessage());
    }
  }

  @Test
  void stepsLowerTheLoss() {
    try (Training training = new Training(2, settings(0, 0))) {
      double before = training.step(0).loss();
      for (int i = 0; i < 15; i++) {
        training.step(0);
      }
      double after = training.step(0).loss();
      assertTrue(after < 0.8 * before, before + " → " + after);
    }
  }

  @Test
  void aLossThatIsNotFiniteChangesNothing() {
    try (Training training = new Training(1, settings(0, 0))) {
      float[] before = training.parameters.get("linear.weight").value().clone();
      float[] x = Seeded.noise(BATCH * 36, 1);
      Trainer.Step step =
          training.trainer.step(BATCH, y -> new LossValue(Double.NaN, new float[y.length]), x);
      assertFalse(step.taken());
      assertArrayEquals(before, training.parameters.get("linear.weight").value());
      assertEquals(0, training.trainer.steps());
    }
  }

  @Test
  void weightsAreStoredAsTheyWereRead(@TempDir Path folder) throws IOException {
    Graph graph = graph();
    Parameters parameters = Parameters.of(graph, Seeded.weights(graph, 5));
    Path file = folder.resolve("weights.safetensors");
    SafeTensors.write(file, parameters.weights(Map.of("made", "here")));
    assertEquals("I64", SafeTensors.read(file).tensor("norm.num_batches_tracked").type().name());
    assertSame(parameters, Parameters.of(graph, SafeTensors.read(file)));
  }

  /** Against the formula, evaluated in double. */
  @Test
  void adamStepsAreThoseOfTheFormula() {
    Parameter parameter = Parameter.learned("p", Shape.of(2), new float[] {1, -2});
    Adam.Settings settings = new Adam.Settings(0.9, 0.99, 1e-8, 0.1, true);
    Adam adam = new Adam(List.of(parameter), settings);
    double[] value = {1, -2};
    double[] m = new double[2];
    double[] v = new double[2];
    for (int t = 1; t <= 3; t++) {
      for (int i = 0; i < 2; i++) {
        double g = i == 0 ? 0.5 * value[0] : 3.0 / t;
        parameter.gradient()[i] = i == 0 ? 0.5f * parameter.value()[0] : 3f / t;
        value[i] *= 1 - 0.01 * 0.1;
        m[i] = 0.9 * m[i] + 0.1 * g;
        v[i] = 0.99 * v[i] + 0.01 * g * g;
        double unbiased = m[i] / (1 - Math.pow(0.9, t));
        value[i] -= 0.01 * unbiased / (Math.sqrt(v[i] / (1 - Math.pow(0.99, t))) + 1e-8);
      }
      adam.step(0.01);
      assertEquals(value[0], parameter.value()[0], 1e-6);
      assertEquals(value[1], parameter.value()[1], 1e-6);
    }
  }

  @Test
  void decayThatIsNotDecoupledIsPartOfTheGradient() {
    Parameter parameter = Parameter.learned("p", Shape.of(1), new float[] {2});
    new Adam(List.of(parameter), new Adam.Settings(0.9, 0.99, 1e-8, 0.1, false)).step(0.5);
    // The gradient is 0.1 · 2, and the first step of Adam is the whole rate.
    assertEquals(1.5, parameter.value()[0], 1e-6);
  }

  @Test
  void gradientsAreClippedTogether() {
    Parameter a = Parameter.learned("a", Shape.of(1), new float[1]);
    Parameter b = Parameter.learned("b", Shape.of(2), new float[2]);
    a.gradient()[0] = 3;
    b.gradient()[1] = -4;
    assertEquals(5, Gradients.clip(List.of(a, b), 10), 1e-9);
    assertEquals(3, a.gradient()[0]);
    assertEquals(5, Gradients.clip(List.of(a, b), 2.5), 1e-9);
    assertEquals(1.5, a.gradient()[0], 1e-5);
    assertEquals(-2, b.gradient()[1], 1e-5);
  }

  @Test
  void schedulesRiseAndFall() {
    Schedule cosine = new Schedule.Cosine(20, 0);
    assertEquals(1, cosine.factor(0), 1e-12);
    assertEquals(0.5, cosine.factor(10), 1e-12);
    assertEquals(0, cosine.factor(20), 1e-12);
    Schedule warmed = new Schedule.Cosine(14, 4);
    assertEquals(0, warmed.factor(0));
    assertEquals(0.75, warmed.factor(3));
    assertEquals(1, warmed.factor(4), 1e-12);
    assertEquals(0.5, warmed.factor(9), 1e-12);
    assertEquals(0.5, new Schedule.Linear(14, 4).factor(9), 1e-12);
    assertEquals(0.25, new Schedule.Constant(4).factor(1), 1e-12);
    assertEquals(1, new Schedule.Constant(4).factor(9));
  }

  @Test
  void dropoutFollowsFromSeedPassLayerAndExample() {
    float[] ones = new float[4000];
    Arrays.fill(ones, 1);
    float[] a = dropped(new Dropout(0.25, 1, 0), 0, 0, ones);
    assertArrayEquals(a, dropped(new Dropout(0.25, 1, 0), 0, 0, ones));
    for (float[] other :
        List.of(
            dropped(new Dropout(0.25, 2, 0), 0, 0, ones),
            dropped(new Dropout(0.25, 1, 1), 0, 0, ones),
            dropped(new Dropout(0.25, 1, 0), 1, 0, ones),
            dropped(new Dropout(0.25, 1, 0), 0, 1, ones))) {
      assertNotEquals(Arrays.hashCode(a), Arrays.hashCode(other));
    }
    double sum = 0;
    for (float value : a) {
      assertTrue(value == 0 || value == 1 / 0.75f);
      sum += value;
    }
    assertEquals(4000, sum, 150); // four deviations of a binomial: 4·√(4000·¼·¾)/¾
  }

  private static float[] dropped(Dropout dropout, int layer, int example, float[] values) {
    float[] to = new float[values.length];
    dropout.apply(layer, example, values, to, 0, values.length);
    return to;
  }

  @Test
  void anOrderIsAPermutationThatChangesWithTheEpoch() {
    int[] first = Trainer.order(42, 0, 100);
    int[] sorted = first.clone();
    Arrays.sort(sorted);
    for (int i = 0; i < 100; i++) {
      assertEquals(i, sorted[i]);
    }
    assertArrayEquals(first, Trainer.order(42, 0, 100));
    assertNotEquals(Arrays.toString(first), Arrays.toString(Trainer.order(42, 1, 100)));
    assertNotEquals(Arrays.toString(first), Arrays.toString(Trainer.order(43, 0, 100)));
  }

  @Test
  void anAverageFollowsSlowly() {
    Parameter parameter = Parameter.learned("p", Shape.of(1), new float[] {1});
    MovingAverage average = new MovingAverage(List.of(parameter), 0.75);
    parameter.value()[0] = 5;
    average.update();
    average.swap();
    assertEquals(2, parameter.value()[0]);
    average.swap();
    assertEquals(5, parameter.value()[0]);
  }

  @Test
  void stoppingWaitsForItsPatience() {
    EarlyStopping stopping = EarlyStopping.after(2, 0.1);
    stopping = stopping.with(1.0);
    assertTrue(stopping.improved());
    stopping = stopping.with(0.95); // not better by 0.1
    assertFalse(stopping.improved() || stopping.over());
    stopping = stopping.with(Double.NaN);
    assertTrue(stopping.over());
    assertEquals(0, EarlyStopping.after(2, 0.1).with(1.0).with(0.95).with(0.5).waited());
  }
}
