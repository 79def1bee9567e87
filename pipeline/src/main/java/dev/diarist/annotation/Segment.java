package dev.diarist.annotation;

/**
 * The stretch of time [start, end).
 *
 * <p>Source: pyannote.core Segment.
 */
public record Segment(double startSeconds, double endSeconds) implements Comparable<Segment> {
  /** What is not longer than this is empty: the resolution of pyannote.core. */
  public static final double PRECISION_SECONDS = 1e-6;

  public boolean isEmpty() {
    return !(endSeconds - startSeconds > PRECISION_SECONDS);
  }

  /** The double {@code endSeconds - startSeconds}; 0 where this is empty. */
  public double durationSeconds() {
    return isEmpty() ? 0 : endSeconds - startSeconds;
  }

  public double middleSeconds() {
    return 0.5 * (startSeconds + endSeconds);
  }

  /** What both cover; empty where they do not meet. */
  public Segment intersection(Segment other) {
    return new Segment(
        Math.max(startSeconds, other.startSeconds), Math.min(endSeconds, other.endSeconds));
  }

  /** Whether the two share more than a rounding error. */
  public boolean intersects(Segment other) {
    return startSeconds == other.startSeconds
        || startSeconds < other.startSeconds && other.startSeconds < endSeconds - PRECISION_SECONDS
        || other.startSeconds < startSeconds && startSeconds < other.endSeconds - PRECISION_SECONDS;
  }

  /** The shortest segment that covers both; neither is empty. */
  public Segment hull(Segment other) {
    return new Segment(
        Math.min(startSeconds, other.startSeconds), Math.max(endSeconds, other.endSeconds));
  }

  /** What lies between the two; empty where they touch or overlap. Neither is empty. */
  public Segment gap(Segment other) {
    return new Segment(
        Math.min(endSeconds, other.endSeconds), Math.max(startSeconds, other.startSeconds));
  }

  /** By start, then end. */
  @Override
  public int compareTo(Segment other) {
    int byStart = Double.compare(startSeconds, other.startSeconds);
    return byStart != 0 ? byStart : Double.compare(endSeconds, other.endSeconds);
  }
}
