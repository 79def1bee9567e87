package dev.diarist.weights.archive;

import dev.diarist.nn.weights.WeightsException;

/**
 * Keeps what is read from a file in proportion to the file: a small one must not fill the memory by
 * compression, by entries that share bytes, or by strides of 0.
 */
public final class AllocationBudget {
  /** Bytes of memory for each byte of file: what is stored, and once more to put it in order. */
  static final int MAX_EXPANSION = 2;

  /** For small files, whose text may well be compressed to a tenth. */
  static final long ALWAYS_ALLOWED = 8 << 20;

  private final String fileName;
  private final int expansion;
  private final long fileBytes;
  private long left;

  /**
   * @param fileName what messages call the file
   */
  public AllocationBudget(String fileName, long fileBytes) {
    this(fileName, MAX_EXPANSION, fileBytes);
  }

  /**
   * @param fileName what messages call the file
   * @param expansion bytes of memory for each byte of file
   */
  public AllocationBudget(String fileName, int expansion, long fileBytes) {
    this.fileName = fileName;
    this.expansion = expansion;
    this.fileBytes = fileBytes;
    left = Math.addExact(Math.multiplyExact(expansion, fileBytes), ALWAYS_ALLOWED);
  }

  /**
   * @param what the bytes are for
   * @throws WeightsException if they exceed what is left
   */
  public void spend(String what, long bytes) throws WeightsException {
    if (bytes < 0 || bytes > left) {
      throw new WeightsException(
          "%s: %s: a file of %d bytes must not unfold to more than %d times as much"
              .formatted(fileName, what, fileBytes, expansion));
    }
    left -= bytes;
  }
}
