package dev.diarist.dataset;

import dev.diarist.file.FilesBelow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.List;

/** Files by paths with wildcards. */
final class Globs {
  private Globs() {}

  /**
   * The regular files that match, by path. A star stands for any part of a name, two for any
   * folders, none included, as in Python's {@code Path.glob}.
   */
  static List<Path> find(String path) throws IOException {
    int star = path.indexOf('*');
    if (star < 0) {
      Path file = Path.of(path);
      return Files.isRegularFile(file) ? List.of(file) : List.of();
    }
    int slash = path.lastIndexOf('/', star);
    Path root = Path.of(slash < 0 ? "." : path.substring(0, slash + 1));
    if (!Files.isDirectory(root)) {
      return List.of();
    }
    // Java's ** wants at least what stands around it; Python's matches no folder too.
    String pattern = escaped(path.substring(slash + 1)).replace("**/", "{,**/}");
    PathMatcher matcher = root.getFileSystem().getPathMatcher("glob:" + pattern);
    return FilesBelow.of(root, file -> matcher.matches(root.relativize(file)));
  }

  private static String escaped(String pattern) {
    return pattern.replaceAll("[\\\\\\[\\]{}?]", "\\\\$0");
  }
}
