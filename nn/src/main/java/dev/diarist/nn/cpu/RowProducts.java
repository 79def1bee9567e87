package dev.diarist.nn.cpu;

import dev.diarist.nn.backend.CacheLine;

/**
 * y = finish(x · W + bias) for rows of x that begin at even distances and may overlap: the windows
 * of a convolution over time, or the rows of a linear layer. No window is copied.
 *
 * <p>Letters: {@code R} rows, {@code K} values of a row, {@code N} columns of W.
 *
 * @param rows R of one example
 * @param stride floats from one row of x to the next
 * @param finish what follows the product
 * @param y (R / finish.pool, N), row-major
 */
record RowProducts(
    Kernels kernels, Panels weights, int rows, int stride, Finish finish, Value x, Value y)
    implements Step {
  /**
   * What becomes of a product before it is stored.
   *
   * @param abs whether of each value only the size is kept
   * @param pool how many rows of which the largest values are kept; 1 keeps all rows
   * @param slope by which negative values are multiplied
   */
  record Finish(boolean abs, int pool, float slope) {

    /** The rows of which something is stored: those of whole pools. */
    int pooled(int rows) {
      return rows / pool * pool;
    }

    /**
     * y = finish(a · W + bias) for a few rows of a.
     *
     * @param rows a multiple of {@code pool}
     * @param a rows {@code aStride} floats apart, the first at {@code from}; not modified
     * @param y rows {@code yStride} floats apart, the first at {@code at}; overwritten
     */
    void product(
        Kernels kernels,
        Panels weights,
        int rows,
        float[] a,
        int from,
        int aStride,
        float[] y,
        int at,
        int yStride,
        Scratch scratch) {
      int width = weights.paddedColumns();
      int size = CacheLine.START + PanelProduct.wholeTiles(rows) * width;
      float[] sums = scratch.floats(Scratch.Use.PRODUCT, size);
      weights.multiply(kernels.product(), rows, a, from, aStride, sums);
      int columns = weights.columns();
      kernels
          .finish()
          .pool(
              rows / pool, columns, pool, abs, slope, sums, CacheLine.START, width, y, at, yStride);
    }
  }

  private RowItems items() {
    int unit = PanelProduct.ROWS * finish.pool();
    return RowItems.of(finish.pooled(rows), unit, stride + weights.paddedColumns());
  }

  @Override
  public int items(int batch) {
    return items().count(batch);
  }

  @Override
  public void run(int item, int batch, Scratch scratch) {
    RowItems items = items();
    int b = items.example(item);
    int first = items.first(item);
    int columns = weights.columns();
    finish.product(
        kernels,
        weights,
        items.rowsOf(item),
        x.example(b),
        first * stride,
        stride,
        y.example(b),
        first / finish.pool() * columns,
        columns,
        scratch);
  }
}
