package dev.diarist.weights.torch;

import dev.diarist.nn.weights.WeightsException;

/**
 * Keeps what is read from a file in proportion to the file: a small one must not fill the memory by
 * compression, by entries that share bytes, or by strides of 0.
 */
final class AllocationBudget {
  /** Bytes of memory for each byte of file; checkpoints are stored plain and need 1. */
  static final int MAX_EXPANSION = 16;

  private final String fileName;
  private final long fileBytes;
  private long left;

  AllocationBudget(String fileName, long fileBytes) {
    this.fileName = fileName;
    this.fileBytes = fileBytes;
    left = Math.multiplyExact(MAX_EXPANSION, fileBytes);
  }

  void spend(String what, long bytes) throws WeightsException {
    if (bytes > left) {
      throw new WeightsException(
          "%s: %s: a file of %d bytes must not unfold to more than %d times as much"
              .formatted(fileName, what, fileBytes, MAX_EXPANSION));
    }
    left -= bytes;
  }
}
