package dev.diarist.cli;

import dev.diarist.DiarizerOptions;
import dev.diarist.StageListener;
import dev.diarist.audio.AudioFiles;
import dev.diarist.audio.AudioSource;
import dev.diarist.nn.backend.Backends;
import dev.diarist.regions.RegionDetector;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The recordings and the model of a command that needs the segmentation network alone. */
final class SegmentationOptions {
  @Parameters(
      arity = "1..*",
      paramLabel = "AUDIO",
      description = "Recordings: WAV, FLAC, AIFF, AU; others with FFmpeg.")
  private List<Path> recordings;

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

  @Option(
      names = "--backend",
      paramLabel = "NAME",
      description = "What runs the network (default: auto).")
  private String backend;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads to compute with; no result depends on it.")
  private Integer threads;

  List<Path> recordings() {
    return recordings;
  }

  Path output() {
    return output;
  }

  /**
   * @throws IllegalArgumentException if there is no model, or an option is out of range
   */
  void check() {
    ModelOptions.requireModel(model);
    override(DiarizerOptions.defaults());
  }

  private DiarizerOptions override(DiarizerOptions options) {
    DiarizerOptions overridden = options;
    if (backend != null) {
      Backends.requireKnown(backend);
      overridden = overridden.withBackend(backend);
    }
    return threads == null ? overridden : overridden.withThreads(threads);
  }

  /** Does {@code work} for each recording; one that fails does not stop the others. */
  int forEach(Surroundings surroundings, Work work) throws IOException {
    Map<Path, Throwable> failures = new LinkedHashMap<>();
    try (RegionDetector detector = open()) {
      for (Path recording : recordings) {
        try (AudioSource audio = AudioFiles.open(recording)) {
          ProgressBar bar = new ProgressBar(audio.uri(), surroundings.err());
          try {
            work.run(detector, audio, surroundings.terminal() ? bar : StageListener.NONE);
          } finally {
            bar.erase();
          }
        } catch (IOException | RuntimeException e) {
          failures.put(recording, e);
          surroundings.tell(Failure.sentence(recording, e), e);
        }
      }
    }
    if (failures.size() > 0 && recordings.size() > 1) {
      surroundings.tell(failures.size() + " of " + recordings.size() + " recordings failed");
    }
    return failures.isEmpty() ? 0 : 1;
  }

  private RegionDetector open() throws IOException {
    Path found = ModelOptions.orDefault(model);
    try {
      return RegionDetector.open(found, this::override);
    } catch (IllegalArgumentException e) {
      throw new IOException(Failure.sentence(found, e), e);
    }
  }

  /** What is done with a recording. */
  @FunctionalInterface
  interface Work {
    void run(RegionDetector detector, AudioSource audio, StageListener listener) throws IOException;
  }
}
