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
  /** Floats of the rows and products that an item has in hand: they stay in the level 2 cache. */
  private static final int ITEM_FLOATS = 1 << 16;

  /**
   * What becomes of a product before it is stored.
   *
   * @param abs whether of each value only the size is kept
   * @param pool how many rows of which the largest values are kept; 1 keeps all rows
   * @param slope by which negative values are multiplied
   */
  record Finish(boolean abs, int pool, float slope) {}

  private int rowsPerItem() {
    int unit = PanelProduct.ROWS * finish.pool();
    return unit * Math.max(1, ITEM_FLOATS / (unit * (stride + weights.paddedColumns())));
  }

  private int itemsPerExample() {
    return Math.ceilDiv(rows / finish.pool() * finish.pool(), rowsPerItem());
  }

  @Override
  public int items(int batch) {
    return batch * itemsPerExample();
  }

  @Override
  public void run(int item, int batch, Scratch scratch) {
    int b = item / itemsPerExample();
    int pool = finish.pool();
    int first = item % itemsPerExample() * rowsPerItem();
    int count = Math.min(rowsPerItem(), rows / pool * pool - first);
    int width = weights.paddedColumns();
    int columns = weights.columns();
    int size = CacheLine.START + PanelProduct.wholeTiles(count) * width;
    float[] sums = scratch.floats(Scratch.Use.PRODUCT, size);
    weights.multiply(kernels.product(), count, x.example(b), first * stride, stride, sums);
    kernels
        .finish()
        .pool(
            count / pool,
            columns,
            pool,
            finish.abs(),
            finish.slope(),
            sums,
            CacheLine.START,
            width,
            y.example(b),
            first / pool * columns,
            columns);
  }
}
