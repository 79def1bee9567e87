package dev.diarist.metric;

/**
 * What of a recording counts.
 *
 * @param collarSeconds around the boundaries of the reference, which is not judged; {@link
 *     Convention} says on which side
 * @param skipOverlap whether time in which several turns of the reference run is not judged
 */
public record Scoring(Convention convention, double collarSeconds, boolean skipOverlap) {
  /** pyannote.metrics as it is: everything counts. */
  public static final Scoring DEFAULT = new Scoring(Convention.PYANNOTE, 0, false);

  public Scoring {
    if (!(collarSeconds >= 0) || Double.isInfinite(collarSeconds)) {
      throw new IllegalArgumentException(
          "a collar must be a finite number of seconds from 0, got " + collarSeconds);
    }
  }
}
