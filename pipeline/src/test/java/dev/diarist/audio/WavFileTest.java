package dev.diarist.audio;

import static dev.diarist.audio.WavBytes.FLOAT;
import static dev.diarist.audio.WavBytes.PCM;
import static dev.diarist.audio.WavBytes.format;
import static dev.diarist.audio.WavBytes.wav;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WavFileTest {
  private static final int PLACEHOLDER = -1; // 0xFFFFFFFF

  @TempDir private Path folder;

  @Test
  void sixteenBitSamplesAreDividedBy32768() throws IOException {
    byte[] file = wav(format(PCM, 1, 16), WavBytes.shorts(0, 1, -1, 32767, -32768, 16384));
    assertArrayEquals(
        new float[] {0f, 0x1p-15f, -0x1p-15f, 32767f / 32768f, -1f, 0.5f}, samples(file), 0f);
  }

  @Test
  void eightBitSamplesAreUnsigned() throws IOException {
    byte[] file = wav(format(PCM, 1, 8), WavBytes.bytes(0, 127, 128, 255));
    assertArrayEquals(new float[] {-1f, -1 / 128f, 0f, 127 / 128f}, samples(file), 0f);
  }

  @Test
  void twentyFourBitSamplesKeepTheirSignAndEveryBit() throws IOException {
    byte[] data =
        WavBytes.bytes(
            0xFF, 0xFF, 0x7F, // 2^23 - 1
            0x00, 0x00, 0x80, // -2^23
            0xFF, 0xFF, 0xFF, // -1
            0x01, 0xFF, 0x00); // 0x00FF01
    assertArrayEquals(
        new float[] {8388607 / 0x1p23f, -1f, -0x1p-23f, 0xFF01 / 0x1p23f},
        samples(wav(format(PCM, 1, 24), data)),
        0f);
  }

  @Test
  void thirtyTwoBitSamplesAreRoundedToFloat() throws IOException {
    byte[] data = WavBytes.ints(Integer.MAX_VALUE, Integer.MIN_VALUE, 1, 16777217);
    assertArrayEquals(
        new float[] {1f, -1f, 0x1p-31f, 0x1p-7f}, samples(wav(format(PCM, 1, 32), data)), 0f);
  }

  @Test
  void floatSamplesStayAsTheyAreEvenBeyondOne() throws IOException {
    byte[] data = WavBytes.floats(0.1f, -3.5f, 1e-30f);
    assertArrayEquals(
        new float[] {0.1f, -3.5f, 1e-30f}, samples(wav(format(FLOAT, 1, 32), data)), 0f);
  }

  @Test
  void doubleSamplesAreNarrowedToFloat() throws IOException {
    byte[] data = WavBytes.doubles(0.1, -2.0 / 3);
    assertArrayEquals(
        new float[] {0.1f, (float) (-2.0 / 3)}, samples(wav(format(FLOAT, 1, 64), data)), 0f);
  }

  @Test
  void telephoneSoundIsCompanded() throws IOException {
    assertArrayEquals(
        new float[] {-32124 / 32768f, 32124 / 32768f, 0f},
        samples(wav(format(7, 1, 8), WavBytes.bytes(0, 0x80, 0xFF))),
        0f);
    assertArrayEquals(
        new float[] {-32256 / 32768f, 8 / 32768f},
        samples(wav(format(6, 1, 8), WavBytes.bytes(0x2A, 0xD5))),
        0f);
  }

  @Test
  void theBigEndianKindIsReadBackwards() throws IOException {
    ByteBuffer rifx = ByteBuffer.allocate(44 + 6);
    rifx.put("RIFX".getBytes()).putInt(42).put("WAVEfmt ".getBytes()).putInt(16);
    rifx.putShort((short) 1).putShort((short) 1).putInt(16000).putInt(48000);
    rifx.putShort((short) 3).putShort((short) 24).put("data".getBytes()).putInt(6);
    rifx.put(WavBytes.bytes(0x40, 0, 1, 0x80, 0, 0));
    assertArrayEquals(new float[] {0.5f + 0x1p-23f, -1f}, samples(rifx.array()), 0f);
  }

  @Test
  void twoChannelsBecomeTheirMean() throws IOException {
    byte[] data = WavBytes.shorts(32767, 1, -32768, -32768, 100, -50);
    assertArrayEquals(
        new float[] {0.5f, -1f, 25 / 32768f}, samples(wav(format(PCM, 2, 16), data)), 0f);
  }

  @Test
  void channelsAreAddedFromLeftToRightInFloatAndThenDivided() throws IOException {
    // In double the sum would be 2^-24 + 2^-24 more; in float each of the small ones is lost.
    byte[] data = WavBytes.floats(1f, 0x1p-24f, 0x1p-24f, 0.1f, 0.2f, 0.3f);
    assertArrayEquals(
        new float[] {1f / 3f, ((0.1f + 0.2f) + 0.3f) / 3f},
        samples(wav(format(FLOAT, 3, 32), data)),
        0f);
  }

  @Test
  void theExtensibleFormatNamesItsCodecInTheSubFormat() throws IOException {
    assertArrayEquals(
        new float[] {0.25f}, samples(wav(WavBytes.extensible(PCM, 1, 16), WavBytes.shorts(8192))));
    assertArrayEquals(
        new float[] {0.3f}, samples(wav(WavBytes.extensible(FLOAT, 1, 32), WavBytes.floats(0.3f))));
  }

  @Test
  void otherChunksAreSkippedTogetherWithTheirPadding() throws IOException {
    byte[] file =
        new WavBytes()
            .chunk("LIST", new byte[7])
            .chunk("fmt ", format(PCM, 1, 16))
            .chunk("fact", new byte[4])
            .chunk("junk", new byte[1])
            .chunk("data", WavBytes.shorts(16384, -16384))
            .chunk("LIST", new byte[30])
            .riff();
    assertArrayEquals(new float[] {0.5f, -0.5f}, samples(file), 0f);
  }

  @Test
  void blocksAcrossTheEndAndBeyondItArePaddedWithZeros() throws IOException {
    try (AudioSource audio = open(wav(format(PCM, 1, 16), WavBytes.shorts(8192, 16384, 24576)))) {
      float[] target = new float[6];
      Arrays.fill(target, 9f);
      audio.read(1, 4, target, 1);
      assertArrayEquals(new float[] {9f, 0.5f, 0.75f, 0f, 0f, 9f}, target, 0f);
      audio.read(3, 2, target, 0);
      audio.read(Long.MAX_VALUE, 1, target, 2);
      assertArrayEquals(new float[] {0f, 0f, 0f, 0f, 0f, 9f}, target, 0f);
    }
  }

  @Test
  void aBlockLongerThanTheBufferIsReadWholeWhereverItBegins() throws IOException {
    int frames = 100_000;
    int[] values = new int[3 * frames];
    for (int i = 0; i < frames; i++) {
      Arrays.fill(values, 3 * i, 3 * i + 3, i % 30011);
    }
    try (AudioSource audio = open(wav(format(PCM, 3, 16), WavBytes.shorts(values)))) {
      int first = 12_345;
      float[] target = new float[frames];
      audio.read(first, frames, target, 0);
      for (int i = 0; i < frames; i++) {
        float one = (first + i) % 30011 / 32768f;
        float expected = first + i < frames ? (one + one + one) / 3 : 0f;
        assertEquals(expected, target[i], "sample " + (first + i));
      }
    }
  }

  @Test
  void aFileWithoutSamplesIsSilenceOfNoLength() throws IOException {
    byte[] file = wav(format(PCM, 1, 16), new byte[0]);
    assertEquals(0, samples(file).length);
    try (AudioSource audio = open(file)) {
      float[] target = {9f};
      audio.read(0, 1, target, 0);
      assertEquals(0f, target[0]);
    }
  }

  @Test
  void anEmptyDataChunkBeforeTitlesHoldsNoSamples() throws IOException {
    byte[] file =
        new WavBytes()
            .chunk("fmt ", format(PCM, 1, 16))
            .chunk("data", new byte[0])
            .chunk("LIST", new byte[8])
            .riff();
    assertEquals(0, samples(file).length);
  }

  @Test
  void aHeaderWrittenBeforeTheLengthWasKnownTakesAllThatTheFileHolds() throws IOException {
    byte[] data = WavBytes.shorts(16384, -16384);
    float[] expected = {0.5f, -0.5f};
    for (int size : new int[] {0, PLACEHOLDER, 0x7FFFFFFF, 0x7FFFF000, 0x80000000}) {
      WavBytes wav = new WavBytes().chunk("fmt ", format(PCM, 1, 16)).raw("data", size, data);
      assertArrayEquals(expected, samples(wav.file("RIFF", PLACEHOLDER)), 0f, "size " + size);
    }
    WavBytes half =
        new WavBytes()
            .chunk("fmt ", format(PCM, 1, 16))
            .raw("data", PLACEHOLDER, WavBytes.bytes(0, 64, 0, 192, 7));
    assertArrayEquals(expected, samples(half.file("RIFF", PLACEHOLDER)), 0f);
  }

  @Test
  void wideFilesTakeTheirLengthFromTheirFirstChunk() throws IOException {
    byte[] sizes = ByteBuffer.wrap(new byte[28]).array();
    sizes[8] = 4; // bytes of samples, of the 6 that follow
    for (String kind : new String[] {"RF64", "BW64"}) {
      byte[] file =
          new WavBytes()
              .chunk("ds64", sizes)
              .chunk("fmt ", format(PCM, 1, 16))
              .raw("data", PLACEHOLDER, WavBytes.shorts(16384, -16384, 1))
              .file(kind, PLACEHOLDER);
      assertArrayEquals(new float[] {0.5f, -0.5f}, samples(file), 0f, kind);
    }
  }

  @Test
  void fiveGigabytesAreOpenedAtOnceAndReadAtTheirEnd() throws IOException {
    long dataBytes = 5L << 30;
    byte[] sizes = new byte[28];
    ByteBuffer.wrap(sizes).order(java.nio.ByteOrder.LITTLE_ENDIAN).putLong(8, dataBytes);
    byte[] head =
        new WavBytes()
            .chunk("ds64", sizes)
            .chunk("fmt ", format(PCM, 1, 16))
            .raw("data", PLACEHOLDER, new byte[0])
            .file("RF64", PLACEHOLDER);
    Path file = folder.resolve("day.wav");
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.WRITE,
            StandardOpenOption.SPARSE)) {
      channel.write(ByteBuffer.wrap(head), 0);
      channel.write(ByteBuffer.wrap(WavBytes.shorts(16384)), head.length + dataBytes - 2);
    }
    try (AudioSource audio = AudioFiles.open(file)) {
      assertEquals(dataBytes / 2, audio.samples());
      float[] target = new float[3];
      audio.read(dataBytes / 2 - 2, 3, target, 0);
      assertArrayEquals(new float[] {0f, 0.5f, 0f}, target, 0f);
    }
  }

  @Test
  void aSampleThatIsNoNumberIsRefusedWithItsPosition() throws IOException {
    float[] values = new float[40_000];
    values[24_000] = Float.NaN;
    values[32_000] = Float.NEGATIVE_INFINITY;
    try (AudioSource audio = open(wav(format(FLOAT, 1, 32), WavBytes.floats(values)))) {
      float[] target = new float[values.length];
      audio.read(0, 24_000, target, 0);
      AudioException nan =
          assertThrows(AudioException.class, () -> audio.read(8_000, 32_000, target, 0));
      assertEquals(
          folder.resolve("a.wav")
              + ": holds a sample that is no finite number (NaN) at 1.500 seconds",
          nan.getMessage());
      AudioException infinite =
          assertThrows(AudioException.class, () -> audio.read(25_000, 15_000, target, 0));
      assertEquals(
          folder.resolve("a.wav")
              + ": holds a sample that is no finite number (-Infinity) at 2.000 seconds",
          infinite.getMessage());
    }
  }

  @Test
  void aDoubleTooLargeForFloatIsRefused() throws IOException {
    try (AudioSource audio = open(wav(format(FLOAT, 1, 64), WavBytes.doubles(1e300)))) {
      assertThrows(AudioException.class, () -> audio.read(0, 1, new float[1], 0));
    }
  }

  @Test
  void aFileThatShrinksWhileItIsReadIsAFailureNotSilence() throws IOException {
    try (AudioSource audio = open(wav(format(PCM, 1, 16), new byte[1000]))) {
      try (FileChannel channel =
          FileChannel.open(folder.resolve("a.wav"), StandardOpenOption.WRITE)) {
        channel.truncate(500);
      }
      assertThrows(AudioException.class, () -> audio.read(0, 500, new float[500], 0));
    }
  }

  @Test
  void aRecordingIsCalledByItsStem() throws IOException {
    assertEquals("a", AudioFiles.uri(Path.of("/x/a.wav")));
    assertEquals("a.b", AudioFiles.uri(Path.of("a.b.wav")));
    assertEquals(".wav", AudioFiles.uri(Path.of(".wav")));
    assertEquals("a.", AudioFiles.uri(Path.of("a.")));
    try (AudioSource audio = open(wav(format(PCM, 1, 16), new byte[2]))) {
      assertEquals("a", audio.uri());
    }
  }

  private AudioSource open(byte[] bytes) throws IOException {
    return AudioFiles.open(Files.write(folder.resolve("a.wav"), bytes));
  }

  private float[] samples(byte[] bytes) throws IOException {
    try (AudioSource audio = open(bytes)) {
      float[] samples = new float[Math.toIntExact(audio.samples())];
      audio.read(0, samples.length, samples, 0);
      return samples;
    }
  }
}
