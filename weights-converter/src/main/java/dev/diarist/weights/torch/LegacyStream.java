package dev.diarist.weights.torch;

import dev.diarist.nn.weights.DType;
import dev.diarist.nn.weights.WeightsException;
import dev.diarist.weights.archive.AllocationBudget;
import dev.diarist.weights.pickle.Kind;
import dev.diarist.weights.pickle.Unpickler;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * What torch.save wrote before version 1.6: pickles of a magic number, a protocol number, the
 * writer's machine, the object and the keys of its storages, then the storages.
 *
 * <p>Source: {@code _legacy_save} and {@code _legacy_load} in torch/serialization.py.
 */
final class LegacyStream implements TorchContainer {
  /** The pickled number 0x1950a86a20f9469cfc6c without the pickle's protocol in front. */
  private static final byte[] MAGIC = HexFormat.of().parseHex("8a0a6cfc9c46f9206aa850192e");

  private static final int PROTOCOL_BYTES = 2;
  private static final long PROTOCOL = 1001;

  private final Path file;
  private final LegacyStorages storages;
  private final Map<String, DType> types = new HashMap<>();
  private final Object root;

  private LegacyStream(Path file, ByteBuffer bytes, AllocationBudget budget) throws IOException {
    this.file = file;
    storages = new LegacyStorages(file, budget);
    bytes.position(PROTOCOL_BYTES + MAGIC.length);
    Object protocol = next(bytes);
    if (!Long.valueOf(PROTOCOL).equals(protocol)) {
      throw error("the protocol must be %d, found %s".formatted(PROTOCOL, Kind.of(protocol)));
    }
    checkWriter(next(bytes));
    root = next(bytes);
    if (!(next(bytes) instanceof List<?> keys)) {
      throw error("the object must be followed by the list of its storages");
    }
    for (Object key : keys) {
      if (!(key instanceof String name)) {
        throw error("the key of a storage must be text, found " + Kind.of(key));
      }
      if (!types.containsKey(name)) {
        throw error("storage '%s' belongs to no tensor".formatted(name));
      }
      storages.take(bytes, types.get(name), name);
    }
    if (bytes.hasRemaining()) {
      throw error(bytes.remaining() + " bytes after the last storage");
    }
  }

  static LegacyStream open(Path file, AllocationBudget budget) throws IOException {
    return new LegacyStream(file, MappedFile.of(file), budget);
  }

  /** Whether a file that begins so is of this kind. */
  static boolean begins(byte[] head) {
    int end = PROTOCOL_BYTES + MAGIC.length;
    return head.length >= end
        && (head[0] & 0xff) == 0x80
        && Arrays.equals(head, PROTOCOL_BYTES, end, MAGIC, 0, MAGIC.length);
  }

  @Override
  public Object root() {
    return root;
  }

  @Override
  public ByteOrder byteOrder() {
    return ByteOrder.LITTLE_ENDIAN;
  }

  @Override
  public byte[] storage(TorchStorage storage) throws IOException {
    return storages.read(storage);
  }

  @Override
  public void close() {} // the file is only mapped

  private Object next(ByteBuffer bytes) throws IOException {
    return Unpickler.readNext(bytes, file.toString(), TorchGlobals.ALLOWED, this::storage);
  }

  private Object storage(Object id) {
    TorchStorage storage = TorchGlobals.storage(id);
    DType before = types.putIfAbsent(storage.key(), storage.type());
    if (before != null && before != storage.type()) {
      throw new IllegalArgumentException(
          "storage '%s' is said to be of %s and of %s"
              .formatted(storage.key(), before, storage.type()));
    }
    return storage;
  }

  /** Storages are little-endian whoever wrote them; the rest of the description says nothing. */
  private void checkWriter(Object description) throws WeightsException {
    if (!(description instanceof Map<?, ?>)) {
      throw error("the writer must be described by a dictionary");
    }
  }

  private WeightsException error(String reason) {
    return new WeightsException(file + ": " + reason);
  }
}
