package dev.diarist.cli;

import dev.diarist.regions.ScoreFormat;
import dev.diarist.regions.ScoreKind;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code diarist segment}: the scores of the segmentation as they are. */
@Command(
    name = "segment",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = "Write the scores of the segmentation network for each recording.")
final class SegmentCommand implements Callable<Integer> {
  private final Surroundings surroundings;

  @Spec private CommandSpec spec;
  @Mixin private DebugOption debug;
  @Mixin private SegmentationOptions segmentation;

  @Option(
      names = "--scores",
      paramLabel = "KIND",
      description = {
        "multilabel (default): 0 or 1 for each chunk, frame and local speaker, or a"
            + " probability where the network gives one;",
        "log_probabilities: for each chunk, frame and set of local speakers;",
        "speech, overlap: 0 to 1 for each frame of the file."
      })
  private ScoreKind kind = ScoreKind.MULTILABEL;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "npy (default where --output is given), json or csv (default).")
  private ScoreFormat format;

  SegmentCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws IOException {
    Destination destination;
    ScoreFormat chosen = format;
    if (chosen == null) {
      chosen = segmentation.output() == null ? ScoreFormat.CSV : ScoreFormat.NPY;
    }
    ScoreFormat written = chosen;
    try {
      segmentation.prepare();
      if (segmentation.output() == null && written == ScoreFormat.NPY) {
        throw new IllegalArgumentException("--format npy needs a file: name one with --output");
      }
      if (segmentation.output() == null && segmentation.recordings().size() > 1) {
        throw new IllegalArgumentException(
            "the scores of several recordings need files of their own: name a folder with"
                + " --output");
      }
      destination =
          Destination.of(
              segmentation.output(),
              segmentation.recordings(),
              written.extension(),
              surroundings.out());
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage());
    }
    return segmentation.forEach(
        surroundings,
        (detector, audio, listener) -> {
          // Not more than one goes to standard output, so that there is no order to keep.
          destination.stream(
              audio.uri(),
              written.extension(),
              out -> detector.writeScores(audio, kind, written, out, listener));
          return () -> {};
        });
  }
}
