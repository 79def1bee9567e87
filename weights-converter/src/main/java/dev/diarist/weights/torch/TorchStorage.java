package dev.diarist.weights.torch;

import dev.diarist.nn.weights.DType;

/**
 * A run of numbers in a checkpoint, by its key; several tensors may look into it.
 *
 * @param total numbers under the key
 * @param begin the first of them that belongs to this run
 * @param elements numbers of this run
 */
record TorchStorage(DType type, String key, long total, long begin, long elements) {
  /**
   * @throws IllegalArgumentException if the run does not lie within what is under the key
   */
  TorchStorage {
    if (total < 0) {
      throw new IllegalArgumentException(
          "storage '%s' must have 0 or more numbers, found %d".formatted(key, total));
    }
    if (begin < 0 || elements < 0 || begin > total - elements) {
      throw new IllegalArgumentException(
          "%d numbers from number %d on leave storage '%s' of %d numbers"
              .formatted(elements, begin, key, total));
    }
  }

  static TorchStorage whole(DType type, String key, long elements) {
    return new TorchStorage(type, key, elements, 0, elements);
  }

  /** Everything under the key. */
  TorchStorage whole() {
    return whole(type, key, total);
  }

  /**
   * A part of this run.
   *
   * @throws IllegalArgumentException if it leaves the run
   */
  TorchStorage part(long offset, long count) {
    if (offset < 0 || count < 0 || offset > elements - count) {
      throw new IllegalArgumentException(
          "%d numbers from number %d on leave storage '%s' of %d numbers"
              .formatted(count, offset, key, elements));
    }
    return new TorchStorage(type, key, total, begin + offset, count);
  }
}
