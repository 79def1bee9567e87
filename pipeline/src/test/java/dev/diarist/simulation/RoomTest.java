package dev.diarist.simulation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RoomTest {
  @TempDir private Path folder;

  /** Lengths below, at and above one block, two blocks and the response itself. */
  @ParameterizedTest
  @CsvSource({"1,5000", "3,1022", "700,100", "700,2048", "700,2049", "700,4000", "1025,9999"})
  void soundInARoomIsTheConvolutionFromTheDirectPathOn(int taps, int samples) {
    float[] response = Sounds.response(taps + 30, 100, taps);
    response[30] = -2; // the direct path; what precedes it plays no part
    float[] sound = Sounds.white(samples, samples);
    double[] expected = new double[samples];
    for (int t = 0; t < samples; t++) {
      for (int k = 0; k < taps && k <= t; k++) {
        expected[t] += (double) response[30 + k] * sound[t - k];
      }
    }
    double gain = Math.sqrt(energy(sound) / energy(expected));
    float[] heard = Room.of(response).applied(sound);
    assertEquals(samples, heard.length);
    for (int t = 0; t < samples; t++) {
      assertEquals(expected[t] * gain, heard[t], 1e-6);
    }
  }

  @Test
  void theLevelStays() {
    float[] sound = Sounds.white(20000, 1);
    float[] heard = Room.of(Sounds.response(3000, 500, 2)).applied(sound);
    assertEquals(Level.decibels(sound), Level.decibels(heard), 1e-4);
  }

  @Test
  void theDirectPathKeepsItsPlace() {
    float[] click = new float[3000];
    click[1000] = 1;
    float[] response = Sounds.response(1500, 100, 3);
    response[400] = 1;
    float[] heard = Room.of(response).applied(click);
    assertEquals(0, heard[999], 1e-6);
    assertTrue(heard[1000] > 0.5, "the click is at 1000: " + heard[1000]);
  }

  @Test
  void soundIsNotModifiedAndSilenceStays() {
    float[] sound = Sounds.white(500, 4);
    Room room = Room.of(Sounds.response(50, 10, 5));
    room.applied(sound);
    assertArrayEquals(Sounds.white(500, 4), sound);
    assertArrayEquals(new float[500], room.applied(new float[500]));
    assertEquals(0, room.applied(new float[0]).length);
  }

  @Test
  void aSilentResponseIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> Room.of(new float[10]));
    assertThrows(IllegalArgumentException.class, () -> Room.of(new float[0]));
  }

  @Test
  void aFolderWithoutAudioIsRefused() throws Exception {
    Files.writeString(folder.resolve("readme.txt"), "no sound");
    String message =
        assertThrows(java.io.IOException.class, () -> SoundFiles.below(folder)).getMessage();
    assertTrue(message.startsWith(folder + ": the folder has no audio file"), message);
  }

  private static double energy(float[] sound) {
    double energy = 0;
    for (float sample : sound) {
      energy += (double) sample * sample;
    }
    return energy;
  }

  private static double energy(double[] sound) {
    double energy = 0;
    for (double sample : sound) {
      energy += sample * sample;
    }
    return energy;
  }
}
