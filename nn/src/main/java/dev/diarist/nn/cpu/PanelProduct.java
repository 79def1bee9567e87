package dev.diarist.nn.cpu;

/**
 * The matrix product under every convolution, linear layer and LSTM. The right-hand matrix is
 * packed into panels of {@code 2·L} columns, {@code L} the lanes of a vector, see {@link Panels}.
 */
interface PanelProduct {
  /**
   * Rows of one tile. Six rows of two vectors make twelve accumulators, which fit the sixteen
   * registers of AVX2 and keep both multipliers of an AVX-512 core busy.
   */
  int ROWS = 6;

  /** Rows rounded up to whole tiles. */
  static int wholeTiles(int rows) {
    return Math.ceilDiv(rows, ROWS) * ROWS;
  }

  /**
   * Floats between the rows of a tile that is taken fastest: a distance that the compiler knows.
   */
  int APART = 256;

  /**
   * Floats from one row to the next where rows of {@code depth} values are put to be multiplied: a
   * whole number of them makes {@link #APART}, a power of two, unless one alone is longer.
   */
  static int stride(int depth) {
    int power = depth == 1 ? 1 : Integer.highestOneBit(depth - 1) << 1;
    return power <= APART ? power : depth;
  }

  /**
   * Products that are summed before they are added to the others: sums of sums round less than one
   * long sum. A Winograd convolution of 128 channels is then as exact as a direct one.
   */
  int BLOCK = 64;

  /**
   * c[r, 0..2L) = init[r, 0..2L) + Σₖ a[r, k] · panel[k, 0..2L) for the 6·groups rows r, summed in
   * blocks of {@link #BLOCK}, both in the order of k. Row r of a matrix begins r strides after its
   * offset; an {@code initStride} of 0 gives every row the same start, a bias.
   *
   * @param a not modified
   * @param panels not modified; the panel begins at {@code panel} and has {@code depth} rows
   * @param init not modified, unless it is {@code c}
   * @param c overwritten
   */
  void multiply(
      int groups,
      int depth,
      float[] a,
      int aOffset,
      int aStride,
      float[] panels,
      int panel,
      float[] init,
      int initOffset,
      int initStride,
      float[] c,
      int cOffset,
      int cStride);
}
