package dev.diarist.cli;

import dev.diarist.annotation.OutputFormat;
import dev.diarist.regions.Region;
import dev.diarist.regions.Thresholds;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Where the regions of one kind are in each recording. */
abstract sealed class RegionCommand implements Callable<Integer> permits VadCommand, OsdCommand {
  private final Surroundings surroundings;
  private final Region region;

  @Spec private CommandSpec spec;
  @Mixin private DebugOption debug;
  @Mixin private SegmentationOptions segmentation;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "${COMPLETION-CANDIDATES} (default: rttm).")
  private OutputFormat format = OutputFormat.RTTM;

  @Option(
      names = "--onset",
      paramLabel = "SCORE",
      description = "Above which a region begins (default: 0.5).")
  private double onset = Thresholds.HALF.onset();

  @Option(
      names = "--offset",
      paramLabel = "SCORE",
      description = "Below which it ends (default: that of the onset).")
  private Double offset;

  @Option(
      names = "--min-duration-on",
      paramLabel = "SECONDS",
      description = "Shorter regions are dropped (default: 0).")
  private double minDurationOnSeconds;

  @Option(
      names = "--min-duration-off",
      paramLabel = "SECONDS",
      description = "Shorter gaps between regions are filled, before that (default: 0).")
  private double minDurationOffSeconds;

  RegionCommand(Surroundings surroundings, Region region) {
    this.surroundings = surroundings;
    this.region = region;
  }

  @Override
  public final Integer call() throws IOException {
    Destination destination;
    Thresholds thresholds;
    try {
      thresholds = new Thresholds(onset, offset == null ? onset : offset);
      segmentation.prepare();
      requireDuration("--min-duration-on", minDurationOnSeconds);
      requireDuration("--min-duration-off", minDurationOffSeconds);
      destination =
          Destination.of(
              segmentation.output(), segmentation.recordings(), format, surroundings.out());
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage());
    }
    return segmentation.forEach(
        surroundings,
        (detector, audio, listener) -> {
          format.requireWritable(audio.uri());
          StringBuilder text = new StringBuilder();
          format.write(
              audio.uri(),
              detector
                  .detect(
                      audio,
                      region,
                      thresholds,
                      minDurationOnSeconds,
                      minDurationOffSeconds,
                      listener)
                  .turns(),
              text);
          String uri = audio.uri();
          return () -> destination.write(uri, format.extension(), text);
        });
  }

  private static void requireDuration(String option, double seconds) {
    if (!(seconds >= 0) || Double.isInfinite(seconds)) {
      throw new IllegalArgumentException(
          option + " must be a finite number of seconds from 0, got " + seconds);
    }
  }
}
