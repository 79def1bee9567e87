package dev.diarist.nn.signal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FbankTest {
  private final Fbank fbank = new Fbank(16000, 80);

  @Test
  void onlyWholeFramesCount() {
    assertEquals(0, fbank.frames(399));
    assertEquals(1, fbank.frames(400));
    assertEquals(1, fbank.frames(559));
    assertEquals(2, fbank.frames(560));
    assertEquals(998, fbank.frames(160000));
  }

  @Test
  void silenceHasTheSmallestEnergy() {
    float[] features = new float[80];
    fbank.compute(new float[400], 0, 400, features, 0);
    for (float feature : features) {
      assertEquals((float) Math.log(1.1920928955078125e-07), feature);
    }
  }

  @Test
  void aToneIsLoudestInItsBand() {
    float[] waveform = new float[400];
    for (int i = 0; i < 400; i++) {
      waveform[i] = 0.5f * (float) Math.sin(2 * Math.PI * 1000 * i / 16000);
    }
    float[] features = new float[80];
    fbank.compute(waveform, 0, 400, features, 0);
    int loudest = 0;
    for (int b = 1; b < 80; b++) {
      loudest = features[b] > features[loudest] ? b : loudest;
    }
    // mel(1000) = 999.99; band b peaks at 31.75 + (b + 1) · 34.67
    assertEquals(27, loudest);
  }

  @Test
  void framesAreReadAndWrittenAtTheirOffsets() {
    float[] waveform = new float[2000];
    for (int i = 0; i < waveform.length; i++) {
      waveform[i] = (float) Math.sin(i * i * 1e-3);
    }
    float[] all = new float[11 * 80];
    fbank.compute(waveform, 0, 2000, all, 0);
    float[] later = new float[3 + 80];
    fbank.compute(waveform, 5 * 160, 400, later, 3);
    for (int b = 0; b < 80; b++) {
      assertEquals(all[5 * 80 + b], later[3 + b]);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 63, 64, 65, 131, 998})
  void noBitDependsOnThreads(int frames) {
    float[] waveform = new float[7 + Math.max(0, frames - 1) * 160 + 400 + 159];
    for (int i = 0; i < waveform.length; i++) {
      waveform[i] = (float) Math.sin(i * 0.3 + i * i * 1e-6);
    }
    float[] expected = new float[3 + frames * 80 + 1];
    int samples = frames == 0 ? 399 : waveform.length - 7;
    fbank.compute(waveform, 7, samples, expected, 3);
    assertEquals(0, expected[expected.length - 1]);
    for (int threads = 2; threads <= 5; threads++) {
      float[] features = new float[expected.length];
      new Fbank(16000, 80, threads).compute(waveform, 7, samples, features, 3);
      assertArrayEquals(expected, features, threads + " threads");
    }
  }

  @Test
  void centeringLeavesAMeanOfZeroInEachBin() {
    float[] features = {1, 10, 2, 20, 6, 60};
    new Fbank(16000, 2).center(features, 0, 3);
    assertEquals(-2, features[0]);
    assertEquals(-20, features[1]);
    assertEquals(3, features[4]);
    assertEquals(30, features[5]);
  }

  @Test
  void moreBandsThanTheSpectrumHoldsAreRefused() {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> new Fbank(16000, 400));
    assertTrue(e.getMessage().contains("is empty"), e.getMessage());
  }
}
