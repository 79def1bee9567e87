package dev.diarist.simulation;

import dev.diarist.audio.WavWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** A corpus of speakers who hum: bursts of a tone of their own, with pauses between them. */
public final class SpokenFolder {
  private static final int RATE = 16000;
  private static final int RECORDINGS = 2;

  private SpokenFolder() {}

  /**
   * Recordings of 12 s, two of each speaker, in folders {@code s0}, {@code s1}, ….
   *
   * @param folder must be there
   */
  public static void write(Path folder, int speakers) throws IOException {
    for (int s = 0; s < speakers; s++) {
      Path own = Files.createDirectory(folder.resolve("s" + s));
      for (int r = 0; r < RECORDINGS; r++) {
        float[] sound = Sounds.sine(12 * RATE, 150 + 60 * s);
        for (int i = 0; i < sound.length; i++) {
          boolean pauses = i / (RATE / 2) % 5 == 4; // half a second after two
          sound[i] = pauses ? 0 : sound[i];
        }
        wav(own.resolve(r + ".wav"), sound);
      }
    }
  }

  /** Writes sound as a WAV file of 16 kHz. */
  public static void wav(Path file, float[] sound) throws IOException {
    try (OutputStream out = Files.newOutputStream(file)) {
      WavWriter.write(sound, RATE, out);
    }
  }
}
