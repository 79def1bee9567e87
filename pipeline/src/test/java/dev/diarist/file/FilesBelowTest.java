package dev.diarist.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FilesBelowTest {
  @TempDir private Path folder;
  private Path real;

  @BeforeEach
  void makeTree() throws IOException {
    real = Files.createDirectories(folder.resolve("real/below")).getParent();
    for (String name : List.of("b", "a", "below/c")) {
      Files.createFile(real.resolve(name));
    }
    Files.createSymbolicLink(real.resolve("below/around"), real);
  }

  @Test
  void filesAreSortedAndNoLinkLeadsAround() throws IOException {
    List<Path> all = List.of(real.resolve("a"), real.resolve("b"), real.resolve("below/c"));
    assertEquals(all, FilesBelow.of(real, any -> true));
    assertEquals(all.subList(0, 2), FilesBelow.of(real, 1, any -> true));
    assertEquals(all.subList(2, 3), FilesBelow.of(real, file -> file.endsWith("c")));
  }

  @Test
  void theFolderItselfMayBeALink() throws IOException {
    Path link = Files.createSymbolicLink(folder.resolve("link"), real);
    assertEquals(
        List.of(link.resolve("a"), link.resolve("b")), FilesBelow.of(link, 1, any -> true));
  }

  @Test
  void aFolderThatIsNotThereIsAFailure() {
    assertThrows(
        NoSuchFileException.class, () -> FilesBelow.of(folder.resolve("none"), any -> true));
  }
}
