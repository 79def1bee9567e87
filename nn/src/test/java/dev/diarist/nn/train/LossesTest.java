package dev.diarist.nn.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.diarist.nn.model.Powerset;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class LossesTest {
  private static final Powerset POWERSET = new Powerset(3, 2);

  /** The first permutation of three of the smallest cost. */
  static int[] firstBest(double[][] cost) {
    int[][] permutations = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
    int[] best = null;
    double lowest = Double.POSITIVE_INFINITY;
    for (int[] p : permutations) {
      double sum = cost[0][p[0]] + cost[1][p[1]] + cost[2][p[2]];
      if (sum < lowest) {
        lowest = sum;
        best = p;
      }
    }
    return best;
  }

  /** Log-probabilities of which one class of each frame has 0.7, the others 0.05. */
  private static float[] sure(int... classes) {
    float[] logProbabilities = new float[classes.length * 7];
    Arrays.fill(logProbabilities, (float) Math.log(0.05));
    for (int f = 0; f < classes.length; f++) {
      logProbabilities[f * 7 + classes[f]] = (float) Math.log(0.7);
    }
    return logProbabilities;
  }

  @Test
  void speakersOfTheTargetArePutInTheOrderOfThePrediction() {
    PowersetLoss loss = new PowersetLoss(POWERSET, LossesTest::firstBest, false);
    float[] predicted = sure(0, 1, 1, 2, 4); // ∅, {0}, {0}, {1}, {0,1}
    byte[] targets = {0, 0b100, 0b100, 0b001, 0b101}; // the same with 0 as 2 and 1 as 0
    assertArrayEquals(new byte[] {0, 1, 1, 2, 3}, loss.permuted(predicted, targets, 5));
    assertEquals(-Math.log(0.7), loss.of(predicted, targets, 5, null).value(), 1e-6);
  }

  @Test
  void eachChunkHasAnOrderOfItsOwn() {
    PowersetLoss loss = new PowersetLoss(POWERSET, LossesTest::firstBest, false);
    float[] predicted = sure(1, 1, 2, 2);
    byte[] targets = {0b100, 0b100, 0b001, 0b001};
    assertArrayEquals(new byte[] {1, 1, 2, 2}, loss.permuted(predicted, targets, 2));
  }

  @Test
  void gradientsFallOnTheTargetClassAndFollowWeights() {
    PowersetLoss plain = new PowersetLoss(POWERSET, LossesTest::firstBest, false);
    byte[] targets = {0, 0b001, 0b011};
    float[] predicted = sure(0, 1, 4);
    float[] expected = new float[21];
    expected[0] = -0.25f;
    expected[7 + 1] = -0.25f;
    expected[14 + 4] = -0.5f;
    float[] weights = {1, 1, 2};
    assertArrayEquals(expected, plain.of(predicted, targets, 3, weights).gradient(), 1e-7f);

    PowersetLoss weighted = new PowersetLoss(POWERSET, LossesTest::firstBest, true);
    float[] byCardinality = weighted.of(predicted, targets, 3, null).gradient();
    assertEquals(-1 / 3f, byCardinality[7 + 1], 1e-7f);
    assertEquals(-2 / 3f, byCardinality[14 + 4], 1e-7f);
  }

  @Test
  void framesWithMoreSpeakersThanAClassHoldsBecomeTheFirstOfTheirPairs() {
    assertEquals(4, POWERSET.classOf(0b111));
    assertEquals(0, POWERSET.classOf(0));
    for (int p = 0; p < POWERSET.classes(); p++) {
      assertEquals(p, POWERSET.classOf(POWERSET.set(p)));
    }
  }

  @Test
  void frameErrorsAreCountedAfterMatching() {
    byte[] targets = {0b001, 0b001, 0b011, 0b010, 0, 0b010};
    byte[] predicted = {0b100, 0b100, 0b100, 0b100, 0b001, 0b001};
    // Speaker 2 is target 0, speaker 0 is target 1.
    FrameErrors errors = FrameErrors.of(predicted, targets, 6, 3, LossesTest::firstBest);
    assertEquals(new FrameErrors(1, 1, 1, 6), errors);
    assertEquals(3 / 6.0, errors.errorRate(), 1e-6);
    assertEquals(new FrameErrors(2, 2, 2, 12), errors.plus(errors));
  }

  @Test
  void aMarginOfZeroIsASoftmaxOverCosines() {
    AngularMarginLoss loss = new AngularMarginLoss(2, 1, 2, 2, 1);
    Parameter centres = loss.parameters().get("loss.weight");
    System.arraycopy(new float[] {3, 0, 0, 5}, 0, centres.value(), 0, 4);
    // cos = 0.6 and 0.8, times 2
    double expected = -Math.log(Math.exp(1.2) / (Math.exp(1.2) + Math.exp(1.6)));
    assertEquals(expected, loss.of(new float[] {6, 8}, new int[] {0}, 0).value(), 1e-6);
  }

  @Test
  void theMarginIsAddedToTheAngle() {
    AngularMarginLoss loss = new AngularMarginLoss(2, 1, 2, 2, 1);
    Parameter centres = loss.parameters().get("loss.weight");
    System.arraycopy(new float[] {3, 0, 0, 5}, 0, centres.value(), 0, 4);
    double phi = 2 * Math.cos(Math.acos(0.6) + 0.3);
    double expected = -Math.log(Math.exp(phi) / (Math.exp(phi) + Math.exp(1.6)));
    assertEquals(expected, loss.of(new float[] {6, 8}, new int[] {0}, 0.3).value(), 1e-6);
    // Opposite to its centre the angle cannot grow: cos θ − m·sin(π − m).
    double beyond = 2 * (-1 - 0.3 * Math.sin(Math.PI - 0.3));
    double far = -Math.log(Math.exp(beyond) / (Math.exp(beyond) + 1));
    assertEquals(far, loss.of(new float[] {-2, 0}, new int[] {0}, 0.3).value(), 1e-6);
  }

  @Test
  void theNearestCentreOfASpeakerCounts() {
    AngularMarginLoss loss = new AngularMarginLoss(2, 2, 2, 1, 1);
    Parameter centres = loss.parameters().get("loss.weight");
    System.arraycopy(new float[] {1, 0, 0, 1, -1, 0, 0, -1}, 0, centres.value(), 0, 8);
    double expected = -Math.log(Math.exp(0.8) / (Math.exp(0.8) + Math.exp(-0.6)));
    assertEquals(expected, loss.of(new float[] {0.6f, 0.8f}, new int[] {0}, 0).value(), 1e-6);
  }

  @Test
  void angularGradientsAreThoseOfDifferences() {
    AngularMarginLoss loss = new AngularMarginLoss(5, 3, 4, 8, 7);
    Parameter centres = loss.parameters().get("loss.weight");
    float[] x = Seeded.noise(6 * 4, 3);
    int[] labels = {0, 1, 2, 3, 4, 0};
    loss.parameters().clearGradients();
    float[] byInput = loss.of(x, labels, 0.2).gradient();
    float[] byCentre = centres.gradient().clone();
    compare(loss, labels, x, x, byInput);
    compare(loss, labels, x, centres.value(), byCentre);
  }

  private static void compare(
      AngularMarginLoss loss, int[] labels, float[] x, float[] value, float[] gradient) {
    float epsilon = 1e-3f;
    for (int i = 0; i < value.length; i++) {
      float before = value[i];
      value[i] = before + epsilon;
      double above = loss.of(x, labels, 0.2).value();
      value[i] = before - epsilon;
      double below = loss.of(x, labels, 0.2).value();
      value[i] = before;
      assertEquals((above - below) / (2 * epsilon), gradient[i], 2e-3, "value " + i);
    }
  }
}
