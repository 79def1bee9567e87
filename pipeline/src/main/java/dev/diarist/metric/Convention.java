package dev.diarist.metric;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** Whose habits a comparison follows; tools of the field agree on the names of metrics only. */
public enum Convention {
  /**
   * pyannote.metrics: a collar is the <em>whole</em> width that is left out around each boundary of
   * the reference, half on each side. Speakers are mapped on what is left. Turns of one speaker
   * that overlap count each. Without a region given, that is the extent of reference and hypothesis
   * together.
   */
  PYANNOTE,

  /**
   * md-eval.pl of NIST: a collar is left out on <em>each</em> side of each boundary, so that 0.25
   * there is 0.5 to pyannote. Speakers are mapped before collars and overlap are left out. A
   * speaker speaks once at a time. Without a region given, that is the extent of the reference.
   */
  NIST_MD_EVAL,

  /**
   * dscore of DIHARD, which runs md-eval.pl: collars and mapping are those of {@link
   * #NIST_MD_EVAL}, the region without one given that of {@link #PYANNOTE}. The Jaccard error rate
   * knows neither collars nor skipped overlap, and maps speakers so that it is smallest itself.
   *
   * <p>Differs: dscore takes that rate from frames of 10 ms, this from exact times.
   */
  DSCORE;

  /** {@code nist-md-eval} for {@link #NIST_MD_EVAL}. */
  public String conventionName() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * @throws IllegalArgumentException if there is no convention of that name
   */
  public static Convention of(String name) {
    return Arrays.stream(values())
        .filter(convention -> convention.conventionName().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "unknown convention "
                        + name
                        + "; known are "
                        + Arrays.stream(values())
                            .map(Convention::conventionName)
                            .collect(Collectors.joining(", "))));
  }

  /** Seconds that a collar leaves out on one side of a boundary. */
  double sideSeconds(double collarSeconds) {
    return this == PYANNOTE ? .5 * collarSeconds : collarSeconds;
  }

  boolean mapsBeforeExclusion() {
    return this != PYANNOTE;
  }

  boolean mergesTurnsOfOneSpeaker() {
    return this != PYANNOTE;
  }

  @Override
  public String toString() {
    return conventionName();
  }
}
