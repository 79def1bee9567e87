package dev.diarist.training.embedding;

import dev.diarist.simulation.Level;
import java.io.IOException;
import java.util.random.RandomGenerator;

/**
 * A crop among what is heard before and after it. In use, features are centred over a chunk in
 * which the speaker goes on, others speak, and nobody does: their mean is not the speaker's own. An
 * embedding that only ever saw crops centred by themselves moves with its company.
 *
 * @param sound before, crop and after in one
 * @param firstFrame of the crop
 */
record Scene(float[] sound, int firstFrame) {
  /** At most so much of a crop's length is heard around it, before and after together. */
  private static final int CONTEXT = 4;

  /** What is heard around changes every 0.4 to 1.6 seconds. */
  private static final int SHORTEST_SAMPLES = 6_400;

  private static final int LONGEST_SAMPLES = 25_600;

  /** Others are louder or softer by up to so much. */
  private static final double LEVEL_DECIBELS = 6;

  /**
   * A scene of random length, with the crop at a random place in it.
   *
   * @param voice of the crop
   * @param stepSamples from one frame to the next
   * @throws IOException if a recording cannot be read
   */
  static Scene around(
      float[] crop, int voice, Voices voices, int stepSamples, RandomGenerator random)
      throws IOException {
    int frames = random.nextInt(1 + CONTEXT * crop.length / stepSamples);
    int first = random.nextInt(frames + 1);
    int start = first * stepSamples;
    float[] sound = new float[crop.length + frames * stepSamples];
    fill(sound, 0, start, voice, voices, random);
    System.arraycopy(crop, 0, sound, start, crop.length);
    fill(sound, start + crop.length, sound.length, voice, voices, random);
    return new Scene(sound, first);
  }

  /** The same voice, another one, and pauses in random order. */
  private static void fill(
      float[] sound, int from, int to, int voice, Voices voices, RandomGenerator random)
      throws IOException {
    for (int at = from; at < to; ) {
      int count = Math.min(random.nextInt(SHORTEST_SAMPLES, LONGEST_SAMPLES), to - at);
      float[] part =
          switch (random.nextInt(3)) {
            case 0 -> voices.crop(voice, count, random);
            case 1 -> other(count, voices, random);
            default -> pause(count, random);
          };
      System.arraycopy(part, 0, sound, at, count);
      at += count;
    }
  }

  private static float[] other(int samples, Voices voices, RandomGenerator random)
      throws IOException {
    float[] part = voices.crop(random.nextInt(voices.count()), samples, random);
    return Level.changed(part, LEVEL_DECIBELS * (2 * random.nextDouble() - 1));
  }

  /** Never without any sound, which only files have. */
  private static float[] pause(int samples, RandomGenerator random) {
    float[] part = new float[samples];
    for (int i = 0; i < samples; i++) {
      part[i] = (float) random.nextGaussian();
    }
    return Level.set(part, -80 + 30 * random.nextDouble());
  }
}
