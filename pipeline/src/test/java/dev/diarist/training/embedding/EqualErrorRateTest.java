package dev.diarist.training.embedding;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class EqualErrorRateTest {
  @Test
  void pairsThatAThresholdTellsApartGiveNone() {
    assertEquals(0, EqualErrorRate.of(new double[] {0.8, 0.9}, new double[] {0.1, 0.7, 0.2}));
  }

  @Test
  void pairsThatAreTheWrongWayRoundAreAllErrors() {
    assertEquals(1, EqualErrorRate.of(new double[] {0.1, 0.2}, new double[] {0.8, 0.9}));
  }

  @Test
  void oneOfFourOnEachSideIsAQuarter() {
    double[] same = {0.9, 0.8, 0.7, 0.3};
    double[] different = {0.1, 0.2, 0.25, 0.75};
    assertEquals(0.25, EqualErrorRate.of(same, different));
  }

  @Test
  void whereNoThresholdMakesTheRatesEqualItIsHalfwayBetweenTheNearest() {
    // At 0.6 one of two is missed and one of three accepted.
    assertEquals(
        5 / 12.0, EqualErrorRate.of(new double[] {0.5, 0.9}, new double[] {0.1, 0.2, 0.6}), 1e-12);
  }
}
