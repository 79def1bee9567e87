package dev.diarist.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code diarist train}: networks from nothing. */
@Command(
    name = "train",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = "Train a network from nothing; finetune trains one that is there further.")
final class TrainCommand implements Runnable {
  @Spec private CommandSpec spec;
  @Mixin private DebugOption debug;

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "Missing required subcommand: embedding or segmentation");
  }
}
