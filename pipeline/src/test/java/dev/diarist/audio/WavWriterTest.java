package dev.diarist.audio;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WavWriterTest {
  @TempDir private Path folder;

  @Test
  void whatIsWrittenIsReadWithin16Bits() throws Exception {
    Path file = folder.resolve("x.wav");
    try (OutputStream out = Files.newOutputStream(file)) {
      WavWriter.write(new float[] {0, 0.25f, -0.5f, 1.5f, -1.5f, 0.4f / 32768}, 16000, out);
    }
    try (AudioSource source = AudioFiles.open(file)) {
      float[] read = new float[6];
      assertEquals(6, source.samples());
      source.read(0, 6, read, 0);
      assertArrayEquals(new float[] {0, 0.25f, -0.5f, 32767 / 32768f, -1, 0}, read);
    }
  }
}
