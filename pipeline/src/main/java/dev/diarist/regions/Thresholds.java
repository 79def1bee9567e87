package dev.diarist.regions;

/**
 * Where regions begin and end in scores from 0 to 1: above the onset, and below the offset.
 *
 * <p>Source: {@code Binarize} of pyannote.audio 3.3.2.
 */
public record Thresholds(double onset, double offset) {
  /** One half: what pyannote takes for powersets, whose scores are shares of chunks. */
  public static final Thresholds HALF = new Thresholds(0.5, 0.5);

  /**
   * @throws IllegalArgumentException if one is not from 0 to 1, or the offset is above the onset
   */
  public Thresholds {
    if (!(onset >= 0 && onset <= 1 && offset >= 0 && offset <= onset)) {
      throw new IllegalArgumentException(
          "the onset must be from 0 to 1 and the offset from 0 to the onset, got %s and %s"
              .formatted(onset, offset));
    }
  }
}
