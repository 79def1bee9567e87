package dev.diarist.nn.cpu;

/**
 * The product of two matrices that lie at any distances, against one or two vectors of columns: a
 * transposed left-hand matrix, and a right-hand one that is read where it lies or has few columns.
 */
interface StridedProduct {

  /**
   * c[r, 0..N) = init[r, 0..N) + Σₖ a[r, k] · b[k, 0..N) for the 6·groups rows r and N = {@code
   * vectors · L} columns, summed in blocks of {@link PanelProduct#BLOCK}, both in the order of k.
   *
   * @param vectors 1 or 2
   * @param a element (r, k) at {@code aOffset + r · aRow + k · aDepth}; not modified
   * @param b row k at {@code bOffset + k · bStride}; not modified
   * @param init row r at {@code initOffset + r · initStride}; not modified, unless it is {@code c}
   * @param c row r at {@code cOffset + r · cStride}; overwritten
   */
  void multiply(
      int vectors,
      int groups,
      int depth,
      float[] a,
      int aOffset,
      int aRow,
      int aDepth,
      float[] b,
      int bOffset,
      int bStride,
      float[] init,
      int initOffset,
      int initStride,
      float[] c,
      int cOffset,
      int cStride);
}
