package dev.diarist.cli;

import dev.diarist.regions.Region;
import picocli.CommandLine.Command;

/** {@code diarist vad}: where somebody speaks. */
@Command(
    name = "vad",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = "Say where there is speech in each recording.")
final class VadCommand extends RegionCommand {
  VadCommand(Surroundings surroundings) {
    super(surroundings, Region.SPEECH);
  }
}
