package dev.diarist.training.embedding;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.diarist.nn.signal.Fbank;
import dev.diarist.simulation.SpeechCorpus;
import dev.diarist.simulation.SpokenFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SceneTest {
  private static final int FRAMES = 100;
  private static final int STEP = 160;

  @TempDir private Path folder;
  private Voices voices;

  @BeforeEach
  void speak() throws IOException {
    SpokenFolder.write(folder, 4);
    voices = new Voices(SpeechCorpus.open(folder), List.of(1.0));
  }

  @Test
  void theCropIsHeardUnchangedAtItsFrame() throws IOException {
    float[] crop = voices.crop(1, 240 + FRAMES * STEP, new SplittableRandom(1));
    int before = 0;
    int after = 0;
    for (int i = 0; i < 40; i++) {
      Scene scene = Scene.around(crop, 1, voices, STEP, new SplittableRandom(i));
      int start = scene.firstFrame() * STEP;
      assertArrayEquals(
          crop, Arrays.copyOfRange(scene.sound(), start, start + crop.length), "scene " + i);
      int around = scene.sound().length - crop.length;
      assertEquals(0, around % STEP);
      assertTrue(around <= 4 * crop.length, "heard around: " + around);
      before += start;
      after += around - start;
    }
    double mean = 4 * crop.length / 2.0 / 2; // half of the context, before and after alike
    assertEquals(mean, before / 40.0, mean / 2);
    assertEquals(mean, after / 40.0, mean / 2);
  }

  @Test
  void aSceneFollowsFromTheSourceOfRandomness() throws IOException {
    float[] crop = voices.crop(0, 240 + FRAMES * STEP, new SplittableRandom(1));
    Scene one = Scene.around(crop, 0, voices, STEP, new SplittableRandom(5));
    Scene again = Scene.around(crop, 0, voices, STEP, new SplittableRandom(5));
    assertEquals(one.firstFrame(), again.firstFrame());
    assertArrayEquals(one.sound(), again.sound());
  }

  @Test
  void featuresInASceneAreCentredOverAllOfIt() throws IOException {
    Fbank fbank = new Fbank(16000, 80);
    Crops crops = new Crops(voices, Acoustics.NONE, fbank, FRAMES);
    float[] crop = voices.crop(2, crops.samples(), new SplittableRandom(1));
    float[] features = new float[FRAMES * 80];
    int moved = 0;
    for (int i = 0; i < 20; i++) {
      crops.disturbed(crop, 2, features, 0, new SplittableRandom(i));
      double sum = 0;
      for (float value : features) {
        sum += value;
      }
      moved += Math.abs(sum / features.length) > 0.1 ? 1 : 0; // 0 where it is its own mean
    }
    assertTrue(moved > 8 && moved < 20, moved + " of 20 crops have another mean");
  }
}
