package dev.diarist.cli;

import dev.diarist.DiarizerOptions;
import dev.diarist.Mode;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which model runs, and how. */
final class ModelOptions {
  @Option(names = "--model", paramLabel = "DIR", description = "Folder of the model.")
  private Path model;

  @Mixin private ExecutionOptions execution;

  @Option(
      names = "--mode",
      paramLabel = "MODE",
      description =
          "exact (default): the answer of the reference; fast: about three times as fast, with"
              + " another answer where speakers are hard to tell apart.")
  private String mode;

  /**
   * @throws IllegalArgumentException if there is no model, or an option is out of range
   */
  void check() {
    if (model == null) {
      throw new IllegalArgumentException("a model folder is needed: name one with --model DIR");
    }
    override(DiarizerOptions.defaults());
  }

  /** Null where there is none. */
  Path model() {
    return model;
  }

  /**
   * Opens the model.
   *
   * @throws IOException if it cannot be opened with these options
   */
  Recognizer open(Recognizer.Opener models) throws IOException {
    try {
      return models.open(model, this::override);
    } catch (IllegalArgumentException e) {
      throw new IOException(Failure.sentence(model, e), e);
    }
  }

  /**
   * The options that the model's configuration gives, with those of the command line.
   *
   * @throws IllegalArgumentException if a parameter is unknown or out of range
   */
  DiarizerOptions override(DiarizerOptions options) {
    DiarizerOptions overridden = execution.override(options);
    return mode == null ? overridden : overridden.withMode(Mode.of(mode));
  }
}
