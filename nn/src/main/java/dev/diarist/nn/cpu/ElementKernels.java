package dev.diarist.nn.cpu;

/** What a trainer does to single values, and costs as much time as its products. */
interface ElementKernels {

  /** y = x where x &gt; 0, slope · x elsewhere, for {@code count} values from {@code from} on. */
  void rectify(float slope, float[] x, float[] y, int from, int count);

  /** g = g where y &gt; 0, slope · g elsewhere, for {@code count} values from {@code from} on. */
  void rectifyGradient(float slope, float[] y, float[] g, int from, int count);

  /**
   * y[r, :] += x[r, :] for rows of {@code columns} values, one row after the other, as those of y
   * may overlap.
   *
   * @param x row r at {@code from + r · xStride}; not modified
   * @param y row r at {@code to + r · yStride}; modified
   */
  void addRows(
      int rows, int columns, float[] x, int from, int xStride, float[] y, int to, int yStride);
}
