package dev.diarist.weights.onnx;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;

/**
 * The files beside a model in which exporters keep its tensors; PyTorch does from 2.9 on.
 *
 * <p>Source: "External Data" in the documentation of ONNX.
 */
final class ExternalData {
  private static final int MAX_FILES = 1_000;

  /** A plain name, which no folder and no device can be meant by. */
  private static final String NAME = "[A-Za-z0-9_][A-Za-z0-9._-]*";

  private final Path model;
  private final Map<String, ByteBuffer> files = new HashMap<>();

  private ExternalData(Path model) {
    this.model = model;
  }

  static ExternalData beside(Path model) {
    return new ExternalData(model);
  }

  /** For a model that is no file and has none beside it. */
  static ExternalData none() {
    return new ExternalData(null);
  }

  /** Bytes of all files that were looked into. */
  long size() {
    return files.values().stream().mapToLong(ByteBuffer::capacity).sum();
  }

  /**
   * The bytes of a tensor.
   *
   * @param location name of the file
   * @throws IllegalArgumentException if it is no plain name, there is no such file, or the bytes
   *     leave it
   */
  ByteBuffer bytes(String location, long offset, long length) {
    if (!location.matches(NAME)) {
      throw new IllegalArgumentException(
          "its data must be in a file beside the model, found '%s'".formatted(location));
    }
    ByteBuffer file = files.get(location);
    if (file == null) {
      if (files.size() == MAX_FILES) {
        throw new IllegalArgumentException("data are in more than %d files".formatted(MAX_FILES));
      }
      file = mapped(location);
      files.put(location, file);
    }
    if (offset < 0 || length < 0 || offset > file.capacity() - length) {
      throw new IllegalArgumentException(
          "%d bytes from %d on leave the file '%s' of %d bytes"
              .formatted(length, offset, location, file.capacity()));
    }
    return file.slice((int) offset, (int) length);
  }

  private ByteBuffer mapped(String location) {
    if (model == null || !Files.isRegularFile(model.resolveSibling(location))) {
      throw new IllegalArgumentException(
          "its data are in the file '%s', which is not beside the model".formatted(location));
    }
    Path path = model.resolveSibling(location);
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      if (channel.size() > Integer.MAX_VALUE) {
        throw new IllegalArgumentException(
            "the file '%s' must have less than 2 GB".formatted(location));
      }
      return channel.map(MapMode.READ_ONLY, 0, channel.size());
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "the file '%s' cannot be read: %s".formatted(location, e.getMessage()), e);
    }
  }
}
