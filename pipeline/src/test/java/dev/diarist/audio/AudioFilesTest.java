package dev.diarist.audio;

import static dev.diarist.audio.WavBytes.FLOAT;
import static dev.diarist.audio.WavBytes.PCM;
import static dev.diarist.audio.WavBytes.format;
import static dev.diarist.audio.WavBytes.wav;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One refusal for each kind of file that cannot be diarized: a sentence, and the file's name. */
class AudioFilesTest {
  private static final String UNKNOWN_KIND =
      "is no audio file of a known kind: it does not begin as WAV, AIFF, AU, FLAC, MP3, Ogg or M4A"
          + " files do";

  private static final String READABLE = "; PCM, float, A-law and mu-law are read";

  @TempDir private Path folder;

  @Test
  void aMissingFile() {
    assertRefused(folder.resolve("none.wav"), "no such file");
  }

  @Test
  void aFolder() {
    assertRefused(folder, "is a folder, not an audio file");
  }

  @Test
  void anEmptyFile() throws IOException {
    assertRefused(new byte[0], "is empty (0 bytes)");
  }

  @Test
  void textCalledWav() throws IOException {
    assertRefused("This is no sound.".getBytes(StandardCharsets.UTF_8), UNKNOWN_KIND);
    assertRefused("x".getBytes(StandardCharsets.UTF_8), UNKNOWN_KIND);
  }

  @Test
  void containersOfSomethingElse() throws IOException {
    assertRefused(start("RIFF0000AVI "), "is a RIFF file but not a WAVE one");
    assertRefused(start("FORM00008SVX"), "is an IFF file but not an AIFF one");
  }

  @Test
  void samplesThatAreMissingAtTheEnd() throws IOException {
    byte[] file = wav(format(PCM, 1, 16), new byte[3200]);
    assertRefused(
        Arrays.copyOf(file, file.length - 1000),
        "is truncated: 1000 of its 3200 bytes of samples are missing");
  }

  @Test
  void aHeaderThatEndsAnywhere() throws IOException {
    byte[] file = wav(format(PCM, 1, 16), new byte[2]);
    for (int length = 5; length < file.length - 2; length++) {
      String message = refusal(Arrays.copyOf(file, length)).getMessage();
      assertEquals(true, message.contains(": is truncated"), length + " bytes: " + message);
    }
  }

  @Test
  void aSizeThatPromisesTerabytes() throws IOException {
    byte[] sizes = new byte[28];
    Arrays.fill(sizes, 8, 15, (byte) 0xFF);
    byte[] file =
        new WavBytes()
            .chunk("ds64", sizes)
            .chunk("fmt ", format(PCM, 1, 16))
            .raw("data", -1, new byte[4])
            .file("RF64", -1);
    assertRefused(
        file,
        "is truncated: 72057594037927931 of its 72057594037927935 bytes of samples are missing");
  }

  @Test
  void aCodecThatIsNoPcmByItsCode() throws IOException {
    assertRefused(
        wav(format(0x31, 1, 8), new byte[2]),
        "holds an unsupported codec (format code 0x0031, GSM 6.10)" + READABLE);
    assertRefused(
        wav(format(0x1234, 1, 16), new byte[2]),
        "holds an unsupported codec (format code 0x1234, unknown)" + READABLE);
    assertRefused(
        wav(WavBytes.extensible(2, 1, 16), new byte[2]),
        "holds an unsupported codec (format code 0x0002, Microsoft ADPCM)" + READABLE);
  }

  @Test
  void anExtensibleFormatOfAnUnknownFamily() throws IOException {
    byte[] format = WavBytes.extensible(PCM, 1, 16);
    format[39] = 0;
    assertRefused(
        wav(format, new byte[2]),
        "holds an unsupported codec (sub-format 0100000000001000800000aa00389b00)");
    assertRefused(
        wav(Arrays.copyOf(WavBytes.extensible(PCM, 1, 16), 18), new byte[2]),
        "has a damaged header: an extensible format without its sub-format");
  }

  @Test
  void nonsenseInTheFormat() throws IOException {
    assertRefused(wav(format(PCM, 0, 16), new byte[2]), "has a damaged header: 0 channels");
    assertRefused(
        wav(format(PCM, 1, 0), new byte[2]), "holds PCM samples of 0 bits, not 8, 16, 24 or 32");
    assertRefused(
        wav(format(PCM, 1, 12), new byte[2]), "holds PCM samples of 12 bits, not 8, 16, 24 or 32");
    assertRefused(
        wav(format(FLOAT, 1, 16), new byte[2]), "holds float samples of 16 bits, not 32 or 64");
    assertRefused(
        wav(format(PCM, 2, 16, 16000, 3), new byte[2]),
        "has a damaged header: 2 channels of 16 bits in blocks of 3 bytes, not 4");
    assertRefused(
        wav(format(PCM, 40000, 16, 16000, 0), new byte[2]),
        "has a damaged header: 40000 channels of 16 bits in blocks of 0 bytes, not 80000");
    assertRefused(
        wav(new byte[4], new byte[2]),
        "has a damaged header: a format of 4 bytes, not at least 16");
  }

  @Test
  void aSampleRateThatNoSoundHas() throws IOException {
    assertRefused(
        wav(format(PCM, 1, 16, 999, 2), new byte[2]),
        "has a sample rate of 999 Hz, not from 1000 to 768000 Hz");
    assertRefused(
        wav(format(PCM, 1, 16, -1, 2), new byte[2]),
        "has a sample rate of 4294967295 Hz, not from 1000 to 768000 Hz");
  }

  @Test
  void samplesBeforeTheirFormat() throws IOException {
    assertRefused(
        new WavBytes().chunk("data", new byte[2]).chunk("fmt ", format(PCM, 1, 16)).riff(),
        "has samples before any format ('fmt ' chunk)");
  }

  @Test
  void noSamplesAtAll() throws IOException {
    assertRefused(
        new WavBytes().chunk("fmt ", format(PCM, 1, 16)).raw("LIST", -1, new byte[4]).riff(),
        "is truncated or damaged: it ends without samples (no 'data' chunk)");
  }

  @Test
  void chunksWithoutEnd() throws IOException {
    WavBytes wav = new WavBytes();
    for (int i = 0; i < 5000; i++) {
      wav.chunk("junk", new byte[0]);
    }
    assertRefused(wav.riff(), "has more than 4096 chunks before its samples");
  }

  private static byte[] start(String signature) {
    return Arrays.copyOf(signature.getBytes(StandardCharsets.ISO_8859_1), 40);
  }

  private void assertRefused(byte[] bytes, String reason) throws IOException {
    assertEquals(folder.resolve("a.wav") + ": " + reason, refusal(bytes).getMessage());
  }

  private AudioException refusal(byte[] bytes) throws IOException {
    Path file = Files.write(folder.resolve("a.wav"), bytes);
    return assertThrows(AudioException.class, () -> AudioFiles.open(file).close());
  }

  private static void assertRefused(Path file, String reason) {
    AudioException refusal =
        assertThrows(AudioException.class, () -> AudioFiles.open(file).close());
    assertEquals(file + ": " + reason, refusal.getMessage());
  }
}
