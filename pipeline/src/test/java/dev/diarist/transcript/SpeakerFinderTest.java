package dev.diarist.transcript;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.diarist.Turn;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SpeakerFinderTest {

  @Test
  void whoSpeaksLongestInAllTheirTurnsIsFound() {
    SpeakerFinder finder =
        new SpeakerFinder(
            List.of(new Turn(0, 1, "a"), new Turn(1, 3, "b"), new Turn(3, 5, "a")), 0);
    assertEquals("a", finder.speaker(0.5, 4.75)); // 0.5 + 1.75 s against 2 s
    assertEquals("b", finder.speaker(0.5, 4.25)); // 0.5 + 1.25 s against 2 s
  }

  @Test
  void theNearestTurnCountsWithinTheLimitOnly() {
    SpeakerFinder finder =
        new SpeakerFinder(List.of(new Turn(0, 1, "a"), new Turn(2, 3, "b")), 0.5);
    assertEquals("a", finder.speaker(1.25, 1.375));
    assertEquals("b", finder.speaker(1.5, 1.75));
    assertEquals("b", finder.speaker(3.5, 4));
    assertNull(finder.speaker(3.75, 4));
    assertNull(new SpeakerFinder(List.of(), 10).speaker(0, 1));
  }

  @Test
  void whatTakesNoTimeIsInTheTurnAroundIt() {
    SpeakerFinder finder =
        new SpeakerFinder(List.of(new Turn(0, 10, "a"), new Turn(4, 5, "b")), 0.5);
    assertEquals("a", finder.speaker(2, 2));
    assertEquals("a", finder.speaker(4.5, 4.5)); // in both: the turn that starts first
  }

  @Test
  void aLongTurnIsFoundBehindManyShortOnes() {
    Random random = new Random(7);
    List<Turn> turns = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      double start = random.nextInt(1000) / 8.0;
      turns.add(new Turn(start, start + random.nextInt(1, 200) / 8.0, "s" + random.nextInt(5)));
    }
    SpeakerFinder finder = new SpeakerFinder(turns, 0);
    for (int i = 0; i < 500; i++) {
      double start = random.nextInt(1000) / 8.0;
      double end = start + random.nextInt(1, 50) / 8.0;
      Map<String, Double> overlaps = new HashMap<>();
      for (Turn turn : turns) {
        double overlap = Math.min(end, turn.endSeconds()) - Math.max(start, turn.startSeconds());
        if (overlap > 0) {
          overlaps.merge(turn.speaker(), overlap, Double::sum);
        }
      }
      String found = finder.speaker(start, end);
      double most = overlaps.values().stream().mapToDouble(s -> s).max().orElse(0);
      assertEquals(most, overlaps.getOrDefault(found, 0.0));
    }
  }

  @Test
  void theLimitIsANumberFromZero() {
    assertThrows(IllegalArgumentException.class, () -> new SpeakerFinder(List.of(), -1));
    assertThrows(IllegalArgumentException.class, () -> new SpeakerFinder(List.of(), Double.NaN));
  }
}
