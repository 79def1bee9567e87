package dev.diarist.cli;

import dev.diarist.nn.backend.Assessment;
import dev.diarist.nn.backend.Backends;
import dev.diarist.nn.backend.Device;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code diarist devices}: what could run the networks, and why it does not. */
@Command(
    name = "devices",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = "List backends and devices, and why they are not used.")
final class DevicesCommand implements Callable<Integer> {
  private final Surroundings surroundings;

  @Mixin private DebugOption debug;

  DevicesCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws IOException {
    for (Assessment assessment : Backends.assess()) {
      String use = assessment.notUsed().map("not used: "::concat).orElse("used");
      surroundings.out().println(assessment.backend() + ": " + use);
      for (Device device : assessment.devices()) {
        surroundings
            .out()
            .println(
                "  %s%s, by %s"
                    .formatted(device.name(), device.gpu() ? " (GPU)" : "", device.software()));
      }
    }
    Surroundings.requireWritten(surroundings.out(), "devices");
    return 0;
  }
}
