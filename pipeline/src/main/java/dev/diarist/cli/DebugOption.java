package dev.diarist.cli;

import picocli.CommandLine.Option;

/** {@code --debug}, which every command takes at any place; {@link Surroundings} has the answer. */
final class DebugOption {
  static final String NAME = "--debug";

  @Option(names = NAME, description = "Show the stack trace of a failure.")
  private boolean debugging;
}
