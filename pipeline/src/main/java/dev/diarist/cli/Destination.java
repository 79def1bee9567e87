package dev.diarist.cli;

import dev.diarist.Diarization;
import dev.diarist.annotation.OutputFormat;
import dev.diarist.audio.AudioFiles;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Where the results go. */
sealed interface Destination {

  /** All of them to standard output. */
  record StandardOutput(PrintWriter out) implements Destination {}

  /** The only one to a file. */
  record OneFile(Path file) implements Destination {}

  /** Each to a file of its own, named by the recording. */
  record Folder(Path folder) implements Destination {
    Path file(String uri, OutputFormat format) {
      return folder.resolve(uri + "." + format.extension());
    }
  }

  /**
   * The destination that {@code output} names, made ready for the results of {@code recordings}.
   *
   * @param output null for standard output
   * @throws IllegalArgumentException if results would overwrite each other or a recording, or
   *     {@code output} cannot take them
   * @throws IOException if the folder cannot be made
   */
  static Destination of(Path output, List<Path> recordings, OutputFormat format, PrintWriter out)
      throws IOException {
    if (output == null) {
      if (recordings.size() > 1 && !format.namesRecordings()) {
        throw new IllegalArgumentException(
            "--format "
                + format.name().toLowerCase(Locale.ROOT)
                + " does not name the recording, so that several need files of their own: name a"
                + " folder with --output");
      }
      return new StandardOutput(out);
    }
    if (recordings.size() > 1 || Files.isDirectory(output)) {
      if (Files.exists(output) && !Files.isDirectory(output)) {
        throw new IllegalArgumentException(
            output + ": is a file, and the results of several recordings need a folder");
      }
      requireDistinctNames(recordings);
      Files.createDirectories(output);
      Folder folder = new Folder(output);
      for (Path recording : recordings) {
        requireNoRecording(folder.file(AudioFiles.uri(recording), format), recordings);
      }
      return folder;
    }
    Path parent = output.toAbsolutePath().getParent();
    if (parent != null && !Files.isDirectory(parent)) {
      throw new IllegalArgumentException(output + ": its folder does not exist");
    }
    requireNoRecording(output, recordings);
    return new OneFile(output);
  }

  private static void requireNoRecording(Path result, List<Path> recordings) throws IOException {
    for (Path recording : recordings) {
      if (Files.exists(result) && Files.exists(recording) && Files.isSameFile(result, recording)) {
        throw new IllegalArgumentException(result + ": the result would overwrite the recording");
      }
    }
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
      case Folder folder -> Files.writeString(folder.file(diarization.uri(), format), text);
    }
  }
}
