package dev.diarist.training.embedding;

import dev.diarist.nn.signal.Fbank;
import java.io.IOException;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * The crops of a training: each follows from the seed, its step and its place in the batch.
 *
 * <p>Letters: {@code B} crops of a batch, {@code T} frames, {@code M} mel bins.
 */
final class Crops {
  /** Parts of the features that are blanked out. Source: Park et al., "SpecAugment", 2019. */
  private static final int BLANK_BINS = 10;

  private static final int BLANK_FRAMES = 20;
  private static final int BLANKS = 2;

  /** The share of disturbed crops that are heard in a scene. */
  private static final double IN_SCENE = 0.7;

  private final Voices voices;
  private final Acoustics acoustics;
  private final Fbank fbank;
  private final int frames;

  Crops(Voices voices, Acoustics acoustics, Fbank fbank, int frames) {
    this.voices = voices;
    this.acoustics = acoustics;
    this.fbank = fbank;
    this.frames = frames;
  }

  /**
   * @param features (B, T, M)
   * @param voices (B)
   */
  record Batch(float[] features, int[] voices) {}

  /**
   * @param disturbed the share of crops with acoustics around them and blanks; most of them are
   *     heard in a scene
   */
  Batch batch(long seed, long step, int size, double disturbed) throws IOException {
    int bins = fbank.melBins();
    float[] features = new float[size * frames * bins];
    int[] labels = new int[size];
    for (int b = 0; b < size; b++) {
      SplittableRandom random = random(seed, step, b);
      labels[b] = random.nextInt(voices.count());
      float[] crop = voices.crop(labels[b], samples(), random);
      int at = b * frames * bins; // features[b,:,:]
      if (random.nextDouble() < disturbed) {
        disturbed(crop, labels[b], features, at, random);
        blank(features, at, random);
      } else {
        features(crop, features, at);
      }
    }
    return new Batch(features, labels);
  }

  /**
   * Features of a crop with acoustics around it, mostly in a scene over which they are centred.
   *
   * @param features (T, M) from {@code at} on, overwritten
   */
  void disturbed(float[] crop, int voice, float[] features, int at, SplittableRandom random)
      throws IOException {
    if (random.nextDouble() >= IN_SCENE) {
      features(acoustics.around(crop, random), features, at);
      return;
    }
    Scene scene = Scene.around(crop, voice, voices, fbank.stepSamples(), random);
    float[] heard = acoustics.around(scene.sound(), random);
    int bins = fbank.melBins();
    int heardFrames = fbank.frames(heard.length);
    float[] all = new float[heardFrames * bins];
    fbank.compute(heard, 0, heard.length, all, 0);
    fbank.center(all, 0, heardFrames);
    System.arraycopy(all, scene.firstFrame() * bins, features, at, frames * bins);
  }

  /** A source of randomness that follows from a few numbers. */
  static SplittableRandom random(long... numbers) {
    long state = 0;
    for (long number : numbers) {
      state = (state ^ number) * 0x9e3779b97f4a7c15L + 0x632be59bd9b4e019L; // spreads the bits
    }
    return new SplittableRandom(state);
  }

  /** Frames of a crop. */
  int frames() {
    return frames;
  }

  /** Samples of the frames of a crop. */
  int samples() {
    return fbank.frameSamples() + (frames - 1) * fbank.stepSamples();
  }

  /**
   * Features of a crop, centred as in use.
   *
   * @param features (T, M) from {@code at} on, overwritten
   */
  void features(float[] crop, float[] features, int at) {
    fbank.compute(crop, 0, samples(), features, at);
    fbank.center(features, at, frames);
  }

  /** Zeros, which are means, over random bands and a random stretch of time. */
  private void blank(float[] features, int at, SplittableRandom random) {
    int bins = fbank.melBins();
    for (int i = 0; i < BLANKS; i++) {
      int width = Math.min(random.nextInt(BLANK_BINS + 1), bins);
      int first = random.nextInt(bins - width + 1);
      for (int t = 0; t < frames; t++) {
        int row = at + t * bins; // features[b,t,:]
        Arrays.fill(features, row + first, row + first + width, 0);
      }
    }
    int width = Math.min(random.nextInt(BLANK_FRAMES + 1), frames);
    int first = random.nextInt(frames - width + 1);
    Arrays.fill(features, at + first * bins, at + (first + width) * bins, 0);
  }
}
