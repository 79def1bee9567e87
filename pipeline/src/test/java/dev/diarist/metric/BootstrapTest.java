package dev.diarist.metric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.diarist.metric.Bootstrap.Interval;
import dev.diarist.metric.Bootstrap.PairedInterval;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BootstrapTest {
  private final Random random = new Random(5);

  private static Score errors(double total, double missed) {
    return new Score(
        Metric.DIARIZATION_ERROR_RATE, new double[] {total, total - missed, 0, missed, 0});
  }

  @Test
  void theIntervalOfEqualRecordingsIsAPoint() {
    Interval interval = Bootstrap.DEFAULT.interval(List.of(errors(8, 2), errors(4, 1)));
    assertEquals(new Interval(0.25, 0.25, 0.25), interval);
  }

  @Test
  void theIntervalOfManyRecordingsIsThatOfTheNormalDistribution() {
    List<Score> scores = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      scores.add(errors(1, random.nextBoolean() ? 0.5 : 0.1));
    }
    Interval interval = Bootstrap.DEFAULT.interval(scores);
    // Rates of 0.1 and 0.5 have a deviation of 0.2; of the mean of 400, 0.01.
    assertEquals(1.96 * 0.01, interval.upper() - interval.value(), 0.002);
    assertEquals(1.96 * 0.01, interval.value() - interval.lower(), 0.002);
  }

  @Test
  void aSmallDifferenceOnEveryRecordingIsCertainWhenPaired() {
    List<Score> first = new ArrayList<>();
    List<Score> second = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      double missed = random.nextDouble();
      first.add(errors(2, missed));
      second.add(errors(2, missed - 0.02 * random.nextDouble()));
    }
    PairedInterval paired = Bootstrap.DEFAULT.paired(first, second);
    assertTrue(paired.difference().upper() < 0, paired::toString);
    assertEquals(1, paired.shareBelowZero());
    Interval alone = Bootstrap.DEFAULT.interval(first);
    assertTrue(
        alone.upper() - alone.lower()
            > 10 * (paired.difference().upper() - paired.difference().lower()));
  }

  @Test
  void noDifferenceCountsHalf() {
    List<Score> scores = List.of(errors(8, 2), errors(4, 3), errors(5, 0));
    assertEquals(0.5, Bootstrap.DEFAULT.paired(scores, scores).shareBelowZero());
  }

  @Test
  void theSeedDecides() {
    List<Score> scores = List.of(errors(8, 2), errors(4, 3), errors(5, 0), errors(9, 1));
    Bootstrap few = new Bootstrap(0.9, 50, 3);
    assertEquals(few.interval(scores), new Bootstrap(0.9, 50, 3).interval(scores));
    assertTrue(!few.interval(scores).equals(new Bootstrap(0.9, 50, 4).interval(scores)));
  }

  @Test
  void recordingsThatDoNotPairAreRefused() {
    assertThrows(
        IllegalArgumentException.class,
        () -> Bootstrap.DEFAULT.paired(List.of(errors(1, 0)), List.of()));
    assertThrows(IllegalArgumentException.class, () -> Bootstrap.DEFAULT.interval(List.of()));
  }
}
