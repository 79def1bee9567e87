package dev.diarist.cli;

import dev.diarist.DiarizerOptions;
import dev.diarist.Mode;
import dev.diarist.weights.DefaultModel;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which model runs, and how. */
final class ModelOptions {
  @Option(
      names = "--model",
      paramLabel = "DIR",
      description = "Folder of the model (default: the one that comes with Diarist).")
  private Path model;

  @Mixin private ExecutionOptions execution;

  @Option(
      names = "--mode",
      paramLabel = "MODE",
      description =
          "exact (default): the answer of the reference; fast: several times as fast, with half as"
              + " many chunks, and another answer where speakers are hard to tell apart.")
  private String mode;

  @Option(
      names = "--ties",
      paramLabel = "ORDER",
      description =
          "Which of two speakers with as many votes speaks: numpy-x86 (default), or lowest-first,"
              + " as pyannote has it with numpy 1.26 without AVX-512.")
  private String ties;

  /**
   * @throws IllegalArgumentException if there is no model, or an option is out of range
   */
  void check() {
    requireModel(model);
    override(DiarizerOptions.defaults());
  }

  /** Whether the user named one. */
  boolean isNamed() {
    return model != null;
  }

  /**
   * The folder of the model.
   *
   * @throws IOException if none is named and none came with Diarist
   */
  Path folder() throws IOException {
    return orDefault(model);
  }

  /**
   * @param model null where none is named
   * @throws IllegalArgumentException if none is named and none came with Diarist
   */
  static void requireModel(Path model) {
    if (model == null && !DefaultModel.isPresent()) {
      throw new IllegalArgumentException(
          "a model is needed: name one with --model; the default one is not on the class path");
    }
  }

  /** The model that is named, or else the one that comes with Diarist. */
  static Path orDefault(Path model) throws IOException {
    return model == null ? DefaultModel.folder() : model;
  }

  /**
   * Opens the model.
   *
   * @throws IOException if it cannot be opened with these options
   */
  Recognizer open(Recognizer.Opener models) throws IOException {
    Path folder = folder();
    try {
      return models.open(folder, this::override);
    } catch (IllegalArgumentException e) {
      throw new IOException(Failure.sentence(folder, e), e);
    }
  }

  /**
   * The options that the model's configuration gives, with those of the command line.
   *
   * @throws IllegalArgumentException if a parameter is unknown or out of range
   */
  DiarizerOptions override(DiarizerOptions options) {
    DiarizerOptions overridden = execution.override(options);
    if (mode != null) {
      overridden = overridden.withMode(Mode.of(mode));
    }
    return ties == null ? overridden : overridden.withTies(ties);
  }
}
