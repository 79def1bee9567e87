package dev.diarist.cli;

import dev.diarist.DiarizerOptions;
import dev.diarist.StageListener;
import dev.diarist.audio.AudioFiles;
import dev.diarist.audio.AudioOptions;
import dev.diarist.audio.AudioSource;
import dev.diarist.regions.RegionDetector;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The recordings and the model of a command that needs the segmentation network alone. */
final class SegmentationOptions {
  @Mixin private RecordingInputs inputs;
  @Mixin private ChannelOptions channels;
  @Mixin private ExecutionOptions execution;
  @Mixin private Batch batch;

  @Option(
      names = "--model",
      paramLabel = "DIR|FILE",
      description =
          "Folder of the model, or checkpoint of its segmentation (default: the model that comes"
              + " with Diarist).")
  private Path model;

  @Option(
      names = "--output",
      paramLabel = "FILE|DIR",
      description =
          "File for the result of one recording, or folder for one file each (default: standard"
              + " output).")
  private Path output;

  private List<Path> recordings;
  private AudioOptions audioOptions;

  /**
   * Checks the options and finds the recordings.
   *
   * @throws IllegalArgumentException if there is no model or no recording, or an option is out of
   *     range
   * @throws IOException if a folder of recordings cannot be read
   */
  void prepare() throws IOException {
    ModelOptions.requireModel(model);
    execution.override(DiarizerOptions.defaults());
    execution.requireOnly(RegionDetector.PARAMETERS);
    audioOptions = channels.audio();
    batch.jobs();
    recordings = inputs.recordings();
  }

  /** In order; {@link #prepare} finds them. */
  List<Path> recordings() {
    return recordings;
  }

  /** Null for standard output. */
  Path output() {
    return output;
  }

  /** Does {@code work} for each recording; one that fails does not stop the others. */
  int forEach(Surroundings surroundings, Work work) throws IOException {
    try (RegionDetector detector = open()) {
      return batch.run(
          recordings, surroundings, recording -> run(recording, detector, surroundings, work));
    }
  }

  private Batch.Ending run(
      Path recording, RegionDetector detector, Surroundings surroundings, Work work)
      throws IOException {
    try (AudioSource audio = AudioFiles.open(recording, audioOptions)) {
      ProgressBar bar = new ProgressBar(audio.uri(), surroundings.err());
      boolean watched = surroundings.terminal() && batch.jobs() == 1;
      try {
        return work.on(detector, audio, watched ? bar : StageListener.NONE);
      } finally {
        bar.erase();
      }
    }
  }

  private RegionDetector open() throws IOException {
    Path found = ModelOptions.orDefault(model);
    try {
      return RegionDetector.open(found, execution::override);
    } catch (IllegalArgumentException e) {
      throw new IOException(Failure.sentence(found, e), e);
    }
  }

  /** What is done with a recording. */
  @FunctionalInterface
  interface Work {
    /**
     * @return what is left to do in the order of the recordings
     */
    Batch.Ending on(RegionDetector detector, AudioSource audio, StageListener listener)
        throws IOException;
  }
}
