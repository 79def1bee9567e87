package dev.diarist;

/** What the caller knows about the number of speakers. */
public sealed interface SpeakerBounds {

  /** Nothing is known. */
  record Auto() implements SpeakerBounds {}

  /** There are {@code speakers}. */
  record Exactly(int speakers) implements SpeakerBounds {
    public Exactly {
      if (speakers < 1) {
        throw new IllegalArgumentException("num_speakers must be at least 1, got " + speakers);
      }
    }
  }

  /** There are from {@code min} to {@code max}, both included. */
  record Between(int min, int max) implements SpeakerBounds {
    public Between {
      if (min < 1) {
        throw new IllegalArgumentException("min_speakers must be at least 1, got " + min);
      }
      if (min > max) {
        throw new IllegalArgumentException(
            "min_speakers must be smaller than or equal to max_speakers, got min_speakers="
                + min
                + " and max_speakers="
                + max);
      }
    }
  }

  SpeakerBounds AUTO = new Auto();

  /**
   * @throws IllegalArgumentException if the number is below 1
   */
  static SpeakerBounds exactly(int speakers) {
    return new Exactly(speakers);
  }

  /**
   * @throws IllegalArgumentException if {@code min} is below 1 or above {@code max}
   */
  static SpeakerBounds between(int min, int max) {
    return new Between(min, max);
  }

  /**
   * @throws IllegalArgumentException if the number is below 1
   */
  static SpeakerBounds atLeast(int min) {
    return new Between(min, Integer.MAX_VALUE);
  }

  /**
   * @throws IllegalArgumentException if the number is below 1
   */
  static SpeakerBounds atMost(int max) {
    return new Between(1, max);
  }

  /** The smallest number of speakers allowed. */
  default int min() {
    return switch (this) {
      case Auto() -> 1;
      case Exactly(int speakers) -> speakers;
      case Between(int min, int max) -> min;
    };
  }

  /** The largest number of speakers allowed; {@link Integer#MAX_VALUE} where there is no limit. */
  default int max() {
    return switch (this) {
      case Auto() -> Integer.MAX_VALUE;
      case Exactly(int speakers) -> speakers;
      case Between(int min, int max) -> max;
    };
  }
}
