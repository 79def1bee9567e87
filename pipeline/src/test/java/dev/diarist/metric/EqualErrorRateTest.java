package dev.diarist.metric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class EqualErrorRateTest {
  private static final double EXACT = 1e-12;

  @Test
  void isZeroForScoresThatDoNotOverlapAndOneForScoresTheWrongWayRound() {
    double[] low = {-1, 0, 0.1};
    double[] high = {0.2, 0.9};
    assertEquals(0, EqualErrorRate.of(high, low), EXACT);
    assertEquals(1, EqualErrorRate.of(low, high), EXACT);
  }

  @Test
  void countsOneMissAndOneFalseAcceptanceInFour() {
    double[] same = {0.9, 0.2, 0.7, 0.8};
    double[] different = {0.1, 0.6, 0.15, 0.0};
    assertEquals(0.25, EqualErrorRate.of(same, different), EXACT);
  }

  @Test
  void readsTheRateWhereTheLinesCross() {
    // (miss, false) goes from (0, 1/3) to (1/2, 1/3) at the score 1
    assertEquals(1.0 / 3, EqualErrorRate.of(new double[] {1, 3}, new double[] {0, 0, 2}), EXACT);
  }

  @Test
  void isOneHalfWhereAllScoresAreEqual() {
    assertEquals(0.5, EqualErrorRate.of(new double[] {1, 1, 1}, new double[] {1, 1}), EXACT);
    assertEquals(0.5, EqualErrorRate.of(new double[] {0.0}, new double[] {-0.0}), EXACT);
  }

  @Test
  void approachesTheRateOfTwoNormalDistributions() {
    // means 0 and 2, deviation 1: the threshold 1 leaves Φ(−1) = 0.158655 on either side
    SplittableRandom random = new SplittableRandom(7);
    double[] same = new double[200_000];
    double[] different = new double[200_000];
    for (int i = 0; i < same.length; i++) {
      same[i] = 2 + random.nextGaussian();
      different[i] = random.nextGaussian();
    }
    assertEquals(0.158655, EqualErrorRate.of(same, different), 0.003);
  }

  @Test
  void refusesNothingToCompareAndNumbersThatAreNotFinite() {
    double[] one = {1};
    assertThrows(IllegalArgumentException.class, () -> EqualErrorRate.of(new double[0], one));
    assertThrows(IllegalArgumentException.class, () -> EqualErrorRate.of(one, new double[0]));
    IllegalArgumentException error =
        assertThrows(
            IllegalArgumentException.class,
            () -> EqualErrorRate.of(one, new double[] {0, Double.NaN}));
    assertTrue(error.getMessage().contains("NaN at 1"), error.getMessage());
  }
}
