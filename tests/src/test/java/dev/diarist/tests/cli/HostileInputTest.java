package dev.diarist.tests.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever is handed to the launcher, it answers in a sentence and with the right exit code. */
class HostileInputTest {
  private static final int HEADER_BYTES = 44;

  @TempDir private Path folder;

  @Test
  void aMissingFile() throws Exception {
    assertFails(folder.resolve("none.wav"), "no such file");
  }

  @Test
  void aFolderWithoutRecordings() throws Exception {
    Launched launched = Launched.of("--model", "m", folder.toString());
    assertEquals(2, launched.code());
    assertEquals("", launched.out());
    assertEquals(
        "diarist: "
            + folder
            + ": the folder has no recording itself; with --recursive those below"
            + " are found, too",
        launched.err().lines().findFirst().orElse(""));
  }

  @Test
  void anEmptyFile() throws Exception {
    assertFails(Files.createFile(folder.resolve("a.wav")), "is empty (0 bytes)");
  }

  @Test
  void aTruncatedWav() throws Exception {
    assertFails(
        Files.write(folder.resolve("a.wav"), Arrays.copyOf(wav(3200), HEADER_BYTES + 2000)),
        "is truncated: 1200 of its 3200 bytes of samples are missing");
  }

  @Test
  void textCalledWav() throws Exception {
    assertFails(
        Files.writeString(folder.resolve("a.wav"), "This is no sound."),
        "is no audio file of a known kind: it does not begin as WAV, AIFF, AU, FLAC, MP3, Ogg or"
            + " M4A files do");
  }

  @Test
  void everyBadRecordingOfSeveralIsNamed() throws Exception {
    Path empty = Files.createFile(folder.resolve("a.wav"));
    Path missing = folder.resolve("none.wav");
    assertEquals(
        new Launched(
            1,
            "",
            """
            diarist: %1$s: is empty (0 bytes)
            diarist: %2$s: no such file
            diarist: 2 of 2 recordings failed:
              %1$s: is empty (0 bytes)
              %2$s: no such file
            """
                .formatted(empty, missing)),
        Launched.of("--model", "m", empty.toString(), missing.toString()));
  }

  @Test
  void aModelThatIsMissing() throws Exception {
    Path recording = Files.write(folder.resolve("a.wav"), wav(3200));
    Path model = folder.resolve("model");
    Launched launched = Launched.of("--model", model.toString(), recording.toString());
    assertEquals(1, launched.code());
    assertEquals("", launched.out());
    assertEquals(1, launched.err().lines().count(), launched.err());
    assertTrue(launched.err().startsWith("diarist: " + model), launched.err());
  }

  @Test
  void moreSpeakersAtLeastThanAtMost() throws Exception {
    assertWrong(
        "min_speakers must be smaller than or equal to max_speakers, got min_speakers=4 and"
            + " max_speakers=2",
        "--model=m",
        "--min-speakers=4",
        "--max-speakers=2",
        "a.wav");
  }

  @Test
  void anUnknownParameter() throws Exception {
    Launched launched = Launched.of("--model=m", "--set", "clustering.treshold=1", "a.wav");
    assertEquals(2, launched.code());
    assertEquals("", launched.out());
    String sentence = launched.err().lines().findFirst().orElse("");
    assertTrue(sentence.startsWith("diarist: "), launched.err());
    assertTrue(sentence.contains("clustering.treshold"), launched.err());
    assertTrue(sentence.contains("clustering.threshold"), launched.err());
    assertEquals(2, launched.err().lines().count(), launched.err());
  }

  @Test
  void anUnknownOption() throws Exception {
    assertWrong("Unknown option: '--modle'", "--modle", "m", "a.wav");
  }

  private static void assertFails(Path recording, String reason)
      throws IOException, InterruptedException {
    assertEquals(
        new Launched(1, "", "diarist: " + recording + ": " + reason + "\n"),
        Launched.of("--model", "m", recording.toString()));
  }

  private static void assertWrong(String sentence, String... arguments)
      throws IOException, InterruptedException {
    assertEquals(
        new Launched(
            2,
            "",
            "diarist: " + sentence + "\nTry 'diarist diarize --help' for what is possible.\n"),
        Launched.of(arguments));
  }

  /** Silence, 16 bit, 16 kHz. */
  private static byte[] wav(int dataBytes) {
    return ByteBuffer.allocate(HEADER_BYTES + dataBytes)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put("RIFF".getBytes(StandardCharsets.US_ASCII))
        .putInt(HEADER_BYTES - 8 + dataBytes)
        .put("WAVEfmt ".getBytes(StandardCharsets.US_ASCII))
        .putInt(16)
        .putShort((short) 1)
        .putShort((short) 1)
        .putInt(16000)
        .putInt(32000)
        .putShort((short) 2)
        .putShort((short) 16)
        .put("data".getBytes(StandardCharsets.US_ASCII))
        .putInt(dataBytes)
        .array();
  }
}
