package dev.diarist.nn.backend;

import java.util.ServiceLoader;

/**
 * The arithmetic that costs the time of a network, for those who walk a graph in a way of their
 * own, such as a trainer. The right-hand matrix of {@link #multiply} is packed into panels of
 * {@link #panelColumns} columns, each row-major, filled up with zeros.
 */
public interface MatrixKernels {

  /** The kernels of this installation. */
  static MatrixKernels ofMachine() {
    return ServiceLoader.load(MatrixKernels.class, MatrixKernels.class.getClassLoader())
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no kernels for matrix products were found"));
  }

  /** Rows of a tile: a product computes whole tiles. */
  int tileRows();

  /** Columns of a panel: two vectors. */
  int panelColumns();

  /**
   * c[r, 0..N) = init[r, 0..N) + Σₖ a[r, k] · panel[k, 0..N) for {@code groups} tiles of rows r,
   * where N is {@link #panelColumns}. Row r of a matrix begins r strides after its offset; an
   * {@code initStride} of 0 gives every row the same start, a bias.
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

  /**
   * c[r, 0..N) = init[r, 0..N) + Σₖ a[r, k] · b[k, 0..N) for {@code groups} tiles of rows r, where
   * N is one vector, half a panel, or two.
   *
   * @param vectors 1 or 2
   * @param a element (r, k) at {@code aOffset + r · aRow + k · aDepth}; not modified
   * @param b row k at {@code bOffset + k · bStride}; not modified
   * @param init row r at {@code initOffset + r · initStride}; not modified, unless it is {@code c}
   * @param c row r at {@code cOffset + r · cStride}; overwritten
   */
  void multiplyStrided(
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

  /** The transforms of Winograd convolutions, whose lanes are half a panel's columns. */
  WinogradTransforms winograd();

  /**
   * x = sigmoid(x) for the {@code count} values from {@code from} on.
   *
   * @param count a multiple of half a panel's columns
   */
  void sigmoid(float[] x, int from, int count);

  /**
   * x = tanh(x) for the {@code count} values from {@code from} on.
   *
   * @param count a multiple of half a panel's columns
   */
  void tanh(float[] x, int from, int count);

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
