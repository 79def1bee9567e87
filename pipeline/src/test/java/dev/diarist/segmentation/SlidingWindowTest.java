package dev.diarist.segmentation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.diarist.annotation.Segment;
import org.junit.jupiter.api.Test;

class SlidingWindowTest {
  private static final SlidingWindow FRAMES = new SlidingWindow(0, 0.0619375, 0.016875);

  @Test
  void windowStartsAfterItsSteps() {
    assertEquals(
        new Segment(1 + 3 * 0.1, (1 + 3 * 0.1) + 0.5), new SlidingWindow(1, 0.5, 0.1).segment(3));
  }

  @Test
  void middleOfTheFirstFrameIsHalfItsDuration() {
    assertEquals(0.03096875, FRAMES.middleSeconds(0));
  }

  @Test
  void closestFrameRoundsHalfToEven() {
    SlidingWindow unit = new SlidingWindow(0, 2, 1);
    assertEquals(0, unit.closestFrame(1.5));
    assertEquals(2, unit.closestFrame(2.5));
    assertEquals(2, unit.closestFrame(3.5));
    assertEquals(-2, unit.closestFrame(-0.5));
  }

  @Test
  void aStepOfZeroIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> new SlidingWindow(0, 1, 0));
    assertThrows(IllegalArgumentException.class, () -> new SlidingWindow(0, Double.NaN, 1));
  }
}
