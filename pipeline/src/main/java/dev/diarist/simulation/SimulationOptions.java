package dev.diarist.simulation;

import dev.diarist.audio.AudioSource;

/**
 * What conversations are like.
 *
 * @param minSpeakers at least 1
 * @param maxSpeakers each number between the two is as likely
 * @param seconds how long each is, at most an hour, for it is held in memory
 * @param minSignalToNoiseDecibels of the noise under the whole conversation
 * @param maxSignalToNoiseDecibels each ratio between the two is as likely
 * @param seed decides everything, together with the number of the conversation
 */
public record SimulationOptions(
    int minSpeakers,
    int maxSpeakers,
    double seconds,
    double minSignalToNoiseDecibels,
    double maxSignalToNoiseDecibels,
    long seed) {
  private static final double MIN_SECONDS = 1;
  private static final double MAX_SECONDS = 3600;

  /** Two to six speakers, two minutes, noise 5 to 25 dB below. */
  public static final SimulationOptions DEFAULT = new SimulationOptions(2, 6, 120, 5, 25, 1);

  /**
   * @throws IllegalArgumentException if a value is out of range
   */
  public SimulationOptions {
    if (minSpeakers < 1 || maxSpeakers < minSpeakers) {
      throw new IllegalArgumentException(
          "speakers must be 1 or more, and the larger number last, got %d-%d"
              .formatted(minSpeakers, maxSpeakers));
    }
    if (!(seconds >= MIN_SECONDS && seconds <= MAX_SECONDS)) {
      throw new IllegalArgumentException(
          "a conversation must last from 1 to 3600 seconds, got " + seconds);
    }
    if (!(Math.abs(minSignalToNoiseDecibels) <= 100
        && maxSignalToNoiseDecibels >= minSignalToNoiseDecibels
        && maxSignalToNoiseDecibels <= 100)) {
      throw new IllegalArgumentException(
          "the ratio of speech to noise must be from -100 to 100 dB, the larger one last, got %s-%s"
              .formatted(minSignalToNoiseDecibels, maxSignalToNoiseDecibels));
    }
  }

  public SimulationOptions withSpeakers(int min, int max) {
    return new SimulationOptions(
        min, max, seconds, minSignalToNoiseDecibels, maxSignalToNoiseDecibels, seed);
  }

  public SimulationOptions withMinutes(double minutes) {
    return new SimulationOptions(
        minSpeakers,
        maxSpeakers,
        60 * minutes,
        minSignalToNoiseDecibels,
        maxSignalToNoiseDecibels,
        seed);
  }

  public SimulationOptions withSignalToNoise(double minDecibels, double maxDecibels) {
    return new SimulationOptions(minSpeakers, maxSpeakers, seconds, minDecibels, maxDecibels, seed);
  }

  public SimulationOptions withSeed(long seed) {
    return new SimulationOptions(
        minSpeakers,
        maxSpeakers,
        seconds,
        minSignalToNoiseDecibels,
        maxSignalToNoiseDecibels,
        seed);
  }

  /** Whole milliseconds. */
  int samples() {
    return (int) Math.round(seconds * 1000) * (AudioSource.SAMPLE_RATE / 1000);
  }
}
