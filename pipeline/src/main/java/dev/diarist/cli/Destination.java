package dev.diarist.cli;

import dev.diarist.Diarization;
import dev.diarist.annotation.OutputFormat;
import dev.diarist.audio.AudioFiles;
import dev.diarist.file.WholeFile;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Where the results go. */
sealed interface Destination {

  /** All of them to standard output. */
  record StandardOutput(PrintWriter out) implements Destination {}

  /** The only one to a file. */
  record OneFile(Path file) implements Destination {}

  /** Each to a file of its own, named by the recording. */
  record Folder(Path folder) implements Destination {
    Path file(String uri, String extension) {
      return folder.resolve(uri + "." + extension);
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
    if (output == null && recordings.size() > 1 && !format.namesRecordings()) {
      throw new IllegalArgumentException(
          "--format "
              + format.name().toLowerCase(Locale.ROOT)
              + " does not name the recording, so that several need files of their own: name a"
              + " folder with --output");
    }
    return of(output, recordings, format.extension(), out);
  }

  /** The same for files whose names end in a dot and {@code extension}. */
  static Destination of(Path output, List<Path> recordings, String extension, PrintWriter out)
      throws IOException {
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
      requireWritable(output, output);
      Folder folder = new Folder(output);
      for (Path recording : recordings) {
        requireNoInput(folder.file(AudioFiles.uri(recording), extension), recordings);
      }
      return folder;
    }
    return oneFile(output, recordings);
  }

  /**
   * The file {@code output}.
   *
   * @throws IllegalArgumentException if its folder does not exist or may not be written, it is a
   *     folder itself, or the result would overwrite one of {@code inputs}
   */
  static OneFile oneFile(Path output, List<Path> inputs) throws IOException {
    Path parent = output.toAbsolutePath().getParent();
    if (parent != null && !Files.isDirectory(parent)) {
      throw new IllegalArgumentException(output + ": its folder does not exist");
    }
    if (Files.isDirectory(output)) {
      throw new IllegalArgumentException(output + ": must be a file, is a folder");
    }
    if (!Files.exists(output)) {
      requireWritable(output, parent);
    }
    requireNoInput(output, inputs);
    return new OneFile(output);
  }

  private static void requireWritable(Path output, Path folder) {
    if (folder != null && !Files.isWritable(folder)) {
      throw new IllegalArgumentException(output + ": the folder may not be written to");
    }
  }

  /**
   * Refuses a result in the place of something that is read.
   *
   * @param result null for none
   * @param inputs null among them for none
   * @throws IllegalArgumentException if it would overwrite one of them
   */
  static void requireNoInput(Path result, List<Path> inputs) throws IOException {
    for (Path input : inputs) {
      if (result != null
          && input != null
          && Files.exists(result)
          && Files.exists(input)
          && Files.isSameFile(result, input)) {
        throw new IllegalArgumentException(
            result + ": the result would overwrite what it is made of");
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

  /** Whether results are one stream, and not each a file. */
  default boolean keepsOrder() {
    return this instanceof StandardOutput;
  }

  /**
   * The result of a recording where it is there already: in a folder, not older than the recording.
   */
  default Optional<Path> result(Path recording, String extension) throws IOException {
    if (!(this instanceof Folder folder)) {
      return Optional.empty();
    }
    Path result = folder.file(AudioFiles.uri(recording), extension);
    boolean done =
        Files.isRegularFile(result)
            && Files.exists(recording)
            && Files.getLastModifiedTime(result).compareTo(Files.getLastModifiedTime(recording))
                >= 0;
    return done ? Optional.of(result) : Optional.empty();
  }

  /** Writes the result of one recording. */
  default void write(Diarization diarization, OutputFormat format) throws IOException {
    StringBuilder text = new StringBuilder();
    format.write(diarization, text);
    write(diarization.uri(), format.extension(), text);
  }

  /** Writes the result of one recording. */
  default void write(String uri, String extension, CharSequence text) throws IOException {
    switch (this) {
      case StandardOutput(PrintWriter out) -> {
        out.append(text);
        Surroundings.requireWritten(out, "result");
      }
      default ->
          stream(
              uri, extension, out -> out.write(text.toString().getBytes(StandardCharsets.UTF_8)));
    }
  }

  /**
   * Writes the result of one recording as it comes; of one that fails no file is left, but what
   * could not be opened stays as it is.
   *
   * @param content writes ASCII where this is standard output
   */
  default void stream(String uri, String extension, WholeFile.Content content) throws IOException {
    switch (this) {
      case StandardOutput(PrintWriter out) -> {
        OutputStream ascii = new BufferedOutputStream(new AsciiOutput(out));
        content.to(ascii);
        ascii.flush(); // fails where nobody reads any more
      }
      case OneFile(Path file) -> WholeFile.write(file, content);
      case Folder folder -> WholeFile.write(folder.file(uri, extension), content);
    }
  }
}
