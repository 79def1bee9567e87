package dev.diarist.annotation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.diarist.Turn;
import dev.diarist.segmentation.SlidingWindow;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class RttmTest {

  @Test
  void eachTurnIsALine() throws IOException {
    StringBuilder rttm = new StringBuilder();
    Rttm.write(
        List.of(new Turn(0.03096875, 1.5, "SPEAKER_00"), new Turn(1, 100.25, "b")), "talk", rttm);
    assertEquals(
        """
        SPEAKER talk 1 0.031 1.469 <NA> <NA> SPEAKER_00 <NA> <NA>
        SPEAKER talk 1 1.000 99.250 <NA> <NA> b <NA> <NA>
        """,
        rttm.toString());
  }

  @Test
  void silenceIsAnEmptyFile() throws IOException {
    StringBuilder rttm = new StringBuilder();
    Rttm.write(List.of(), "talk", rttm);
    assertEquals("", rttm.toString());
  }

  @Test
  void aMissingNameIsWrittenAsNotAvailable() throws IOException {
    StringBuilder rttm = new StringBuilder();
    Rttm.write(List.of(new Turn(0, 1, "a")), null, rttm);
    assertEquals("SPEAKER <NA> 1 0.000 1.000 <NA> <NA> a <NA> <NA>\n", rttm.toString());
  }

  @Test
  void whiteSpaceInANameIsRefused() {
    List<Turn> turns = List.of(new Turn(0, 1, "a"));
    assertThrows(
        IllegalArgumentException.class, () -> Rttm.write(turns, "my talk", new StringBuilder()));
    assertThrows(
        IllegalArgumentException.class,
        () -> Rttm.write(List.of(new Turn(0, 1, "a\tb")), "talk", new StringBuilder()));
  }

  @Test
  void fourFramesRoundDownAsOftenAsTheirDoubleDoes() {
    SlidingWindow frames = new SlidingWindow(0, 0.0619375, 0.016875);
    int down = 0;
    int up = 0;
    for (int i = 0; i < 3000; i++) {
      double duration = frames.middleSeconds(i + 4) - frames.middleSeconds(i);
      switch (Rttm.threeDecimals(duration)) {
        case "0.067" -> down++;
        case "0.068" -> up++;
        default -> throw new AssertionError(duration);
      }
    }
    assertEquals(1649, down);
    assertEquals(1351, up);
  }

  @Test
  void theExactBinaryValueIsRoundedNotItsShortestDecimal() {
    assertEquals("0.001", Rttm.threeDecimals(0.0005)); // 0.00050000000000000001
    assertEquals("0.003", Rttm.threeDecimals(0.0025)); // 0.00250000000000000005
    assertEquals("1.000", Rttm.threeDecimals(1.0005)); // 1.00049999999999994
  }

  @Test
  void exactHalvesRoundToEven() {
    assertEquals("0.062", Rttm.threeDecimals(0.0625));
    assertEquals("0.188", Rttm.threeDecimals(0.1875));
    assertEquals("86400.000", Rttm.threeDecimals(86400));
  }
}
