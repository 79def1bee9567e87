package dev.diarist.cli;

import dev.diarist.SpeakerBounds;
import picocli.CommandLine.Option;

/** What the command line says about the number of speakers. */
final class SpeakerOptions {
  @Option(names = "--num-speakers", paramLabel = "N", description = "There are N speakers.")
  private Integer exactly;

  @Option(
      names = "--min-speakers",
      paramLabel = "N",
      description = "There are at least N speakers.")
  private Integer min;

  @Option(names = "--max-speakers", paramLabel = "N", description = "There are at most N speakers.")
  private Integer max;

  /**
   * @throws IllegalArgumentException if a number is below 1, or the options contradict each other
   */
  SpeakerBounds bounds() {
    if (exactly != null) {
      if (min != null || max != null) {
        throw new IllegalArgumentException(
            "--num-speakers goes without --min-speakers and --max-speakers");
      }
      return SpeakerBounds.exactly(exactly);
    }
    if (min != null) {
      return max == null ? SpeakerBounds.atLeast(min) : SpeakerBounds.between(min, max);
    }
    return max == null ? SpeakerBounds.AUTO : SpeakerBounds.atMost(max);
  }
}
