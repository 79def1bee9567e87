package dev.diarist.weights.torch;

import dev.diarist.nn.weights.Tensor;
import dev.diarist.nn.weights.WeightsException;
import dev.diarist.weights.archive.AllocationBudget;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Turns views into storages into row-major, little-endian tensors; reads each storage once. */
final class TensorReader {
  private final Path file;
  private final TorchContainer container;
  private final ByteOrder order;
  private final AllocationBudget budget;
  private final Map<TorchStorage, byte[]> storages = new HashMap<>();

  TensorReader(Path file, TorchContainer container, AllocationBudget budget) throws IOException {
    this.file = file;
    this.container = container;
    this.budget = budget;
    order = container.byteOrder();
  }

  /** A tensor; it shares the storage's bytes where they already lie as wanted. */
  Tensor read(String name, TorchTensor view) throws IOException {
    TorchStorage storage = view.storage().whole();
    byte[] bytes = storages.get(storage);
    if (bytes == null) {
      bytes = container.storage(storage);
      storages.put(storage, bytes);
    }
    long size = size(name, view);
    int width = storage.type().bytes();
    boolean littleEndian = order == ByteOrder.LITTLE_ENDIAN || width == 1;
    if (size > 0 && littleEndian && view.isContiguous()) {
      MemorySegment slice =
          MemorySegment.ofArray(bytes).asSlice(Math.multiplyExact(begin(view), width), size);
      return new Tensor(storage.type(), view.size(), slice);
    }
    budget.spend("tensor '" + name + "'", size);
    byte[] copy = gather(bytes, view, width, (int) size);
    if (!littleEndian) {
      reverseEach(copy, width);
    }
    return new Tensor(storage.type(), view.size(), MemorySegment.ofArray(copy));
  }

  private long size(String name, TorchTensor view) throws WeightsException {
    long size;
    try {
      size = Tensor.byteSize(view.storage().type(), view.size());
    } catch (IllegalArgumentException e) {
      throw new WeightsException("%s: tensor '%s': %s".formatted(file, name, e.getMessage()), e);
    }
    if (size > Integer.MAX_VALUE - 8) {
      throw new WeightsException(
          "%s: tensor '%s': must have at most %d bytes, found %d"
              .formatted(file, name, Integer.MAX_VALUE - 8, size));
    }
    return size;
  }

  /** The view's first number, counted from that of the whole storage. */
  private static long begin(TorchTensor view) {
    return view.storage().begin() + view.offset();
  }

  /** The bytes of the view's numbers, row-major; each number keeps its byte order. */
  private static byte[] gather(byte[] storage, TorchTensor view, int width, int size) {
    byte[] gathered = new byte[size];
    long[] dimensions = view.size();
    long[] index = new long[dimensions.length];
    long at = begin(view);
    for (int to = 0; to < size; to += width) {
      System.arraycopy(storage, (int) (at * width), gathered, to, width);
      for (int d = dimensions.length - 1; d >= 0; d--) {
        at += view.stride()[d];
        if (++index[d] < dimensions[d]) {
          break;
        }
        at -= view.stride()[d] * dimensions[d];
        index[d] = 0;
      }
    }
    return gathered;
  }

  private static void reverseEach(byte[] bytes, int width) {
    for (int start = 0; start < bytes.length; start += width) {
      for (int i = start, j = start + width - 1; i < j; i++, j--) {
        byte swapped = bytes[i];
        bytes[i] = bytes[j];
        bytes[j] = swapped;
      }
    }
  }
}
