package dev.diarist.weights.torch;

import dev.diarist.nn.weights.DType;

/** A run of numbers in the archive, by its key; several tensors may look into it. */
record TorchStorage(DType type, String key, long elements) {
  TorchStorage {
    if (elements < 0) {
      throw new IllegalArgumentException(
          "storage '%s' must have 0 or more numbers, found %d".formatted(key, elements));
    }
  }
}
