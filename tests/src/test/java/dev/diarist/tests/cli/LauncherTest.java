package dev.diarist.tests.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The project's own launcher, from wherever it is called. */
class LauncherTest {
  @TempDir private Path folder;

  @Test
  void worksFromAnotherFolder() throws Exception {
    assertTellsItsVersion(
        Launched.of(Launched.ROOT.resolve("diarist"), folder, Map.of(), "--version"));
  }

  @Test
  void worksThroughSymbolicLinks() throws Exception {
    Path bin = Files.createDirectory(folder.resolve("bin"));
    Path absolute =
        Files.createSymbolicLink(bin.resolve("absolute"), Launched.ROOT.resolve("diarist"));
    Path relative = Files.createSymbolicLink(bin.resolve("relative"), Path.of("absolute"));
    assertTellsItsVersion(Launched.of(absolute, folder, Map.of(), "--version"));
    assertTellsItsVersion(Launched.of(relative, folder, Map.of(), "--version"));
    assertTellsItsVersion(Launched.of(Path.of("./relative"), bin, Map.of(), "--version"));
  }

  @Test
  void worksInAPathWithSpaces() throws Exception {
    Path tree = Files.createDirectory(folder.resolve("two words"));
    Files.copy(Launched.ROOT.resolve("diarist"), tree.resolve("diarist"));
    assertTrue(tree.resolve("diarist").toFile().setExecutable(true));
    for (String module : new String[] {"nn", "weights-converter", "pipeline"}) {
      Files.createSymbolicLink(tree.resolve(module), Launched.ROOT.resolve(module));
    }
    assertTellsItsVersion(Launched.of(tree.resolve("diarist"), folder, Map.of(), "--version"));
  }

  @Test
  void pathsAreThoseOfTheFolderItIsCalledFrom() throws Exception {
    Path here = Files.createDirectory(folder.resolve("a b"));
    Files.createFile(here.resolve("no sound.wav"));
    Launched launched =
        Launched.of(
            Launched.ROOT.resolve("diarist"), here, Map.of(), "--model", "m", "no sound.wav");
    assertEquals(new Launched(1, "", "diarist: no sound.wav: is empty (0 bytes)\n"), launched);
  }

  private static void assertTellsItsVersion(Launched launched) throws IOException {
    assertEquals(0, launched.code(), launched.err());
    assertTrue(launched.out().matches("diarist \\d+\\.\\d+\\.\\d+\\S*\n"), launched.out());
    assertEquals("", launched.err());
  }
}
