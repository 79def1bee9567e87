package dev.diarist.audio.flac;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.diarist.audio.flac.FlacBytes.Coding;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FlacDecoderTest {
  private static final int RATE = 16000;

  @TempDir private Path folder;

  /** (channels, samples): a slow wave with noise, in the given number of bits. */
  private static long[][] sound(int channels, int samples, int bits) {
    Random random = new Random(channels * 1000 + bits);
    double half = (1L << bits - 1) - 1;
    long[][] sound = new long[channels][samples];
    for (int c = 0; c < channels; c++) {
      for (int i = 0; i < samples; i++) {
        double wave = 0.8 * Math.sin(i / 40.0 + c) + 0.1 * random.nextDouble();
        sound[c][i] = Math.round(wave * half);
      }
    }
    return sound;
  }

  @Test
  void everyWidthInEveryCoding() throws IOException {
    for (int bits = 4; bits <= 32; bits++) {
      long[][] sound = sound(1, 500, bits);
      for (Coding coding : new Coding[] {Coding.VERBATIM, Coding.FIXED, Coding.LPC}) {
        FlacBytes flac = new FlacBytes(RATE, bits);
        flac.coding = coding;
        flac.order = bits > 28 ? 1 : 2; // higher differences would leave 32 bits
        assertDecoded(sound, bits, flac.encode(sound), coding + " of " + bits + " bits");
      }
    }
  }

  @Test
  void everyOrderOfBothPredictors() throws IOException {
    long[][] sound = sound(2, 700, 16);
    for (int order = 0; order <= 32; order++) {
      for (Coding coding : new Coding[] {Coding.FIXED, Coding.LPC}) {
        if (coding == Coding.LPC ? order > 0 : order <= 4) {
          FlacBytes flac = new FlacBytes(RATE, 16);
          flac.coding = coding;
          flac.order = order;
          assertDecoded(sound, 16, flac.encode(sound), coding + " of order " + order);
        }
      }
    }
  }

  @Test
  void everyWayToStoreTwoChannels() throws IOException {
    for (int bits : new int[] {8, 16, 24, 32}) {
      long[][] sound = sound(2, 400, bits);
      sound[0][7] = -(1L << bits - 1); // the largest difference needs one bit more
      sound[1][7] = (1L << bits - 1) - 1;
      for (int stereo : new int[] {0, 8, 9, 10}) {
        FlacBytes flac = new FlacBytes(RATE, bits);
        flac.stereo = stereo;
        flac.coding = bits == 32 ? Coding.VERBATIM : Coding.FIXED;
        flac.order = 1;
        assertDecoded(sound, bits, flac.encode(sound), stereo + " of " + bits + " bits");
      }
    }
  }

  @Test
  void upToEightChannels() throws IOException {
    for (int channels = 1; channels <= 8; channels++) {
      long[][] sound = sound(channels, 300, 16);
      assertDecoded(sound, 16, new FlacBytes(RATE, 16).encode(sound), channels + " channels");
    }
  }

  @Test
  void wastedBitsAreGivenBackAsZeros() throws IOException {
    long[][] sound = sound(1, 400, 12);
    for (int i = 0; i < 400; i++) {
      sound[0][i] <<= 4;
    }
    for (Coding coding : new Coding[] {Coding.VERBATIM, Coding.FIXED, Coding.LPC}) {
      FlacBytes flac = new FlacBytes(RATE, 16);
      flac.coding = coding;
      flac.wastedBits = 4;
      assertDecoded(sound, 16, flac.encode(sound), coding.toString());
    }
  }

  @Test
  void constantChannels() throws IOException {
    long[][] sound = new long[2][1000];
    Arrays.fill(sound[0], -12345);
    FlacBytes flac = new FlacBytes(RATE, 16);
    flac.coding = Coding.CONSTANT;
    assertDecoded(sound, 16, flac.encode(sound), "constant");
  }

  @Test
  void residualsInPartitionsWithEitherWidthOfParameterAndWithoutOne() throws IOException {
    long[][] sound = sound(1, 192 * 3, 16);
    for (int partitionOrder = 0; partitionOrder <= 6; partitionOrder++) {
      for (int kind = 0; kind < 4; kind++) {
        FlacBytes flac = new FlacBytes(RATE, 16);
        flac.partitionOrder = partitionOrder;
        flac.wideRice = (kind & 1) == 1;
        flac.escape = kind > 1;
        assertDecoded(sound, 16, flac.encode(sound), partitionOrder + " partitions, kind " + kind);
      }
    }
    FlacBytes silence = new FlacBytes(RATE, 16);
    silence.escape = true; // of zero bits
    assertDecoded(new long[1][500], 16, silence.encode(new long[1][500]), "silence");
  }

  @Test
  void framesAreCountedInBytesOfAnyNumber() throws IOException {
    long[][] sound = sound(1, 70_000, 8);
    FlacBytes fixed = new FlacBytes(RATE, 8);
    fixed.blockSize = 16; // 4375 frames
    assertDecoded(sound, 8, fixed.encode(sound), "frame numbers");
    FlacBytes variable = new FlacBytes(RATE, 8);
    variable.variable = true; // sample numbers up to 70,000
    assertDecoded(sound, 8, variable.encode(sound), "sample numbers");
  }

  @Test
  void anyStretchIsThatOfTheWhole() throws IOException {
    long[][] sound = sound(2, 40 * RATE, 16); // longer than what one entry of the index covers
    FlacBytes flac = new FlacBytes(RATE, 16);
    flac.blockSize = 4096;
    Random random = new Random(1);
    try (FlacDecoder decoder = open(flac.encode(sound))) {
      for (int trial = 0; trial < 60; trial++) {
        int from = random.nextInt(sound[0].length);
        int count = random.nextInt(Math.min(9000, sound[0].length - from) + 1);
        float[] part = new float[2 * count];
        decoder.read(from, count, part);
        for (int i = 0; i < part.length; i++) {
          assertEquals(sound[i % 2][from + i / 2] / 0x1p15f, part[i], "from " + from + ", " + i);
        }
      }
    }
  }

  @Test
  void aSeekTableIsUsedWhereItIsTrueAndForgottenWhereItIsNot() throws IOException {
    long[][] sound = sound(1, 50 * RATE, 16);
    FlacBytes plain = new FlacBytes(RATE, 16);
    plain.blockSize = 4096;
    plain.encode(sound);
    long[] late = plain.frames.get(180);
    for (long lie : new long[] {0, 1, -late[0]}) {
      FlacBytes flac = new FlacBytes(RATE, 16);
      flac.blockSize = 4096;
      flac.seekTable =
          ByteBuffer.allocate(36)
              .putLong(late[1])
              .putLong(late[0] + lie)
              .putShort((short) 4096)
              .putLong(-1) // a placeholder
              .putLong(0)
              .putShort((short) 0)
              .array();
      try (FlacDecoder decoder = open(flac.encode(sound))) {
        float[] part = new float[5000];
        for (int from : new int[] {(int) late[1] + 100, 5, sound[0].length - 5000}) {
          decoder.read(from, 5000, part);
          for (int i = 0; i < part.length; i++) {
            assertEquals(sound[0][from + i] / 0x1p15f, part[i], lie + ", from " + from);
          }
        }
      }
    }
  }

  @Test
  void withASeekTableWhatLiesBetweenIsNotDecoded() throws IOException {
    long[][] sound = sound(1, 50 * RATE, 16);
    FlacBytes plain = new FlacBytes(RATE, 16);
    plain.blockSize = 4096;
    plain.encode(sound);
    long[] late = plain.frames.get(180);
    FlacBytes flac = new FlacBytes(RATE, 16);
    flac.blockSize = 4096;
    flac.seekTable =
        ByteBuffer.allocate(18).putLong(late[1]).putLong(late[0]).putShort((short) 1).array();
    byte[] damaged = flac.encode(sound);
    damaged[200_000] ^= 1;
    try (FlacDecoder decoder = open(damaged)) {
      float[] part = new float[1];
      decoder.read(late[1] + 3, 1, part);
      assertEquals(sound[0][(int) late[1] + 3] / 0x1p15f, part[0]);
      assertThrows(
          FlacException.class, () -> decoder.read(0, (int) late[1], new float[(int) late[1]]));
    }
  }

  @Test
  void aStreamOfUnknownLengthIsAsLongAsItsFrames() throws IOException {
    for (boolean variable : new boolean[] {false, true}) {
      long[][] sound = sound(1, 12_345, 16);
      FlacBytes flac = new FlacBytes(RATE, 16);
      flac.lengthUnknown = true;
      flac.variable = variable;
      assertDecoded(sound, 16, flac.encode(sound), "variable " + variable);
    }
    FlacBytes empty = new FlacBytes(RATE, 16);
    assertDecoded(new long[1][0], 16, empty.encode(new long[1][0]), "no frame at all");
  }

  @Test
  void tagsBeforeAndAfterTheStreamAreNoSound() throws IOException {
    long[][] sound = sound(1, 1000, 16);
    byte[] flac = new FlacBytes(RATE, 16).encode(sound);
    byte[] tagged = Arrays.copyOf(flac, flac.length + 128);
    tagged[flac.length] = 'T';
    tagged[flac.length + 30] = -1; // the beginning of a sync code
    tagged[flac.length + 31] = (byte) 0xF8;
    assertDecoded(sound, 16, tagged, "ID3v1");
  }

  @Test
  void aStreamThatEndsEarlyIsRefusedWhenItIsOpened() throws IOException {
    long[][] sound = sound(1, 1000, 16);
    FlacBytes encoder = new FlacBytes(RATE, 16);
    byte[] flac = encoder.encode(sound);
    assertRefused(
        Arrays.copyOf(flac, flac.length - 1),
        "is truncated or damaged: its last whole frame ends after 960 of its 1000 samples");
    assertRefused(
        Arrays.copyOf(flac, 30), "is truncated: it ends after 30 bytes, inside its header");
    int firstFrame = 42;
    assertRefused(
        Arrays.copyOf(flac, firstFrame + 50),
        "is truncated or damaged: its last whole frame ends after 0 of its 1000 samples");
    assertRefused(
        Arrays.copyOf(flac, firstFrame), "is truncated: it ends inside a frame, at byte 42");
  }

  @Test
  void aFewBytesDoNotPromiseDays() throws IOException {
    FlacBytes flac = new FlacBytes(RATE, 16);
    flac.variable = true;
    flac.lengthUnknown = true;
    flac.coding = Coding.CONSTANT;
    flac.firstNumber = 1L << 35;
    assertRefused(
        flac.encode(new long[1][27]),
        "is damaged: its last frame ends after 34359738395 samples, and 19 bytes hold at most"
            + " 65536");
  }

  @Test
  void everyFlippedBitOfAFrameIsNoticed() throws IOException {
    long[][] sound = sound(2, 192 * 4, 16);
    byte[] flac = new FlacBytes(RATE, 16).encode(sound);
    Random random = new Random(2);
    for (int trial = 0; trial < 300; trial++) {
      byte[] damaged = flac.clone();
      int bit = (42 + random.nextInt(flac.length - 42)) * 8 + random.nextInt(8);
      damaged[bit / 8] ^= (byte) (1 << bit % 8);
      FlacException found =
          assertThrows(
              FlacException.class,
              () -> {
                try (FlacDecoder decoder = open(damaged)) {
                  decoder.read(0, sound[0].length, new float[2 * sound[0].length]);
                }
              },
              "bit " + bit);
      assertTrue(found.getMessage().matches("is (damaged|truncated).*"), found.getMessage());
    }
  }

  @Test
  void readingGoesOnBesideADamagedFrame() throws IOException {
    long[][] sound = sound(1, 192 * 4, 16);
    FlacBytes encoder = new FlacBytes(RATE, 16);
    byte[] flac = encoder.encode(sound);
    flac[42 + (int) encoder.frames.get(1)[0] + 20] ^= 4;
    try (FlacDecoder decoder = open(flac)) {
      float[] samples = new float[192];
      decoder.read(0, 192, samples);
      FlacException damage =
          assertThrows(FlacException.class, () -> decoder.read(192, 10, new float[10]));
      assertTrue(damage.getMessage().startsWith("is damaged: "), damage.getMessage());
      decoder.read(0, 192, samples);
      assertEquals(sound[0][191] / 0x1p15f, samples[191]);
    }
  }

  @Test
  void whatTheFormatReservesIsRefused() throws IOException {
    byte[] flac = new FlacBytes(RATE, 16).encode(new long[1][100]);
    byte[] noRate = flac.clone();
    noRate[18] = 0;
    noRate[19] = 0;
    noRate[20] &= 0x0F;
    assertRefused(noRate, "has a damaged header: a sample rate of 0 Hz");
    byte[] noInfo = flac.clone();
    noInfo[4] = (byte) 0x84;
    assertRefused(noInfo, "has a damaged header: metadata block 0 of type 4 with 34 bytes");
    assertRefused(new byte[100], "is damaged: no FLAC stream begins at byte 0");
    byte[] other = flac.clone();
    other[42] = 0;
    assertRefused(other, "is damaged: in the frame at byte 42 no frame begins there");
  }

  private FlacDecoder open(byte[] bytes) throws IOException {
    FileChannel channel = FileChannel.open(Files.write(folder.resolve("a.flac"), bytes));
    try {
      return FlacDecoder.open(channel, 0);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  private void assertDecoded(long[][] sound, int bits, byte[] file, String what)
      throws IOException {
    try (FlacDecoder decoder = open(file)) {
      assertEquals(sound[0].length, decoder.samples(), what);
      assertEquals(sound.length, decoder.channels(), what);
      assertEquals(RATE, decoder.sampleRate(), what);
      int channels = sound.length;
      float[] expected = new float[channels * sound[0].length];
      for (int i = 0; i < expected.length; i++) {
        expected[i] = (float) (sound[i % channels][i / channels] / (double) (1L << bits - 1));
      }
      float[] decoded = new float[expected.length];
      decoder.read(0, sound[0].length, decoded);
      assertArrayEquals(expected, decoded, 0f, what);
    }
  }

  private void assertRefused(byte[] bytes, String reason) {
    FlacException refusal = assertThrows(FlacException.class, () -> open(bytes).close());
    assertEquals(reason, refusal.getMessage());
  }
}
