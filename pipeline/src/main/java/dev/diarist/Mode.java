package dev.diarist;

import java.util.Locale;

/** What a diarization gives up for speed. */
public enum Mode {
  /** The answer of the reference. */
  EXACT(1),

  /**
   * Half as many chunks, and the embedding network hears long blocks once, in place of every chunk
   * by itself. What a chunk takes from them differs in two things: its features are centered over
   * the ten seconds around each frame in place of its own, and the network hears what lies beyond
   * its ends in place of zeros.
   */
  FAST(2);

  private final int stepFactor;

  Mode(int stepFactor) {
    this.stepFactor = stepFactor;
  }

  /** How many times as long the step from chunk to chunk is as {@code segmentation_step} says. */
  public int stepFactor() {
    return stepFactor;
  }

  /**
   * The mode of a name in any case.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static Mode of(String name) {
    for (Mode mode : values()) {
      if (mode.toString().equals(name.toLowerCase(Locale.ROOT))) {
        return mode;
      }
    }
    throw new IllegalArgumentException("mode must be exact or fast, got " + name);
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
