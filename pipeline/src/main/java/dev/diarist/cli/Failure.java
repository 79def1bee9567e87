package dev.diarist.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.stream.Collectors;

/** Says in one sentence what went wrong. */
final class Failure {
  private Failure() {}

  /** Whether the sentence of {@code failure} is meant for the user, not for a programmer. */
  static boolean isExpected(Throwable failure) {
    return (failure instanceof IOException
            || failure instanceof UncheckedIOException
            || failure instanceof IllegalArgumentException)
        && failure.getMessage() != null;
  }

  /** What went wrong, on one line; names the file where {@code failure} does. */
  static String sentence(Throwable failure) {
    return printable(reason(failure));
  }

  private static String reason(Throwable failure) {
    if (!isExpected(failure)) {
      return "internal error: "
          + oneLine(failure.toString())
          + "; run with --debug for the stack trace";
    }
    return switch (failure) {
      case UncheckedIOException e -> reason(e.getCause());
      case NoSuchFileException e -> e.getFile() + ": no such file";
      case AccessDeniedException e -> e.getFile() + ": permission denied";
      case NotDirectoryException e -> e.getFile() + ": is not a folder";
      case FileAlreadyExistsException e -> e.getFile() + ": exists already";
      case FileSystemException e when e.getReason() != null -> e.getFile() + ": " + e.getReason();
      default -> oneLine(failure.getMessage());
    };
  }

  /**
   * {@link #sentence(Throwable)}, with {@code file} in front where the sentence names neither it
   * nor what lies in it.
   */
  static String sentence(Path file, Throwable failure) {
    String sentence = sentence(failure);
    String name = printable(file.toString());
    boolean named =
        sentence.startsWith(name + ": ")
            || sentence.startsWith(name + file.getFileSystem().getSeparator());
    return named ? sentence : name + ": " + sentence;
  }

  /** {@code text} without what would command a terminal: names in hostile files may hold it. */
  static String printable(String text) {
    return text.replaceAll("\\p{Cc}", "?");
  }

  /** The lines of {@code text}, put on one. */
  static String oneLine(String text) {
    return text.lines().map(String::strip).collect(Collectors.joining(" "));
  }
}
