package dev.diarist.nn.cpu;

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
    PanelProduct product, Panels weights, int rows, int stride, Finish finish, Value x, Value y)
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
  record Finish(boolean abs, int pool, float slope) {
    static final Finish NONE = new Finish(false, 1, 1);

    /**
     * @param from (pool rows, {@code width}) beginning at {@code at}; not modified
     * @param to {@code count} values from {@code of} on, overwritten
     */
    void apply(float[] from, int at, int width, float[] to, int of, int count) {
      for (int n = 0; n < count; n++) {
        float v = from[at + n];
        to[of + n] = abs ? Math.abs(v) : v;
      }
      for (int r = 1; r < pool; r++) {
        int row = at + r * width;
        for (int n = 0; n < count; n++) {
          float v = from[row + n];
          to[of + n] = Math.max(to[of + n], abs ? Math.abs(v) : v);
        }
      }
      if (slope != 1) {
        for (int n = 0; n < count; n++) {
          to[of + n] = Pointwise.Activation.of(to[of + n], slope);
        }
      }
    }
  }

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
    float[] sums = scratch.floats(Scratch.Use.PRODUCT, PanelProduct.wholeTiles(count) * width);
    weights.multiply(product, count, x.example(b), first * stride, stride, sums);
    float[] out = y.example(b);
    for (int r = 0; r < count; r += pool) {
      finish.apply(sums, r * width, width, out, (first + r) / pool * columns, columns);
    }
  }
}
