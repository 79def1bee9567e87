package dev.diarist.nn.cpu;

/**
 * Folds windows in the middle. A filter that reads the same from both ends needs only the sums of
 * what it multiplies alike, one whose sign turns only the differences: half as many products.
 *
 * <p>Letters: {@code r} a row, {@code k} a value of it, {@code h} half a window without its middle.
 */
interface WindowFold {
  /** Values of a folded window, an even number: the middle, and a 0 where that makes it odd. */
  static int depth(int half) {
    return (half + 2) / 2 * 2;
  }

  /**
   * even[r, k] = x[r, k] + x[r, 2h − k] and odd[r, k] = x[r, k] − x[r, 2h − k] for k &lt; h,
   * even[r, h] = x[r, h], and 0 for the others of {@link #depth}.
   *
   * @param x row r at {@code from + r · stride}; not modified
   * @param folded row r of even at {@code even + r · apart}, of odd at {@code odd + r · apart};
   *     overwritten
   */
  void fold(
      int rows,
      int half,
      float[] x,
      int from,
      int stride,
      float[] folded,
      int even,
      int odd,
      int apart);
}
