package dev.diarist.nn.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PowersetTest {
  private final Powerset powerset = new Powerset(3, 2);

  @Test
  void setsAreOrderedBySizeThenLexicographically() {
    int[] sets = IntStream.range(0, powerset.classes()).map(powerset::set).toArray();
    assertArrayEquals(new int[] {0b000, 0b001, 0b010, 0b100, 0b011, 0b101, 0b110}, sets);
    assertEquals(11, new Powerset(4, 2).classes());
    assertEquals(8, new Powerset(3, 3).classes());
  }

  @Test
  void theFirstClassWinsATie() {
    float[] logProbabilities = {-2, -1, -3, -1, -4, -1, -2};
    byte[] active = new byte[1];
    powerset.toMultilabel(logProbabilities, 0, 1, active, 0);
    assertEquals(0b001, active[0]);
  }

  @Test
  void softMultilabelsAddTheClassesOfASpeaker() {
    float[] probabilities = {0.1f, 0.2f, 0.05f, 0.05f, 0.3f, 0.2f, 0.1f};
    float[] logProbabilities = new float[7];
    for (int p = 0; p < 7; p++) {
      logProbabilities[p] = (float) Math.log(probabilities[p]);
    }
    assertArrayEquals(
        new float[] {0.7f, 0.45f, 0.35f}, powerset.toSoftMultilabel(logProbabilities, 0), 1e-6f);
  }

  @Test
  void moreSpeakersThanAByteHoldsAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> new Powerset(9, 2));
    assertThrows(IllegalArgumentException.class, () -> new Powerset(3, 4));
  }
}
