package dev.diarist.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.diarist.annotation.Annotation;
import dev.diarist.annotation.Segment;
import dev.diarist.annotation.Track;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TurnPlanTest {
  private static final int RATE = 16000;
  private static final TurnStatistics ASKED =
      new TurnStatistics(
          1,
          new TreeMap<>(Map.of(3, 1)),
          new Distribution(List.of(0.5, 2.0, 5.0, 15.0)),
          new Distribution(List.of(0.1, 0.6, 2.0)),
          new Distribution(List.of(0.0, 0.3, 1.5)),
          new Distribution(List.of(0.1, 0.5)),
          new Distribution(List.of(0.3, 0.5, 1.0)),
          0.35,
          0.3,
          0.6,
          0.03);

  private static List<PlannedTurn> plan(int speakers, int seconds, long seed) {
    int[] longest = new int[speakers];
    Arrays.fill(longest, 60 * RATE);
    return TurnPlan.of(ASKED, longest, seconds * RATE, new SplittableRandom(seed));
  }

  private static Annotation annotation(List<PlannedTurn> plan) {
    List<Track> tracks = new ArrayList<>();
    for (PlannedTurn turn : plan) {
      tracks.add(
          new Track(
              new Segment(turn.firstSample() / 16000.0, turn.endSample() / 16000.0),
              Integer.toString(tracks.size()),
              "speaker" + turn.speaker()));
    }
    return Annotation.of(tracks);
  }

  /** 40 conversations of half an hour, some 12,000 turns: tolerances are about three errors. */
  @Test
  void manyConversationsHaveTheStatisticsThatWereAskedFor() {
    List<Annotation> many = new ArrayList<>();
    for (int seed = 0; seed < 40; seed++) {
      many.add(annotation(plan(4, 1800, seed)));
    }
    TurnStatistics got = TurnStatistics.of(many);
    assertEquals(ASKED.sameShare(), got.sameShare(), 0.02);
    assertEquals(ASKED.overlapShare(), got.overlapShare(), 0.02);
    assertEquals(ASKED.returnShare(), got.returnShare(), 0.02);
    assertEquals(ASKED.backchannelsPerSecond(), got.backchannelsPerSecond(), 0.003);
    assertClose("turns", ASKED.turnSeconds(), got.turnSeconds(), 0.2);
    assertClose("same", ASKED.samePauseSeconds(), got.samePauseSeconds(), 0.04);
    assertClose("other", ASKED.otherPauseSeconds(), got.otherPauseSeconds(), 0.04);
    assertClose("overlaps", ASKED.overlapSeconds(), got.overlapSeconds(), 0.02);
    assertClose("backchannels", ASKED.backchannelSeconds(), got.backchannelSeconds(), 0.05);
  }

  private static void assertClose(
      String what, Distribution asked, Distribution got, double seconds) {
    assertEquals(asked.meanSeconds(), got.meanSeconds(), seconds, what + ", mean");
    for (double share : new double[] {0.1, 0.25, 0.5, 0.75, 0.9}) {
      assertEquals(
          asked.quantile(share), got.quantile(share), 2 * seconds, what + ", quantile " + share);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 6})
  void everybodySpeaksAndNobodyTwiceAtATime(int speakers) {
    for (int seed = 0; seed < 50; seed++) {
      List<PlannedTurn> plan = plan(speakers, 120, seed);
      assertEquals(speakers, plan.stream().map(PlannedTurn::speaker).distinct().count());
      for (PlannedTurn turn : plan) {
        assertTrue(turn.firstSample() >= 0 && turn.endSample() <= 120 * RATE, turn.toString());
        assertEquals(0, turn.firstSample() % TurnPlan.STEP_SAMPLES);
        assertEquals(0, turn.samples() % TurnPlan.STEP_SAMPLES);
        for (PlannedTurn other : plan) {
          assertFalse(
              turn != other && turn.speaker() == other.speaker() && turn.overlaps(other),
              turn + " and " + other);
        }
      }
    }
  }

  @Test
  void severalSpeakAtOnceSomewhere() {
    List<PlannedTurn> plan = plan(3, 120, 1);
    assertTrue(plan.stream().anyMatch(t -> plan.stream().anyMatch(o -> o != t && o.overlaps(t))));
  }

  @Test
  void noTurnIsLongerThanItsSpeakerCanSpeak() {
    int[] longest = {2 * RATE, 60 * RATE};
    List<PlannedTurn> plan = TurnPlan.of(ASKED, longest, 600 * RATE, new SplittableRandom(3));
    assertTrue(plan.stream().allMatch(t -> t.samples() <= longest[t.speaker()]));
    assertTrue(plan.stream().anyMatch(t -> t.speaker() == 1 && t.samples() > 2 * RATE));
  }

  @Test
  void theSameSeedPlansTheSame() {
    assertEquals(plan(4, 120, 5), plan(4, 120, 5));
    assertFalse(plan(4, 120, 5).equals(plan(4, 120, 6)));
  }
}
