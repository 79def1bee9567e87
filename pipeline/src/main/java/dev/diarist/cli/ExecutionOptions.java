package dev.diarist.cli;

import dev.diarist.DiarizerOptions;
import dev.diarist.nn.backend.Backends;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Option;

/** How a model runs. */
final class ExecutionOptions {
  @Option(
      names = "--set",
      paramLabel = "PARAMETER=VALUE",
      description = "Overrides a parameter of the model, as in segmentation_step=0.2.")
  private List<String> parameters = List.of();

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
   * The options that the model's configuration gives, with those of the command line.
   *
   * @throws IllegalArgumentException if a parameter is unknown or out of range
   */
  DiarizerOptions override(DiarizerOptions options) {
    DiarizerOptions overridden = options;
    for (String parameter : parameters) {
      overridden =
          overridden.with(name(parameter), parameter.substring(name(parameter).length() + 1));
    }
    if (backend != null) {
      Backends.requireKnown(backend);
      overridden = overridden.withBackend(backend);
    }
    return threads == null ? overridden : overridden.withThreads(threads);
  }

  /**
   * @throws IllegalArgumentException if {@code --set} names a parameter that plays no part here
   */
  void requireOnly(Set<String> known) {
    for (String parameter : parameters) {
      if (!known.contains(name(parameter))) {
        throw new IllegalArgumentException(
            "--set takes only "
                + String.join(" and ", known.stream().sorted().toList())
                + " here, got "
                + parameter);
      }
    }
  }

  private static String name(String parameter) {
    int equals = parameter.indexOf('=');
    if (equals < 1) {
      throw new IllegalArgumentException("--set takes PARAMETER=VALUE, got " + parameter);
    }
    return parameter.substring(0, equals);
  }
}
