package dev.diarist.cli;

import dev.diarist.regions.Region;
import picocli.CommandLine.Command;

/** {@code diarist osd}: where several speak at a time. */
@Command(
    name = "osd",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = "Say where several speak at a time in each recording.")
final class OsdCommand extends RegionCommand {
  OsdCommand(Surroundings surroundings) {
    super(surroundings, Region.OVERLAP);
  }
}
