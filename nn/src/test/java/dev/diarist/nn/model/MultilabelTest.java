package dev.diarist.nn.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class MultilabelTest {
  @Test
  void aSpeakerSpeaksFromAboveTheThresholdUntilBelowIt() {
    float[] probabilities = {
      0.6f, 0.7f, //
      0.7f, 0.6f,
      0.6f, 0.5f,
      0.5f, 0.6f,
      0.6f, Float.NaN,
      0.61f, 0.61f
    };
    byte[] active = new byte[7];
    new Multilabel(2).threshold(probabilities, 0, 6, 0.6, active, 1);
    // Exactly the threshold changes nothing, and nobody speaks before the first frame.
    assertArrayEquals(new byte[] {0, 0b10, 0b11, 0b01, 0, 0, 0b11}, active);
  }

  @Test
  void thereAreOneToEightSpeakersEachWithAnOutput() {
    assertEquals(3, new Multilabel(3).classes());
    assertThrows(IllegalArgumentException.class, () -> new Multilabel(0));
    assertThrows(IllegalArgumentException.class, () -> new Multilabel(9));
  }
}
