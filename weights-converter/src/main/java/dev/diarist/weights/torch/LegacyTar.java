package dev.diarist.weights.torch;

import dev.diarist.nn.weights.WeightsException;
import dev.diarist.weights.archive.AllocationBudget;
import dev.diarist.weights.archive.TarArchive;
import dev.diarist.weights.pickle.Global;
import dev.diarist.weights.pickle.Kind;
import dev.diarist.weights.pickle.Tuple;
import dev.diarist.weights.pickle.Unpickler;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * PyTorch's first format: a tar archive of {@code storages}, {@code tensors} and {@code pickle},
 * whose object names its tensors by numbers.
 *
 * <p>Source: {@code legacy_load} in torch/serialization.py.
 */
final class LegacyTar implements TorchContainer {
  private static final int MAX_RANK = 64;

  private final Path file;
  private final LegacyStorages storages;
  private final Map<Long, TorchStorage> storagesById = new HashMap<>();
  private final Map<String, TorchTensor> tensorsById = new HashMap<>();
  private final Object root;

  private LegacyTar(Path file, TarArchive archive, AllocationBudget budget) throws IOException {
    this.file = file;
    storages = new LegacyStorages(file, budget);
    readStorages(little(archive.member("storages")));
    readTensors(little(archive.member("tensors")));
    root =
        Unpickler.readNext(
            archive.member("pickle"), file.toString(), TorchGlobals.ALLOWED, this::tensor);
  }

  static LegacyTar open(Path file, AllocationBudget budget) throws IOException {
    return new LegacyTar(file, TarArchive.of(MappedFile.of(file), file.toString()), budget);
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

  private void readStorages(ByteBuffer bytes) throws IOException {
    long count = count(bytes);
    for (long i = 0; i < count; i++) {
      if (!(next(bytes) instanceof Tuple(List<Object> items)
          && items.size() == 3
          && items.get(0) instanceof Long id
          && items.get(2) instanceof Global type)) {
        throw error("a storage must be described by its number, place and type");
      }
      storagesById.put(
          id, storages.take(bytes, TorchGlobals.type(type, file.toString()), id.toString()));
    }
    if (!(next(bytes) instanceof List<?> views)) {
      throw error("the storages must be followed by a list of views");
    }
    for (Object view : views) {
      if (!(view instanceof Tuple(List<Object> items)
          && items.size() == 4
          && items.get(0) instanceof Long id
          && items.get(1) instanceof Long place
          && storagesById.get(place) instanceof TorchStorage whole
          && items.get(2) instanceof Long offset
          && items.get(3) instanceof Long elements)) {
        throw error("a view must be described by its number, storage, offset and size");
      }
      storagesById.put(id, checked(() -> whole.part(offset, elements)));
    }
  }

  private void readTensors(ByteBuffer bytes) throws IOException {
    long count = count(bytes);
    for (long i = 0; i < count; i++) {
      if (!(next(bytes) instanceof Tuple(List<Object> items)
          && items.size() == 3
          && items.get(0) instanceof Long id
          && items.get(1) instanceof Long place
          && storagesById.get(place) instanceof TorchStorage storage)) {
        throw error("a tensor must be described by its number, storage and type");
      }
      TorchTensor tensor = view(bytes, storage);
      if (tensorsById.put(id.toString(), tensor) != null) {
        throw error("two tensors have the number " + id);
      }
    }
  }

  /** Dimensions (4 bytes, then 4 without meaning), sizes, strides, offset. */
  private TorchTensor view(ByteBuffer bytes, TorchStorage storage) throws WeightsException {
    int rank = bytes.remaining() < Long.BYTES ? -1 : (int) bytes.getLong();
    if (rank < 0 || rank > MAX_RANK || bytes.remaining() < Long.BYTES * (2L * rank + 1)) {
      throw error("a tensor must have at most %d dimensions, found %d".formatted(MAX_RANK, rank));
    }
    long[] size = longs(bytes, rank);
    long[] stride = longs(bytes, rank);
    long offset = bytes.getLong();
    return checked(() -> new TorchTensor(storage, offset, size, stride));
  }

  private static long[] longs(ByteBuffer bytes, int count) {
    long[] values = new long[count];
    for (int i = 0; i < count; i++) {
      values[i] = bytes.getLong();
    }
    return values;
  }

  private Object tensor(Object id) {
    // Text of a container would follow it, in circles where it contains itself.
    if (!(id instanceof String || id instanceof Long)) {
      throw new IllegalArgumentException(
          "the number of a tensor must be an integer or text, found " + Kind.of(id));
    }
    TorchTensor tensor = tensorsById.get(String.valueOf(id));
    if (tensor == null) {
      throw new IllegalArgumentException("there is no tensor of the number " + id);
    }
    return tensor;
  }

  private long count(ByteBuffer bytes) throws IOException {
    Object count = next(bytes);
    if (count instanceof Long number && number >= 0) {
      return number;
    }
    throw error("a count must be 0 or more, found " + Kind.of(count));
  }

  private Object next(ByteBuffer bytes) throws IOException {
    return Unpickler.readNext(
        bytes,
        file.toString(),
        TorchGlobals.ALLOWED,
        id -> {
          throw new IllegalArgumentException("nothing is stored elsewhere here");
        });
  }

  private interface Making<T> {
    T make();
  }

  private <T> T checked(Making<T> making) throws WeightsException {
    try {
      return making.make();
    } catch (IllegalArgumentException e) {
      throw new WeightsException(file + ": " + e.getMessage(), e);
    }
  }

  private static ByteBuffer little(ByteBuffer bytes) {
    return bytes.order(ByteOrder.LITTLE_ENDIAN);
  }

  private WeightsException error(String reason) {
    return new WeightsException(file + ": " + reason);
  }
}
