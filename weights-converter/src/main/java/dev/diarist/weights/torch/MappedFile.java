package dev.diarist.weights.torch;

import dev.diarist.nn.weights.WeightsException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Maps the file of an old checkpoint, little-endian. */
final class MappedFile {
  private MappedFile() {}

  /**
   * @throws WeightsException if it is larger than a buffer can be
   */
  static ByteBuffer of(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      if (channel.size() > Integer.MAX_VALUE) {
        throw new WeightsException(
            "%s: an old PyTorch file must have at most %d bytes, has %d"
                .formatted(file, Integer.MAX_VALUE, channel.size()));
      }
      return channel.map(MapMode.READ_ONLY, 0, channel.size()).order(ByteOrder.LITTLE_ENDIAN);
    }
  }
}
