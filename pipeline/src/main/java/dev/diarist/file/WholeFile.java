package dev.diarist.file;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * Files that are whole whenever they are there: each is written under another name beside its
 * place, and moved to it. A symbolic link stays, and what it points to is replaced; a device is
 * written to as it is.
 */
public final class WholeFile {
  private WholeFile() {}

  /** Writes to a stream. */
  @FunctionalInterface
  public interface Content {
    void to(OutputStream out) throws IOException;
  }

  /** Writes a file of the name it is given. */
  @FunctionalInterface
  public interface Writer {
    void write(Path part) throws IOException;
  }

  /**
   * Writes or replaces a file.
   *
   * @throws IOException if it cannot be written; what was there before is still there
   */
  public static void write(Path file, Content content) throws IOException {
    replace(
        file,
        part -> {
          try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(part))) {
            content.to(out);
          }
        });
  }

  /** The same for text, as UTF-8. */
  public static void write(Path file, CharSequence text) throws IOException {
    write(file, out -> out.write(text.toString().getBytes(StandardCharsets.UTF_8)));
  }

  /** The same for what opens its file itself. */
  public static void replace(Path file, Writer writer) throws IOException {
    Path target = Files.exists(file) ? file.toRealPath() : file;
    if (Files.exists(target) && !Files.isRegularFile(target)) {
      writer.write(target);
      return;
    }
    Path part = target.resolveSibling(target.getFileName() + ".part");
    try {
      writer.write(part);
      Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(part);
    }
  }
}
