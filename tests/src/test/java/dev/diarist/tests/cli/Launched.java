package dev.diarist.tests.cli;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * What the launcher did as a process of its own.
 *
 * @param err standard error, without what the JVM itself says of incubating modules
 */
record Launched(int code, String out, String err) {
  /** The root of the project, where the launcher lies. */
  static final Path ROOT = Path.of(System.getProperty("diarist.root"));

  // A launch may build the project first.
  private static final int LIMIT_MINUTES = 10;
  private static final String JVM_WARNING = "WARNING: Using incubator modules";

  /** Runs the project's own launcher from its root. */
  static Launched of(String... arguments) throws IOException, InterruptedException {
    return of(ROOT.resolve("diarist"), ROOT, Map.of(), arguments);
  }

  /**
   * Runs {@code launcher}.
   *
   * @param environment added to that of this process; not modified
   */
  static Launched of(
      Path launcher, Path workingFolder, Map<String, String> environment, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(launcher.toString());
    command.addAll(List.of(arguments));
    Path out = Files.createTempFile("launched", ".out");
    Path err = Files.createTempFile("launched", ".err");
    try {
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .directory(workingFolder.toFile())
              .redirectInput(new File("/dev/null"))
              .redirectOutput(out.toFile())
              .redirectError(err.toFile());
      builder.environment().putAll(environment);
      Process process = builder.start();
      boolean ended = process.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES);
      process.destroyForcibly();
      assertTrue(ended, () -> command + " did not end in " + LIMIT_MINUTES + " minutes");
      return new Launched(
          process.exitValue(), Files.readString(out), withoutJvmWarning(Files.readString(err)));
    } finally {
      Files.delete(out);
      Files.delete(err);
    }
  }

  private static String withoutJvmWarning(String err) {
    return err.lines()
        .filter(line -> !line.startsWith(JVM_WARNING))
        .map(line -> line + "\n")
        .collect(Collectors.joining());
  }
}
