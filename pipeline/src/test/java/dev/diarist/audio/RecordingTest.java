package dev.diarist.audio;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.diarist.audio.flac.FlacBytes;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioFormat.Encoding;
import javax.sound.sampled.AudioInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Channels, and sound that is in memory or comes as a stream. */
class RecordingTest {
  @TempDir private Path folder;

  private AudioOptions options() {
    return AudioOptions.DEFAULT.withSpoolFolder(folder);
  }

  private static float[] samples(AudioSource audio) throws IOException {
    float[] samples = new float[(int) audio.samples()];
    audio.read(0, samples.length, samples, 0);
    return samples;
  }

  @Test
  void eachChannelAndTheMeanOfAllAreViewsOfOneRecording() throws IOException {
    float[][] channels = {{1f, 0f, 0f}, {0.5f, 0.5f, -1f}};
    try (Recording recording = Recording.of("call", channels, 16000)) {
      assertEquals(2, recording.channels());
      assertEquals(3, recording.frames());
      assertArrayEquals(channels[0], samples(recording.channel(0)));
      assertArrayEquals(channels[1], samples(recording.channel(1)));
      assertArrayEquals(new float[] {0.75f, 0.25f, -0.5f}, samples(recording.mix()));
      assertEquals("call", recording.mix().uri());
    }
  }

  @Test
  void aRecordingLastsAsLongAsItsOwnSamplesNotTheResampledOnes() throws IOException {
    try (AudioSource audio = Recording.of("a", new float[881_998], 44_100).mix()) {
      assertEquals(320_000, audio.samples());
      assertEquals(881_998 / 44_100.0, audio.durationSeconds());
    }
  }

  @Test
  void theOptionsChooseAChannelOfAFile() throws IOException {
    byte[] wav =
        WavBytes.wav(WavBytes.format(WavBytes.PCM, 2, 16), WavBytes.shorts(16384, 0, 8192, 0));
    Path file = Files.write(folder.resolve("call.wav"), wav);
    try (AudioSource audio = AudioFiles.open(file, options().withChannel(0))) {
      assertArrayEquals(new float[] {0.5f, 0.25f}, samples(audio));
    }
    AudioException refusal =
        assertThrows(
            AudioException.class, () -> AudioFiles.open(file, options().withChannel(2)).close());
    assertEquals(file + ": has no channel 2; it has 2, counted from 0", refusal.getMessage());
    assertThrows(IllegalArgumentException.class, () -> options().withChannel(-1));
  }

  @Test
  void aNumberThatIsNoneInAnotherChannelDoesNotMatter() throws IOException {
    float[][] channels = {{Float.NaN, 0f, 0f}, {0.5f, 0.5f, -1f}};
    try (Recording recording = Recording.of("call", channels, 16000)) {
      assertArrayEquals(channels[1], samples(recording.channel(1)));
      assertThrows(AudioException.class, () -> samples(recording.mix()));
    }
  }

  @Test
  void soundInMemoryMustHaveAsManySamplesAsChannels() {
    assertRefused(
        new float[1][0],
        16000,
        "x: must have a channel or more and at least as many samples as channels, has 1 of 0");
    assertRefused(
        new float[3][2],
        16000,
        "x: must have a channel or more and at least as many samples as channels, has 3 of 2");
    assertRefused(
        new float[][] {{1, 2}, {1, 2, 3}},
        16000,
        "x: must have channels of one length, has 2 and 3 samples");
    assertRefused(new float[1][1], 5, "x: has a sample rate of 5 Hz, not from 1000 to 768000 Hz");
  }

  private static void assertRefused(float[][] channels, int rate, String message) {
    AudioException refusal =
        assertThrows(AudioException.class, () -> Recording.of("x", channels, rate).close());
    assertEquals(message, refusal.getMessage());
  }

