package dev.diarist.simulation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.diarist.audio.Recording;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EffectsTest {
  private static final double DECIBELS = 1e-4; // samples are floats

  @Test
  void aSquareWaveFromMinusOneToOneHasNoDecibels() {
    assertEquals(0, Level.decibels(new float[] {1, -1, 1, -1}));
    assertEquals(Double.NEGATIVE_INFINITY, Level.decibels(new float[4]));
  }

  @Test
  void aGainOfTwentyDecibelsIsTenfold() {
    assertArrayEquals(new float[] {5, -2.5f}, Level.changed(new float[] {0.5f, -0.25f}, 20), 1e-6f);
  }

  @Test
  void aLevelThatIsSetIsReached() {
    assertEquals(-31.5, Level.decibels(Level.set(Sounds.white(1000, 1), -31.5)), DECIBELS);
    assertArrayEquals(new float[3], Level.set(new float[3], -20));
  }

  @ParameterizedTest
  @ValueSource(doubles = {-5, 0, 12.5})
  void noiseLiesUnderSpeechByTheRatio(double ratio) {
    float[] speech = Sounds.sine(16000, 200);
    float[] noise = Sounds.white(16000, 2);
    float[] noisy = Noise.added(speech, noise, ratio);
    float[] difference = new float[noisy.length];
    for (int i = 0; i < noisy.length; i++) {
      difference[i] = noisy[i] - speech[i];
    }
    assertEquals(ratio, Level.decibels(speech) - Level.decibels(difference), DECIBELS);
  }

  @Test
  void aStretchOfNoiseBeginsAnywhereAndGoesRoundAndRound() throws Exception {
    float[] noise = Sounds.white(700, 3);
    try (var source = Recording.of("noise", noise, 16000).mix()) {
      float[] stretch = Noise.stretch(source, 2000, new SplittableRandom(5));
      int from = (int) new SplittableRandom(5).nextLong(700);
      for (int i = 0; i < stretch.length; i++) {
        assertEquals(noise[(from + i) % 700], stretch[i]);
      }
      assertFalse(
          Arrays.equals(stretch, Noise.stretch(source, 2000, new SplittableRandom(6))),
          "another seed, the same place");
    }
  }

  @Test
  void fasterSoundIsShorterAndHigher() throws Exception {
    float[] faster = Speed.changed(Sounds.sine(16000, 400), 1.1);
    assertEquals((int) Math.ceil(16000 / 1.1), faster.length);
    float[] higher = Sounds.sine(faster.length, 440);
    for (int i = 100; i < faster.length - 100; i++) { // silence beyond the ends is heard near them
      assertEquals(higher[i], faster[i], 2e-3);
    }
  }

  @Test
  void theOldSpeedChangesNothingAndAnImpossibleOneIsRefused() throws Exception {
    float[] sound = Sounds.white(100, 4);
    assertArrayEquals(sound, Speed.changed(sound, 1));
    assertThrows(IllegalArgumentException.class, () -> Speed.changed(sound, 0));
    assertThrows(IllegalArgumentException.class, () -> Speed.changed(sound, Double.NaN));
  }
}
