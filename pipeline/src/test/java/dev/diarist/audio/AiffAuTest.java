package dev.diarist.audio;

import static dev.diarist.audio.WavBytes.bytes;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AiffAuTest {
  @TempDir private Path folder;

  private static byte[] aiff(int frames, int bits, String codec, byte[] samples) {
    return new AiffBytes()
        .chunk("COMM", AiffBytes.common(1, frames, bits, 16000, codec))
        .chunk("SSND", AiffBytes.sound(samples))
        .file(codec.isEmpty() ? "AIFF" : "AIFC");
  }

  @Test
  void integersAreBigEndianAndSigned() throws IOException {
    assertSamples(aiff(2, 8, "", bytes(128, 64)), -1f, 0.5f);
    assertSamples(aiff(2, 16, "", bytes(0x40, 0, 0xFF, 0xFF)), 0.5f, -0x1p-15f);
    assertSamples(aiff(2, 24, "", bytes(0x80, 0, 0, 0, 0xFF, 1)), -1f, 0xFF01 / 0x1p23f);
    assertSamples(aiff(1, 32, "NONE", bytes(0xC0, 0, 0, 0)), -0.5f);
  }

  @Test
  void samplesOfTwelveBitsStandAtTheUpperEndOfTwoBytes() throws IOException {
    assertSamples(aiff(1, 12, "", bytes(0x40, 0x10)), 0.5f + 0x1p-11f);
  }

  @Test
  void codecsOfAiffC() throws IOException {
    assertSamples(aiff(1, 16, "sowt", bytes(0, 0x40)), 0.5f);
    assertSamples(aiff(1, 24, "sowt", bytes(1, 0, 0x40)), 0.5f + 0x1p-23f);
    assertSamples(aiff(1, 8, "raw ", bytes(192)), 0.5f);
    assertSamples(aiff(1, 32, "fl32", ByteBuffer.allocate(4).putFloat(0.3f).array()), 0.3f);
    assertSamples(aiff(1, 64, "FL64", ByteBuffer.allocate(8).putDouble(0.3).array()), 0.3f);
    // G.711: the ends and the middle of both codes
    assertSamples(
        aiff(4, 16, "ulaw", bytes(0, 0x80, 0xFF, 0x7F)), -32124 / 32768f, 32124 / 32768f, 0f, 0f);
    assertSamples(
        aiff(4, 16, "alaw", bytes(0x2A, 0xAA, 0xD5, 0x55)),
        -32256 / 32768f,
        32256 / 32768f,
        8 / 32768f,
        -8 / 32768f);
  }

  @Test
  void chunksComeInAnyOrderAndSamplesAfterAnOffset() throws IOException {
    byte[] sound =
        ByteBuffer.allocate(14).putInt(4).putInt(0).putInt(-1).putShort((short) 8192).array();
    byte[] file =
        new AiffBytes()
            .chunk("NAME", new byte[3])
            .chunk("SSND", sound)
            .chunk("COMM", AiffBytes.common(1, 1, 16, 16000, ""))
            .file("AIFF");
    assertSamples(file, 0.25f);
  }

  @Test
  void anAiffSaysWhatIsWrongWithIt() throws IOException {
    assertRefused(
        aiff(3, 16, "", bytes(0, 0, 0, 0)),
        "is truncated: 2 of its 6 bytes of samples are missing");
    assertRefused(
        aiff(1, 16, "ima4", bytes(0, 0)),
        "holds an unsupported codec ('ima4'); PCM, float, A-law and mu-law are read");
    assertRefused(aiff(1, 33, "", new byte[8]), "holds PCM samples of 33 bits, not 1 to 32");
    assertRefused(
        new AiffBytes().chunk("SSND", AiffBytes.sound(new byte[2])).file("AIFF"),
        "is truncated or damaged: it ends without a format ('COMM' chunk)");
    assertRefused(
        new AiffBytes().chunk("COMM", AiffBytes.common(1, 0, 16, 8000, "")).file("AIFF"),
        "is truncated or damaged: it ends without samples ('SSND' chunk)");
    assertRefused(
        new AiffBytes().chunk("COMM", AiffBytes.common(0, 0, 16, 8000, "")).file("AIFF"),
        "has a damaged header: 0 channels");
    assertRefused(
        new AiffBytes().chunk("COMM", AiffBytes.common(1, 0, 16, 12, "")).file("AIFF"),
        "has a sample rate of 12 Hz, not from 1000 to 768000 Hz");
  }

  @Test
  void encodingsOfAu() throws IOException {
    assertSamples(AiffBytes.au(1, 16000, 1, 1, bytes(0x80)), 32124 / 32768f);
    assertSamples(AiffBytes.au(2, 16000, 1, 1, bytes(0x80)), -1f);
    assertSamples(AiffBytes.au(3, 16000, 2, 4, bytes(0x40, 0, 0, 0)), 0.25f);
    assertSamples(AiffBytes.au(4, 16000, 1, 3, bytes(0x40, 0, 0)), 0.5f);
    assertSamples(AiffBytes.au(5, 16000, 1, 4, bytes(0x40, 0, 0, 0)), 0.5f);
    assertSamples(
        AiffBytes.au(6, 16000, 1, 4, ByteBuffer.allocate(4).putFloat(0.3f).array()), 0.3f);
    assertSamples(
        AiffBytes.au(7, 16000, 1, -1, ByteBuffer.allocate(8).putDouble(0.3).array()), 0.3f);
    assertSamples(AiffBytes.au(27, 16000, 1, -1, bytes(0xAA)), 32256 / 32768f);
  }

  @Test
  void anAuSaysWhatIsWrongWithIt() throws IOException {
    assertRefused(
        AiffBytes.au(3, 16000, 1, 10, new byte[4]),
        "is truncated: 6 of its 10 bytes of samples are missing");
    assertRefused(
        AiffBytes.au(23, 16000, 1, 4, new byte[4]),
        "holds an unsupported codec (encoding 23); PCM, float, A-law and mu-law are read");
    assertRefused(AiffBytes.au(3, 16000, 0, 4, new byte[4]), "has a damaged header: 0 channels");
    assertRefused(
        AiffBytes.au(3, 16000, -1, 4, new byte[4]), "has a damaged header: 4294967295 channels");
    byte[] file = AiffBytes.au(3, 16000, 1, 4, new byte[4]);
    file[7] = 100;
    assertRefused(file, "has a damaged header: samples from byte 100 of 32");
  }

  private void assertSamples(byte[] file, float... expected) throws IOException {
    try (AudioSource audio = AudioFiles.open(Files.write(folder.resolve("a"), file))) {
      float[] samples = new float[Math.toIntExact(audio.samples())];
      audio.read(0, samples.length, samples, 0);
      assertArrayEquals(expected, samples, 0f);
    }
  }

  private void assertRefused(byte[] bytes, String reason) throws IOException {
    Path file = Files.write(folder.resolve("a"), bytes);
    AudioException refusal =
        assertThrows(AudioException.class, () -> AudioFiles.open(file).close());
    assertEquals(file + ": " + reason, refusal.getMessage());
  }
}
