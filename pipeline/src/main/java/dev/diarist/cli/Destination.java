package dev.diarist.cli;

import dev.diarist.Diarization;
import dev.diarist.audio.AudioFiles;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Where the results go. */
sealed interface Destination {

  /** All of them to standard output. */
  record StandardOutput(PrintWriter out) implements Destination {}

  /** The only one to a file. */
  record OneFile(Path file) implements Destination {}

  /** Each to a file of its own, named by the recording. */
  record Folder(Path folder) implements Destination {}

  /**
   * The destination that {@code output} names, made ready for the results of {@code recordings}.
   *
   * @param output null for standard output
   * @throws IllegalArgumentException if results would overwrite each other or a recording, or
   *     {@code output} cannot take them
   * @throws IOException if the folder cannot be made
   */
  static Destination of(Path output, List<Path> recordings, PrintWriter out) throws IOException {
    if (output == null) {
      return new StandardOutput(out);
    }
    if (recordings.size() > 1 || Files.isDirectory(output)) {
      if (Files.exists(output) && !Files.isDirectory(output)) {
        throw new IllegalArgumentException(
            output + ": is a file, and the results of several recordings need a folder");
      }
      requireDistinctNames(recordings);
      Files.createDirectories(output);
      return new Folder(output);
    }
    Path parent = output.toAbsolutePath().getParent();
    if (parent != null && !Files.isDirectory(parent)) {
      throw new IllegalArgumentException(output + ": its folder does not exist");
    }
    for (Path recording : recordings) {
      if (Files.exists(output) && Files.exists(recording) && Files.isSameFile(output, recording)) {
        throw new IllegalArgumentException(output + ": the result would overwrite the recording");
      }
    }
    return new OneFile(output);
  }

  private static void requireDistinctNames(List<Path> recordings) {
    Map<String, Path> named = new HashMap<>();
    for (Path recording : recordings) {
      String uri = AudioFiles.uri(recording);
      Path other = named.put(uri, recording);
      if (other != null) {
        throw new IllegalArgumentException(
            "the results of "
                + other
                + " and "
                + recording
                + " would go into one file, as both recordings are called "
                + uri);
      }
    }
  }

  /** Writes the result of one recording. */
  default void write(Diarization diarization, OutputFormat format) throws IOException {
    StringBuilder text = new StringBuilder();
    format.write(diarization, text);
    switch (this) {
      case StandardOutput(PrintWriter out) -> {
        out.append(text);
        if (out.checkError()) {
          throw new IOException("the result could not be written to standard output");
        }
      }
      case OneFile(Path file) -> Files.writeString(file, text);
      case Folder(Path folder) ->
          Files.writeString(folder.resolve(diarization.uri() + "." + format.extension()), text);
    }
  }
}
