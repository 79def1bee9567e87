package dev.diarist.embedding;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.diarist.audio.AudioSource;
import dev.diarist.audio.Recording;
import dev.diarist.nn.signal.Fbank;
import dev.diarist.segmentation.SlidingWindow;
import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ChunkFeaturesTest {
  private static final int RATE = AudioSource.SAMPLE_RATE;
  private final Fbank fbank = new Fbank(RATE, 80);

  /** Noise of 3.3 s that counts the samples asked for. */
  private static final class Noise implements AudioSource {
    private final float[] samples = new float[(int) (3.3 * RATE)];
    private long read;

    Noise() {
      Random random = new Random(11);
      for (int i = 0; i < samples.length; i++) {
        samples[i] = (float) random.nextGaussian() / 4;
      }
    }

    @Override
    public String uri() {
      return "noise";
    }

    @Override
    public long samples() {
      return samples.length;
    }

    @Override
    public void read(long firstSample, int count, float[] target, int offset) {
      read += count;
      for (int i = 0; i < count; i++) {
        long at = firstSample + i;
        target[offset + i] = at < samples.length ? samples[(int) at] : 0;
      }
    }

    @Override
    public void close() {}
  }

  private void assertSameAsAlone(double stepSeconds, int... asked) throws IOException {
    Noise audio = new Noise();
    SlidingWindow chunks = new SlidingWindow(0, 2.0, stepSeconds);
    ChunkFeatures shared = new ChunkFeatures(audio, chunks, fbank);
    float[] features = new float[5 + shared.frames() * 80];
    for (int chunk : asked) {
      shared.read(chunk, features, 5);
      float[] alone = new float[5 + shared.frames() * 80];
      new ChunkFeatures(audio, chunks, fbank).read(chunk, alone, 5);
      assertArrayEquals(alone, features, "chunk " + chunk);
    }
  }

  @Test
  void sharedFramesAreTheSameToTheLastBit() throws IOException {
    assertSameAsAlone(0.2, 0, 1, 2, 3, 4, 5, 6, 7);
  }

  @Test
  void chunksMayBeLeftOut() throws IOException {
    assertSameAsAlone(0.2, 0, 3, 4, 7);
    assertSameAsAlone(1.0, 0, 2);
  }

  @Test
  void aStepThatIsNoWholeNumberOfFramesSharesNothing() throws IOException {
    assertSameAsAlone(0.123, 0, 1, 2, 5);
  }

  @Test
  void onlyNewSamplesAreRead() throws IOException {
    Noise audio = new Noise();
    SlidingWindow chunks = new SlidingWindow(0, 2.0, 0.2);
    ChunkFeatures features = new ChunkFeatures(audio, chunks, fbank);
    float[] target = new float[features.frames() * 80];
    features.read(0, target, 0);
    assertEquals(2 * RATE, audio.read);
    features.read(1, target, 0);
    // 0.2 s are new; 178 of 198 frames of 160 samples are kept
    assertEquals(2 * RATE + (2 * RATE - 178 * 160), audio.read);
  }

  @Test
  void chunksOfAnotherRateAreResampledEachByItself() throws IOException {
    float[] noise = new Noise().samples;
    SlidingWindow chunks = new SlidingWindow(0, 2.0, 0.2);
    try (AudioSource audio = Recording.of("noise", noise, 11025).mix()) {
      ChunkFeatures features = new ChunkFeatures(audio, chunks, fbank);
      float[] actual = new float[features.frames() * 80];
      for (int chunk = 0; chunk < 4; chunk++) {
        features.read(chunk, actual, 0);
        float[] crop = new float[2 * RATE];
        audio.crop(chunk * 0.2, 2.0, crop, 0);
        float[] expected = new float[actual.length];
        fbank.compute(crop, 0, crop.length, expected, 0);
        fbank.center(expected, 0, features.frames());
        assertArrayEquals(expected, actual, "chunk " + chunk);
      }
    }
  }

  @Test
  void chunksBeginWhereTheirSecondsAreCutOffNotRounded() throws IOException {
    // 3 · 0.3 s = 0.8999…9 s is sample 14399.999…, of which the reference takes 14399
    Noise audio = new Noise();
    ChunkFeatures features = new ChunkFeatures(audio, new SlidingWindow(0, 2.0, 0.3), fbank);
    float[] actual = new float[features.frames() * 80];
    features.read(3, actual, 0);
    float[] samples = new float[2 * RATE];
    audio.read(14399, samples.length, samples, 0);
    float[] expected = new float[actual.length];
    fbank.compute(samples, 0, samples.length, expected, 0);
    fbank.center(expected, 0, features.frames());
    assertArrayEquals(expected, actual);
  }
}
