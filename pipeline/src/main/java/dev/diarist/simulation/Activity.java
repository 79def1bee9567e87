package dev.diarist.simulation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Where somebody speaks in a recording of one speaker, by its energy alone.
 *
 * <p>The level of each frame of 10 ms is taken over 30 ms around it. Speech is as loud as the 95th
 * percentile of these levels, the floor as the 5th; a frame is active above whichever is higher, 30
 * dB below speech or 30 % of the way from the floor to speech. Pauses under 0.3 s are part of the
 * stretch around them, as in human annotations; stretches under 0.2 s are clicks and breath.
 * Stretches begin and end 0.05 s beyond what is active, for consonants are quiet.
 */
public final class Activity {
  static final int FRAME_SAMPLES = 160;
  private static final double SPEECH_PERCENTILE = 0.95;
  private static final double FLOOR_PERCENTILE = 0.05;
  private static final double BELOW_SPEECH_DECIBELS = 30;
  private static final double ABOVE_FLOOR_SHARE = 0.3;
  private static final int MIN_PAUSE_FRAMES = 30;
  private static final int MIN_SPEECH_FRAMES = 20;
  private static final int MARGIN_FRAMES = 5;

  /** Below one step of 16-bit samples: what is digital silence is not louder than anything. */
  private static final double SILENCE_DECIBELS = -100;

  /** Samples [first, end) of a recording. */
  public record Stretch(int firstSample, int endSample) {
    public int samples() {
      return endSample - firstSample;
    }
  }

  private Activity() {}

  /**
   * The stretches of speech, in order; none in silence. Each pause between two is at least 0.2 s.
   *
   * @param sound at 16 kHz; not modified
   */
  public static List<Stretch> of(float[] sound) {
    double[] levels = levels(sound);
    if (levels.length == 0) {
      return List.of();
    }
    double[] sorted = levels.clone();
    Arrays.sort(sorted);
    double speech = sorted[(int) (SPEECH_PERCENTILE * (sorted.length - 1))];
    double floor = sorted[(int) (FLOOR_PERCENTILE * (sorted.length - 1))];
    if (speech <= SILENCE_DECIBELS) {
      return List.of();
    }
    double threshold =
        Math.max(speech - BELOW_SPEECH_DECIBELS, floor + ABOVE_FLOOR_SHARE * (speech - floor));
    return stretches(levels, threshold, sound.length);
  }

  private static double[] levels(float[] sound) {
    int frames = sound.length / FRAME_SAMPLES;
    double[] levels = new double[frames];
    for (int f = 0; f < frames; f++) {
      int from = Math.max(0, f - 1) * FRAME_SAMPLES;
      int to = Math.min(frames, f + 2) * FRAME_SAMPLES;
      levels[f] = Math.max(SILENCE_DECIBELS, Level.decibels(Arrays.copyOfRange(sound, from, to)));
    }
    return levels;
  }

  private static List<Stretch> stretches(double[] levels, double threshold, int samples) {
    List<Stretch> stretches = new ArrayList<>();
    int first = -1; // of the stretch at hand, whose last active frame is `last`
    int last = -1;
    for (int f = 0; f <= levels.length; f++) {
      boolean ends = f == levels.length || first >= 0 && f - last > MIN_PAUSE_FRAMES;
      if (ends && first >= 0) {
        if (last + 1 - first >= MIN_SPEECH_FRAMES) {
          stretches.add(
              new Stretch(
                  Math.max(0, first - MARGIN_FRAMES) * FRAME_SAMPLES,
                  Math.min(samples, (last + 1 + MARGIN_FRAMES) * FRAME_SAMPLES)));
        }
        first = -1;
      }
      if (f < levels.length && levels[f] >= threshold) {
        first = first < 0 ? f : first;
        last = f;
      }
    }
    return stretches;
  }
}
