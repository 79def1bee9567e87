package dev.diarist.audio;

import static java.nio.file.StandardOpenOption.DELETE_ON_CLOSE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.Set;

/**
 * A temporary file for sound that comes from front to back, while the pipeline reads it twice and
 * at any position.
 *
 * @param file which the owner of a {@link #named} spool deletes
 * @param channel reads what was written
 */
record Spool(Path file, FileChannel channel) {
  private static final int BLOCK_BYTES = 1 << 16;

  /**
   * Writes all that {@code in} holds, in blocks, to a file that is deleted with the channel: where
   * the system can, it has no name from the start, so that nothing remains of a process that ends.
   *
   * @param name what errors call the recording
   * @param in stays open
   * @param unitBytes of which {@code in} hands out a whole number at a time
   * @throws AudioException if {@code folder} cannot take it; names the folder
   * @throws IOException if {@code in} fails
   */
  static Spool of(String name, InputStream in, Path folder, int unitBytes) throws IOException {
    return fill(name, in, folder, unitBytes, Set.of(READ, WRITE, DELETE_ON_CLOSE));
  }

  /** The same, to a file that other programs can open until its owner deletes it. */
  static Spool named(String name, InputStream in, Path folder) throws IOException {
    return fill(name, in, folder, 1, Set.of(READ, WRITE));
  }

  /**
   * A new, empty file.
   *
   * @throws AudioException if {@code folder} cannot take it; names the folder
   */
  static Path file(String name, Path folder) throws AudioException {
    try {
      return Files.createTempFile(folder, "diarist", ".spool");
    } catch (IOException e) {
      throw new AudioException(
          "%s: needs a temporary file, and none can be made in %s: %s".formatted(name, folder, e),
          e);
    }
  }

  private static Spool fill(
      String name, InputStream in, Path folder, int unitBytes, Set<OpenOption> options)
      throws IOException {
    Path file = file(name, folder);
    FileChannel channel = FileChannel.open(file, options);
    try {
      byte[] block = new byte[Math.ceilDiv(BLOCK_BYTES, unitBytes) * unitBytes];
      for (int read = in.read(block); read > 0; read = in.read(block)) {
        write(name, channel, ByteBuffer.wrap(block, 0, read), folder);
      }
      return new Spool(file, channel);
    } catch (IOException | RuntimeException e) {
      channel.close();
      Files.deleteIfExists(file);
      throw e;
    }
  }

  private static void write(String name, FileChannel channel, ByteBuffer bytes, Path folder)
      throws AudioException {
    try {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    } catch (ClosedByInterruptException e) {
      throw new AudioException(name + ": decoding was interrupted", e);
    } catch (IOException e) {
      throw new AudioException(
          "%s: its sound cannot be kept in %s: %s".formatted(name, folder, e.getMessage()), e);
    }
  }
}
