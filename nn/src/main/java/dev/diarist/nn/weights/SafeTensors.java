package dev.diarist.nn.weights;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The safetensors format: 8 bytes with the little-endian length of the header, the header as JSON,
 * then the bytes of the tensors without gaps.
 *
 * <p>Source: the format description in the README of huggingface/safetensors.
 */
public final class SafeTensors {
  private SafeTensors() {}

  /**
   * The weights of a file. The file is mapped, not copied: it must not be shortened or overwritten
   * in place while the weights are in use ({@link #write} replaces a file and is safe). A file in
   * another file system, such as a jar, cannot be mapped and is copied.
   *
   * @throws WeightsException if anything in the file is not as the format wants it; the message
   *     names the file, the tensor and the reason
   */
  public static Weights read(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      String found = Files.isDirectory(file) ? "a folder" : "nothing";
      throw new WeightsException(file + ": must be a safetensors file, found " + found);
    }
    if (file.getFileSystem() != FileSystems.getDefault()) {
      return read(MemorySegment.ofArray(Files.readAllBytes(file)), file.toString());
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      MemorySegment all = channel.map(MapMode.READ_ONLY, 0, channel.size(), Arena.ofAuto());
      return read(all, file.toString());
    }
  }

  /**
   * The weights in {@code bytes}, which back them and must not be modified.
   *
   * @param name what error messages call these bytes
   * @throws WeightsException as {@link #read(Path)} does
   */
  public static Weights read(MemorySegment bytes, String name) throws WeightsException {
    return new SafeTensorsReader(bytes, name).read();
  }

  /**
   * Writes weights so that equal weights give equal bytes: names and metadata keep their order, the
   * header is padded with spaces to a multiple of 8 bytes, and wider types come first in the data,
   * which aligns every tensor. A file of that name is replaced at once or not at all.
   *
   * @throws WeightsException if a tensor has the name {@code __metadata__}, which the format
   *     reserves
   */
  public static void write(Path file, Weights weights) throws IOException {
    new SafeTensorsWriter(file, weights).write();
  }
}
