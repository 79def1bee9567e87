package dev.diarist.cli;

import dev.diarist.weights.hub.Hub;
import dev.diarist.weights.hub.HubOptions;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Where a model that is named instead of given comes from. */
final class HubOption {
  @Option(
      names = "--offline",
      description = "Take models that are named from the local cache only; download nothing.")
  private boolean offline;

  /** The hub that the environment describes; shows its progress where a person watches. */
  Hub open(Surroundings surroundings) {
    return new Hub(() -> options(surroundings));
  }

  private HubOptions options(Surroundings surroundings) throws IOException {
    HubOptions options = HubOptions.of(System.getenv(), Path.of(System.getProperty("user.home")));
    if (surroundings.terminal()) {
      options = options.withListener(new TransferLine(surroundings.err()));
    }
    return offline ? options.offlineOnly() : options;
  }
}
