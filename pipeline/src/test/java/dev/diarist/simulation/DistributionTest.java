package dev.diarist.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class DistributionTest {
  private static final Distribution RAMP = new Distribution(List.of(1.0, 2.0, 4.0));

  @Test
  void quantilesAreLinearBetweenThoseThatAreKnown() {
    assertEquals(1, RAMP.quantile(0));
    assertEquals(1.5, RAMP.quantile(0.25));
    assertEquals(3, RAMP.quantile(0.75));
    assertEquals(4, RAMP.quantile(1));
    assertEquals((1.5 + 3) / 2, RAMP.meanSeconds());
  }

  @Test
  void theShareUpToADurationIsTheInverseOfItsQuantile() {
    assertEquals(0, RAMP.shareUpTo(0.9));
    assertEquals(0.25, RAMP.shareUpTo(1.5));
    assertEquals(0.75, RAMP.shareUpTo(3));
    assertEquals(1, RAMP.shareUpTo(4));
  }

  @Test
  void measuredDurationsGiveTheQuantilesOfNumpy() {
    Distribution measured = Distribution.of(List.of(4.0, 1.0, 2.0));
    assertEquals(1.5, measured.quantile(0.25), 1e-12); // numpy.quantile([1, 2, 4], 0.25)
    assertEquals(2.2, measured.quantile(0.55), 1e-12);
    assertEquals(0, Distribution.of(List.of()).meanSeconds());
  }

  @Test
  void drawsUpToALimitAreDistributedAsThoseThatRespectIt() {
    SplittableRandom random = new SplittableRandom(1);
    double[] drawn = DoubleStream.generate(() -> RAMP.draw(3, random)).limit(20_000).toArray();
    assertTrue(DoubleStream.of(drawn).allMatch(d -> d >= 1 && d <= 3));
    // Two thirds lie evenly in [1, 2], one third in [2, 3]; 0.012 is three standard errors.
    assertEquals(2.0 / 3 * 1.5 + 1.0 / 3 * 2.5, DoubleStream.of(drawn).average().orElse(0), 0.012);
  }

  @Test
  void aLimitBelowAllIsDrawnItself() {
    assertEquals(0.5, RAMP.draw(0.5, new SplittableRandom(1)));
  }

  @Test
  void quantilesThatFallAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> new Distribution(List.of(2.0, 1.0)));
    assertThrows(IllegalArgumentException.class, () -> new Distribution(List.of(0.0, Double.NaN)));
    assertThrows(IllegalArgumentException.class, () -> new Distribution(List.of(1.0)));
  }
}
