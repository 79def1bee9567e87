package dev.diarist.weights.torch;

import java.util.Arrays;

/**
 * A view into a storage: {@code value[i, j, …] = storage[offset + i·stride[0] + j·stride[1] + …]}.
 * Offset and strides count numbers, not bytes; the arrays are not modified.
 */
record TorchTensor(TorchStorage storage, long offset, long[] size, long[] stride) {
  /** NumPy's limit; PyTorch's tensors rarely have more than 5. */
  private static final int MAX_RANK = 64;

  /**
   * @throws IllegalArgumentException if the view is malformed or leaves its storage
   */
  TorchTensor {
    if (size.length != stride.length || size.length > MAX_RANK) {
      throw new IllegalArgumentException(
          "a tensor must have one stride for each of at most %d dimensions, found %d and %d"
              .formatted(MAX_RANK, stride.length, size.length));
    }
    if (offset < 0 || anyNegative(size) || anyNegative(stride)) {
      throw new IllegalArgumentException(
          "offset, sizes and strides must be 0 or more, found %d, %s and %s"
              .formatted(offset, Arrays.toString(size), Arrays.toString(stride)));
    }
    checkExtent(storage, offset, size, stride);
  }

  /** Whether the values lie row-major and without holes. */
  boolean isContiguous() {
    long expected = 1;
    for (int d = size.length - 1; d >= 0; d--) {
      if (size[d] != 1 && stride[d] != expected) {
        return false;
      }
      expected *= size[d];
    }
    return true;
  }

  private static void checkExtent(TorchStorage storage, long offset, long[] size, long[] stride) {
    long end;
    try {
      end = end(offset, size, stride);
    } catch (ArithmeticException e) {
      end = Long.MAX_VALUE;
    }
    if (end > storage.elements()) {
      throw new IllegalArgumentException(
          "offset %d, size %s and stride %s leave storage '%s' of %d numbers"
              .formatted(
                  offset,
                  Arrays.toString(size),
                  Arrays.toString(stride),
                  storage.key(),
                  storage.elements()));
    }
  }

  /** One past the last number that is looked at; the offset if the tensor is empty. */
  private static long end(long offset, long[] size, long[] stride) {
    long last = offset;
    for (int d = 0; d < size.length; d++) {
      if (size[d] == 0) {
        return offset;
      }
      last = Math.addExact(last, Math.multiplyExact(size[d] - 1, stride[d]));
    }
    return Math.addExact(last, 1);
  }

  private static boolean anyNegative(long[] values) {
    return Arrays.stream(values).anyMatch(value -> value < 0);
  }
}
