package dev.diarist.audio;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ResamplerTest {
  private static final int[] RATES = {
    8000, 11025, 16001, 22050, 32000, 44100, 48000, 96000, 95999, 192000, 767999
  };

  /** The definition, in double, with every tap of every phase: Σᵢ x[i]·k(i/rate − y/16000). */
  private static double direct(float[] x, int rate, long output) {
    double base = 0.99 * Math.min(rate, 16000);
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      double t = (i / (double) rate - output / 16000.0) * base;
      if (Math.abs(t) < 6) {
        double sinc = t == 0 ? 1 : Math.sin(Math.PI * t) / (Math.PI * t);
        sum += x[i] * sinc * Math.pow(Math.cos(Math.PI * t / 12), 2) * base / rate;
      }
    }
    return sum;
  }

  private static float[] noise(int samples) {
    Random random = new Random(5);
    float[] noise = new float[samples];
    for (int i = 0; i < samples; i++) {
      noise[i] = (float) random.nextGaussian() / 8;
    }
    return noise;
  }

  @Test
  void everyRateFollowsTheDefinition() throws IOException {
    for (int rate : RATES) {
      float[] x = noise(rate / 50);
      try (AudioSource audio = Recording.of("noise", x, rate).mix()) {
        assertEquals((long) Math.ceil(x.length * 16000.0 / rate), audio.samples(), rate + " Hz");
        float[] y = new float[(int) audio.samples()];
        audio.read(0, y.length, y, 0);
        double[] expected = new double[y.length];
        Arrays.setAll(expected, k -> direct(x, rate, k));
        for (int k = 0; k < y.length; k++) {
          // float32 positions within a period of o inputs err by 2^-24 of the period
          assertEquals(expected[k], y[k], rate % 1000 == 0 ? 1e-6 : 5e-4, rate + " Hz, " + k);
        }
      }
    }
  }

  @Test
  void anyStretchIsThatOfTheWhole() throws IOException {
    Random random = new Random(3);
    for (int rate : RATES) {
      float[] x = noise(rate / 10 + 77);
      try (AudioSource whole = Recording.of("noise", x, rate).mix()) {
        float[] all = new float[(int) whole.samples() + 50];
        whole.read(0, all.length, all, 0);
        for (int trial = 0; trial < 20; trial++) {
          int from = random.nextInt(all.length - 30);
          int count = 1 + random.nextInt(all.length - from);
          try (AudioSource again = Recording.of("noise", x, rate).mix()) {
            float[] part = new float[count + 1];
            again.read(from, count, part, 1);
            assertArrayEquals(
                Arrays.copyOfRange(all, from, from + count),
                Arrays.copyOfRange(part, 1, count + 1),
                0f);
          }
        }
      }
    }
  }

  @Test
  void theLengthIsKeptInFloat32AboveAQuarterOfAnHour() {
    Resampler resampler = new Resampler(44100);
    assertEquals(57_600_000, resampler.length(158_760_001));
    assertEquals(62_693_876, resampler.length(172_800_000));
    assertEquals(8007, resampler.length(22067));
    assertEquals(0, resampler.length(0));
  }

  @Test
  void aWholeDayIsReadAtItsEndWithoutHoldingIt() throws IOException {
    long frames = 24L * 3600 * 48000;
    long[] read = {0};
    Pcm day =
        new Pcm() {
          @Override
          public String name() {
            return "day";
          }

          @Override
          public int sampleRate() {
            return 48000;
          }

          @Override
          public int channels() {
            return 1;
          }

          @Override
          public long frames() {
            return frames;
          }

          @Override
          public void read(long firstFrame, int count, float[] target) {
            assertTrue(firstFrame >= 0 && firstFrame + count <= frames);
            read[0] += count;
            Arrays.fill(target, 0, count, 0.5f);
          }

          @Override
          public void close() {}
        };
    try (AudioSource audio = new Recording("day", day).mix()) {
      float[] end = new float[160_000];
      audio.read(audio.samples() - end.length, end.length, end, 0);
      assertEquals(0.5f, end[80_000], 1e-3f);
      assertTrue(read[0] < 14L * 48000, read[0] + " frames were read for ten seconds");
    }
  }

  @Test
  void aCropIsResampledByItselfAndHearsNothingOutside() throws IOException {
    float[] x = noise(5 * 8000);
    float[] alone = Arrays.copyOfRange(x, 8000, 8000 + 24000);
    try (AudioSource audio = Recording.of("noise", x, 8000).mix();
        AudioSource piece = Recording.of("piece", alone, 8000).mix()) {
      float[] expected = new float[48000];
      piece.read(0, expected.length, expected, 0);
      float[] crop = new float[48000];
      audio.crop(1.0, 3.0, crop, 0);
      assertArrayEquals(expected, crop, 0f);
      float[] asPartOfTheWhole = new float[48000];
      audio.read(16000, 48000, asPartOfTheWhole, 0);
      assertTrue(Math.abs(asPartOfTheWhole[0] - crop[0]) > 1e-4, "the edge is heard");
      assertEquals(asPartOfTheWhole[24000], crop[24000], 1e-7f);
    }
  }

  @Test
  void aCropBeginsAndEndsWithWholeSamplesOfTheRecording() throws IOException {
    float[] x = noise(30_000);
    // ⌊0.123·11025⌋ = 1356 and ⌊0.5·11025⌋ = 5512, of which ⌈5512·16000/11025⌉ = 8000 come
    float[] alone = Arrays.copyOfRange(x, 1356, 1356 + 5512);
    try (AudioSource audio = Recording.of("noise", x, 11025).mix();
        AudioSource piece = Recording.of("piece", alone, 11025).mix()) {
      assertEquals(11025, audio.recordedRate());
      assertEquals(8000, piece.samples());
      float[] expected = new float[8000];
      piece.read(0, 8000, expected, 0);
      float[] crop = new float[8002];
      audio.crop(0.123, 0.5, crop, 1);
      assertArrayEquals(expected, Arrays.copyOfRange(crop, 1, 8001), 0f);
    }
  }

  @Test
  void aCropPastTheEndIsPaddedBeforeItIsResampled() throws IOException {
    float[] x = new float[8000];
    Arrays.fill(x, 1f);
    try (AudioSource audio = Recording.of("tone", x, 8000).mix()) {
      float[] crop = new float[32000];
      audio.crop(0.5, 2.0, crop, 0);
      assertEquals(1f, crop[4000], 1e-2f);
      assertTrue(crop[8001] != 0, "the step at the end rings");
      assertEquals(0f, crop[8100]);
      audio.crop(7.0, 2.0, crop, 0);
      assertArrayEquals(new float[32000], crop, 0f);
    }
  }

  @Test
  void atSixteenKilohertzACropIsASlice() throws IOException {
    float[] x = noise(40_000);
    try (AudioSource audio = Recording.of("noise", x, 16000).mix()) {
      float[] crop = new float[32000];
      audio.crop(1.00004, 2.0, crop, 0); // sample 16000.64
      assertArrayEquals(Arrays.copyOf(Arrays.copyOfRange(x, 16000, 40_000), 32000), crop, 0f);
    }
  }
}
