package dev.diarist.weights.torch;

import dev.diarist.nn.weights.DType;
import dev.diarist.nn.weights.WeightsException;
import dev.diarist.weights.archive.AllocationBudget;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** The storages of an old checkpoint, each a count of numbers and then the numbers. */
final class LegacyStorages {
  private final Path file;
  private final AllocationBudget budget;
  private final Map<String, ByteBuffer> byKey = new HashMap<>();

  LegacyStorages(Path file, AllocationBudget budget) {
    this.file = file;
    this.budget = budget;
  }

  /**
   * Takes a storage at the position of {@code bytes}, which moves behind it.
   *
   * @return the storage
   * @throws WeightsException if it leaves the file, or its key was there before
   */
  TorchStorage take(ByteBuffer bytes, DType type, String key) throws WeightsException {
    if (bytes.remaining() < Long.BYTES) {
      throw error(key, "the file ends before it");
    }
    long count = bytes.getLong();
    if (count < 0 || count > bytes.remaining() / type.bytes()) {
      throw error(
          key,
          "%s numbers of %s leave the file, which has %d more bytes"
              .formatted(Long.toUnsignedString(count), type, bytes.remaining()));
    }
    int length = (int) count * type.bytes();
    if (byKey.putIfAbsent(key, bytes.slice(bytes.position(), length)) != null) {
      throw error(key, "it is there twice");
    }
    bytes.position(bytes.position() + length);
    return TorchStorage.whole(type, key, count);
  }

  byte[] read(TorchStorage storage) throws IOException {
    ByteBuffer found = byKey.get(storage.key());
    if (found == null) {
      throw error(storage.key(), "it is not in the file");
    }
    if (found.limit() != storage.total() * storage.type().bytes()) {
      throw error(
          storage.key(),
          "must hold %d numbers of %s, found %d bytes"
              .formatted(storage.total(), storage.type(), found.limit()));
    }
    budget.spend("storage '" + storage.key() + "'", found.limit());
    byte[] bytes = new byte[found.limit()];
    found.get(0, bytes);
    return bytes;
  }

  private WeightsException error(String key, String reason) {
    return new WeightsException("%s: storage '%s': %s".formatted(file, key, reason));
  }
}
