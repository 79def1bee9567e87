package dev.diarist.cli;

import dev.diarist.audio.AudioFiles;
import dev.diarist.file.FilesBelow;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.PatternSyntaxException;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The recordings that a command is given: files, folders of them, patterns. */
final class RecordingInputs {
  @Parameters(
      arity = "1..*",
      paramLabel = "AUDIO",
      description =
          "Recordings: WAV, FLAC, AIFF, AU; others with FFmpeg. Folders of recordings, and patterns"
              + " such as 'calls/*.wav' or 'calls/**.wav'.")
  private List<Path> inputs;

  @Option(names = "--recursive", description = "Search folders with all that are in them.")
  private boolean recursive;

  /**
   * The recordings in the order of the arguments, those of a folder or pattern by name, each once.
   *
   * @throws IllegalArgumentException if a folder or pattern yields none
   * @throws IOException if a folder cannot be read
   */
  List<Path> recordings() throws IOException {
    Set<Path> recordings = new LinkedHashSet<>();
    for (Path input : inputs) {
      if (Files.isDirectory(input)) {
        recordings.addAll(inFolder(input));
      } else if (!Files.exists(input) && isPattern(input)) {
        recordings.addAll(matching(input));
      } else {
        recordings.add(input);
      }
    }
    return List.copyOf(recordings);
  }

  private List<Path> inFolder(Path folder) throws IOException {
    List<Path> found =
        FilesBelow.of(folder, recursive ? Integer.MAX_VALUE : 1, AudioFiles::isNamedAsAudio);
    if (found.isEmpty()) {
      throw new IllegalArgumentException(
          folder
              + ": the folder has no recording"
              + (recursive ? "" : " itself; with --recursive those below are found, too"));
    }
    return found;
  }

  private static List<Path> matching(Path pattern) throws IOException {
    Path folder = pattern;
    while (folder != null && isPattern(folder)) {
      folder = folder.getParent();
    }
    int depth =
        pattern.toString().contains("**")
            ? Integer.MAX_VALUE
            : pattern.getNameCount() - (folder == null ? 0 : folder.getNameCount());
    PathMatcher matcher;
    try {
      matcher = FileSystems.getDefault().getPathMatcher("glob:" + pattern);
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          pattern + ": no such file, and no pattern: " + e.getDescription(), e);
    }
    Path start = folder == null ? Path.of("") : folder;
    List<Path> found =
        Files.isDirectory(start) ? FilesBelow.of(start, depth, matcher::matches) : List.of();
    if (found.isEmpty()) {
      throw new IllegalArgumentException(pattern + ": no file has such a name");
    }
    return found;
  }

  private static boolean isPattern(Path path) {
    return path.toString().chars().anyMatch(c -> "*?[{".indexOf(c) >= 0);
  }
}
