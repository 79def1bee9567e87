package dev.diarist.weights;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/** Files that are not part of the project; a test that needs one skips visibly without it. */
final class SharedData {
  private static final Path ROOT = Path.of(System.getProperty("diarist.shared", "../../shared"));

  private SharedData() {}

  static Path path(String path) {
    assumeTrue(Files.isDirectory(ROOT), "skipped: no shared data (diarist.shared=" + ROOT + ")");
    return ROOT.resolve(path);
  }
}
