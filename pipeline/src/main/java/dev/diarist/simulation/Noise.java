package dev.diarist.simulation;

import dev.diarist.audio.AudioSource;
import java.io.IOException;
import java.util.random.RandomGenerator;

/** Noise under speech. */
public final class Noise {
  private Noise() {}

  /**
   * A stretch of a recording of noise from a random place on, beginning again where it ends.
   *
   * @param noise of any length but 0
   * @throws IOException if it cannot be read
   * @throws IllegalArgumentException if it is empty
   */
  public static float[] stretch(AudioSource noise, int samples, RandomGenerator random)
      throws IOException {
    if (noise.samples() == 0) {
      throw new IllegalArgumentException(noise.uri() + ": noise must have samples, found none");
    }
    float[] stretch = new float[samples];
    long from = random.nextLong(noise.samples());
    for (int done = 0; done < samples; ) {
      int count = (int) Math.min(samples - done, noise.samples() - from);
      noise.read(from, count, stretch, done);
      done += count;
      from = 0;
    }
    return stretch;
  }

  /**
   * speech + g·noise with L(speech) − L(g·noise) = the ratio, L as in {@link Level}, as a new
   * array. Under silence there is no noise.
   *
   * @param noise as long as the speech; not modified
   * @param ratioDecibels signal-to-noise ratio, taken over the whole stretch, pauses included
   * @throws IllegalArgumentException if the lengths differ
   */
  public static float[] added(float[] speech, float[] noise, double ratioDecibels) {
    if (speech.length != noise.length) {
      throw new IllegalArgumentException(
          "noise must be as long as the speech, got %d samples for %d"
              .formatted(noise.length, speech.length));
    }
    float[] sum = Level.set(noise, Level.decibels(speech) - ratioDecibels);
    for (int i = 0; i < sum.length; i++) {
      sum[i] += speech[i];
    }
    return sum;
  }
}
