package dev.diarist.file;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The files of a folder. */
public final class FilesBelow {
  private FilesBelow() {}

  /**
   * The regular files that are wanted, sorted by path. The folder may be a symbolic link; links to
   * folders below it are not followed, so that none leads around in circles.
   *
   * @param depth 1 for the files right in the folder
   * @throws IOException if a folder cannot be read
   */
  public static List<Path> of(Path folder, int depth, Predicate<Path> wanted) throws IOException {
    Path real = folder.toRealPath();
    try (Stream<Path> files = Files.walk(real, depth)) {
      return files
          .skip(1) // the folder itself
          .map(file -> folder.resolve(real.relativize(file)))
          .filter(wanted)
          .filter(Files::isRegularFile)
          .sorted()
          .toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /** The same at any depth. */
  public static List<Path> of(Path folder, Predicate<Path> wanted) throws IOException {
    return of(folder, Integer.MAX_VALUE, wanted);
  }
}
