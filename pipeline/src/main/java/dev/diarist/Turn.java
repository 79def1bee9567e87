package dev.diarist;

/**
 * One stretch of speech of one speaker, in seconds from the start of the recording. The last turn
 * may end after it: a padded last chunk is heard whole, as in the reference.
 */
public record Turn(double startSeconds, double endSeconds, String speaker) {

  /** The double {@code endSeconds - startSeconds}. */
  public double durationSeconds() {
    return endSeconds - startSeconds;
  }
}