  @Test
  void aStreamOfAFileCanBeReadTwiceAndLeavesNothing() throws IOException {
    byte[] wav = WavBytes.wav(WavBytes.format(WavBytes.PCM, 1, 16), WavBytes.shorts(16384, -16384));
    InputStream in = new ByteArrayInputStream(wav);
    try (AudioSource audio = AudioStreams.open("stream", in, options())) {
      assertEquals("stream", audio.uri());
      assertArrayEquals(new float[] {0.5f, -0.5f}, samples(audio));
      assertArrayEquals(new float[] {0.5f, -0.5f}, samples(audio));
    }
    assertTrue(isEmpty());
  }

  @Test
  void aStreamOfFlacIsReadAtAnyPosition() throws IOException {
    long[][] sound = new long[1][5000];
    Arrays.setAll(sound[0], i -> i % 321);
    InputStream in = new ByteArrayInputStream(new FlacBytes(16000, 16).encode(sound));
    try (AudioSource audio = AudioStreams.open("stream", in, options())) {
      float[] sample = new float[1];
      audio.read(4999, 1, sample, 0);
      assertEquals(4999 % 321 / 0x1p15f, sample[0]);
      audio.read(2, 1, sample, 0);
      assertEquals(2 / 0x1p15f, sample[0]);
    }
    assertTrue(isEmpty());
  }

  @Test
  void aTagBeforeFlacIsSkipped() throws IOException {
    FlacBytes flac = new FlacBytes(16000, 16);
    flac.tag = new byte[10 + 300];
    System.arraycopy(new byte[] {'I', 'D', '3', 4, 0, 0, 0, 0, 2, 44}, 0, flac.tag, 0, 10);
    Path file = Files.write(folder.resolve("a"), flac.encode(new long[][] {{16384, -16384}}));
    try (AudioSource audio = AudioFiles.open(file)) {
      assertArrayEquals(new float[] {0.5f, -0.5f}, samples(audio));
    }
  }

  @Test
  void aStreamThatIsNoAudioIsCalledByItsUriAndLeavesNothing() throws IOException {
    InputStream text = new ByteArrayInputStream("This is no sound.".getBytes());
    AudioException refusal =
        assertThrows(AudioException.class, () -> AudioStreams.open("talk", text, options()));
    assertTrue(
        refusal.getMessage().startsWith("talk: is no audio file of a known kind"),
        refusal.getMessage());
    assertThrows(
        AudioException.class,
        () -> AudioStreams.open("talk", InputStream.nullInputStream(), options()));
    assertTrue(isEmpty());
  }

  @Test
  void whatJavaSoundDecodesIsReadInItsOwnForm() throws IOException {
    byte[] big = {0x40, 0, (byte) 0xC0, 0};
    AudioFormat stereo = new AudioFormat(16000, 16, 2, true, true);
    assertHeard(big, stereo, 0f);
    byte[] companded = {(byte) 0x80, 0};
    AudioFormat phone = new AudioFormat(Encoding.ULAW, 16000, 8, 1, 1, 16000, false);
    assertHeard(companded, phone, 32124 / 32768f, -32124 / 32768f);
    byte[] unsigned = {(byte) 192, 0};
    assertHeard(unsigned, new AudioFormat(16000, 8, 1, false, false), 0.5f, -1f);
    AudioFormat floats = new AudioFormat(Encoding.PCM_FLOAT, 16000, 32, 1, 4, 16000, false);
    assertHeard(WavBytes.floats(0.3f, -2f), floats, 0.3f, -2f);
  }

  private void assertHeard(byte[] bytes, AudioFormat format, float... expected) throws IOException {
    long frames = bytes.length / format.getFrameSize();
    InputStream in = new AudioInputStream(new ByteArrayInputStream(bytes), format, frames);
    try (AudioSource audio = AudioStreams.open("java", in, options())) {
      assertArrayEquals(expected, samples(audio), format.toString());
    }
    assertTrue(isEmpty());
  }

  private boolean isEmpty() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.findAny().isEmpty();
    }
  }
}
