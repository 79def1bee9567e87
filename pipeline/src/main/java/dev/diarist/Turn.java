package dev.diarist;

/** One stretch of speech of one speaker. */
public record Turn(double startSeconds, double endSeconds, String speaker) {

  /** The double {@code endSeconds - startSeconds}. */
  public double durationSeconds() {
    return endSeconds - startSeconds;
  }
}
