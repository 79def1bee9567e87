package dev.diarist.nn.signal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class SincFiltersTest {
  private static final int HALF = 125;

  private static float[] filters(float lowHz, float bandHz) {
    float[] window = new float[HALF];
    float[] n = new float[HALF];
    for (int i = 0; i < HALF; i++) {
      window[i] = (float) (0.54 - 0.46 * Math.cos(2 * Math.PI * i / 250));
      n[i] = (float) (2 * Math.PI * (i - HALF) / 16000);
    }
    return SincFilters.of(new float[] {lowHz}, new float[] {bandHz}, window, n, 16000);
  }

  /** Magnitude of the response of one filter at a frequency. */
  private static double gain(float[] filters, int filter, double hertz) {
    double re = 0;
    double im = 0;
    for (int i = 0; i < 2 * HALF + 1; i++) {
      double phase = 2 * Math.PI * hertz * i / 16000;
      re += filters[filter * 251 + i] * Math.cos(phase);
      im += filters[filter * 251 + i] * Math.sin(phase);
    }
    return Math.hypot(re, im);
  }

  @Test
  void theCosineFilterIsEvenAndTheSineFilterOdd() {
    float[] filters = filters(500, 800);
    assertEquals(1, filters[HALF]);
    assertEquals(0, filters[251 + HALF]);
    for (int i = 0; i < HALF; i++) {
      assertEquals(filters[i], filters[250 - i]);
      assertEquals(filters[251 + i], -filters[251 + 250 - i]);
    }
  }

  @Test
  void bothPassTheirBandAndStopTheRest() {
    float[] filters = filters(950, 900); // 1000 to 1950 Hz
    for (int filter = 0; filter < 2; filter++) {
      double inside = gain(filters, filter, 1500);
      assertEquals(1, gain(filters, filter, 1300) / inside, 0.02);
      assertEquals(0, gain(filters, filter, 500) / inside, 0.01);
      assertEquals(0, gain(filters, filter, 3000) / inside, 0.01);
    }
  }

  @Test
  void negativeParametersCountAsPositive() {
    float[] positive = filters(500, 800);
    float[] negative = filters(-500, -800);
    for (int i = 0; i < positive.length; i++) {
      assertEquals(positive[i], negative[i]);
    }
  }
}
