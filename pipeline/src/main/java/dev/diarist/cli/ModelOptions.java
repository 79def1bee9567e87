package dev.diarist.cli;

import dev.diarist.DiarizerOptions;
import dev.diarist.Mode;
import dev.diarist.nn.backend.Backends;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;

/** Which model runs, and how. */
final class ModelOptions {
  @Option(names = "--model", paramLabel = "DIR", description = "Folder of the model.")
  private Path model;

  @Option(
      names = "--set",
      paramLabel = "PARAMETER=VALUE",
      description = "Overrides a parameter of the model, as in clustering.threshold=0.5.")
  private List<String> parameters = List.of();

  @Option(
      names = "--mode",
      paramLabel = "MODE",
      description =
          "exact (default): the answer of the reference; fast: about three times as fast, with"
              + " another answer where speakers are hard to tell apart.")
  private String mode;

  @Option(
      names = "--backend",
      paramLabel = "NAME",
      description = "What runs the networks (default: auto).")
  private String backend;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads to compute with; no result depends on it.")
  private Integer threads;

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
    DiarizerOptions overridden = options;
    for (String parameter : parameters) {
      int equals = parameter.indexOf('=');
      if (equals < 1) {
        throw new IllegalArgumentException("--set takes PARAMETER=VALUE, got " + parameter);
      }
      overridden = overridden.with(parameter.substring(0, equals), parameter.substring(equals + 1));
    }
    if (mode != null) {
      overridden = overridden.withMode(Mode.of(mode));
    }
    if (backend != null) {
      Backends.requireKnown(backend);
      overridden = overridden.withBackend(backend);
    }
    return threads == null ? overridden : overridden.withThreads(threads);
  }
}
