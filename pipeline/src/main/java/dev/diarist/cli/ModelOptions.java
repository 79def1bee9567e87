package dev.diarist.cli;

import dev.diarist.DiarizerOptions;
import dev.diarist.Mode;
import dev.diarist.nn.backend.Backends;
import dev.diarist.weights.DefaultModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;

/** Which model runs, and how. */
final class ModelOptions {
  @Option(
      names = "--model",
      paramLabel = "DIR",
      description = "Folder of the model (default: the one that comes with Diarist).")
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
