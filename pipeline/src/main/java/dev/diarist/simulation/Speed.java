package dev.diarist.simulation;

import dev.diarist.audio.AudioSource;
import dev.diarist.audio.Recording;
import java.io.IOException;

/**
 * Sound played faster or slower, as a tape: 1/factor as long, every frequency times the factor.
 * Another speed makes another voice, which trainings count as one more speaker.
 */
public final class Speed {
  /** Factors are rounded to hundredths, for which the resampler needs few phases. */
  private static final double STEP = 0.01;

  public static final double MIN_FACTOR = 0.5;
  public static final double MAX_FACTOR = 2;

  private Speed() {}

  /**
   * The sound at another speed, as a new array of ⌈samples/factor⌉ samples.
   *
   * @param sound at 16 kHz; not modified
   * @param factor above 1 for faster, rounded to hundredths
   * @throws IllegalArgumentException if the factor is not from 0.5 to 2
   */
  public static float[] changed(float[] sound, double factor) throws IOException {
    if (!(factor >= MIN_FACTOR && factor <= MAX_FACTOR)) {
      throw new IllegalArgumentException(
          "a speed must be from %s to %s times the old one, got %s"
              .formatted(MIN_FACTOR, MAX_FACTOR, factor));
    }
    int rate = (int) (Math.round(factor / STEP) * Math.round(AudioSource.SAMPLE_RATE * STEP));
    if (sound.length == 0 || rate == AudioSource.SAMPLE_RATE) {
      return sound.clone();
    }
    try (AudioSource faster = Recording.of("sound at another speed", sound, rate).mix()) {
      float[] changed = new float[Math.toIntExact(faster.samples())];
      faster.read(0, changed.length, changed, 0);
      return changed;
    }
  }
}
