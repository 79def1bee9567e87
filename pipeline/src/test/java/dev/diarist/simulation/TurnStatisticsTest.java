package dev.diarist.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.diarist.annotation.Annotation;
import dev.diarist.annotation.Segment;
import dev.diarist.annotation.Track;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TurnStatisticsTest {
  @TempDir private Path folder;

  /** Turns as {@code speaker start end}. */
  private static Annotation annotation(String... turns) {
    List<Track> tracks = new ArrayList<>();
    for (String turn : turns) {
      String[] words = turn.split(" ");
      Segment segment = new Segment(Double.parseDouble(words[1]), Double.parseDouble(words[2]));
      tracks.add(new Track(segment, Integer.toString(tracks.size()), words[0]));
    }
    return Annotation.of(tracks);
  }

  /** A pauses, B overlaps him, C says yes to B, A returns after a pause, C follows. */
  private static final Annotation MEETING =
      annotation("A 0 2", "A 2.5 6", "B 5 10", "C 7 8", "A 11 12", "C 12.25 13");

  @Test
  void turnsPausesOverlapsAndBackchannelsAreToldApart() {
    TurnStatistics statistics = TurnStatistics.of(List.of(MEETING));
    assertEquals(0.5, statistics.samePauseSeconds().meanSeconds(), 1e-9);
    assertEquals(1, statistics.overlapSeconds().meanSeconds(), 1e-9);
    assertEquals(0.25, statistics.otherPauseSeconds().quantile(0), 1e-9);
    assertEquals(1, statistics.otherPauseSeconds().quantile(1), 1e-9);
    assertEquals(1, statistics.backchannelSeconds().meanSeconds(), 1e-9);
    assertEquals(5, statistics.turnSeconds().quantile(1), 1e-9);
    assertEquals(0.75, statistics.turnSeconds().quantile(0), 1e-9);
    assertEquals(1.0 / 4, statistics.sameShare());
    assertEquals(1.0 / 3, statistics.overlapShare());
    assertEquals(1.0 / 2, statistics.returnShare()); // A after B after A; C did not return
    assertEquals(1 / (2 + 3.5 + 5 + 1 + 0.75), statistics.backchannelsPerSecond(), 1e-9);
    assertEquals(Map.of(3, 1), statistics.speakers());
  }

  @Test
  void turnsOfOneSpeakerThatTouchAreOne() {
    TurnStatistics statistics =
        TurnStatistics.of(List.of(annotation("A 0 2", "A 2 4", "B 5 6", "A 7 9")));
    assertEquals(0, statistics.sameShare());
    assertEquals(4, statistics.turnSeconds().quantile(1), 1e-9);
  }

  @Test
  void recordingsOfOneSpeakerSayNothingOfTurns() {
    Annotation alone = annotation("A 0 100", "A 101 200");
    assertEquals(
        TurnStatistics.of(List.of(MEETING)).turnSeconds(),
        TurnStatistics.of(List.of(alone, MEETING)).turnSeconds());
    assertThrows(IllegalArgumentException.class, () -> TurnStatistics.of(List.of(alone)));
  }

  @Test
  void aFileOfStatisticsHoldsThemInMilliseconds() throws Exception {
    Path file = folder.resolve("turns.yml");
    TurnStatistics statistics = TurnStatistics.of(List.of(MEETING));
    TurnStatisticsFile.write(statistics, file);
    TurnStatistics read = TurnStatisticsFile.open(file.toString());
    assertEquals(statistics.sameShare(), read.sameShare());
    assertEquals(statistics.speakers(), read.speakers());
    for (int i = 0; i <= 100; i++) {
      assertEquals(
          statistics.turnSeconds().quantile(i / 100.0),
          read.turnSeconds().quantile(i / 100.0),
          5.001e-4);
    }
  }

  @Test
  void aFileOfSomethingElseIsRefusedByFileAndEntry() throws Exception {
    Path file = folder.resolve("turns.yml");
    TurnStatisticsFile.write(TurnStatistics.of(List.of(MEETING)), file);
    String text = Files.readString(file);
    assertEquals(
        file + ": same_share must be from 0 to 1, got 7.0",
        refusal(file, text.replace("same_share: 0.25", "same_share: 7")));
    assertEquals(
        file + ": statistics of turn-taking have no entry turns",
        refusal(file, text + "turns: 3\n"));
    assertEquals(
        file + ": overlap_share must be a number, found nothing",
        refusal(file, text.replaceFirst("overlap_share: .*\n", "")));
    String fell =
        refusal(file, text.replace("same_pause_seconds:\n", "same_pause_seconds:\n- 9\n"));
    assertTrue(fell.startsWith(file + ": same_pause_seconds: quantiles must be finite"), fell);
  }

  private static String refusal(Path file, String text) throws IOException {
    Files.writeString(file, text);
    return assertThrows(SimulationException.class, () -> TurnStatisticsFile.read(file))
        .getMessage();
  }
}
