package dev.diarist.nn.cpu;

import dev.diarist.nn.backend.CacheLine;
import dev.diarist.nn.signal.SincFilters;

/**
 * y = finish(windows of x · filters) for the filters of {@link SincFilters}: the cosine filters
 * read the same from both ends, the sign of the sine filters turns. So each window is folded, and
 * half the products are left. Folded rows lie where a product takes them fastest.
 *
 * <p>Letters: {@code R} windows, {@code B} bands.
 *
 * @param rows R of one example
 * @param stride floats from one window of x to the next
 * @param y (R / finish.pool, 2·B), row-major
 */
record SincConvolution(
    Kernels kernels,
    PackedWeights.Sinc filters,
    int rows,
    int stride,
    RowProducts.Finish finish,
    Value x,
    Value y)
    implements Step {
  /** Floats that an item has in hand: they stay in the level 2 cache. */
  private static final int ITEM_FLOATS = 1 << 16;

  /** Floats from one folded window to the next. */
  private int apart() {
    return PanelProduct.stride(WindowFold.depth(filters.half()));
  }

  private int rowsPerItem() {
    int unit = PanelProduct.ROWS * finish.pool() * Math.max(1, PanelProduct.APART / apart());
    return unit
        * Math.max(1, ITEM_FLOATS / (unit * (2 * apart() + filters.cosine().paddedColumns())));
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
    int tiles = PanelProduct.wholeTiles(count);
    int even = CacheLine.START; // folded[even,R,:]
    int odd = even + tiles * apart(); // folded[odd,R,:]
    float[] folded = scratch.floats(Scratch.Use.INPUT, odd + tiles * apart());
    int half = filters.half();
    int from = first * stride;
    kernels.fold().fold(count, half, x.example(b), from, stride, folded, even, odd, apart());
    int bands = filters.cosine().columns();
    int at = first / pool * 2 * bands; // y[first/pool,:]
    multiply(filters.cosine(), count, folded, even, y.example(b), at, scratch);
    multiply(filters.sine(), count, folded, odd, y.example(b), at + bands, scratch);
  }

  private void multiply(
      Panels kind, int count, float[] folded, int from, float[] to, int at, Scratch scratch) {
    int width = kind.paddedColumns();
    int size = CacheLine.START + PanelProduct.wholeTiles(count) * width;
    float[] sums = scratch.floats(Scratch.Use.PRODUCT, size);
    kind.multiply(kernels.product(), count, folded, from, apart(), sums);
    kernels
        .finish()
        .pool(
            count / finish.pool(),
            kind.columns(),
            finish.pool(),
            finish.abs(),
            finish.slope(),
            sums,
            CacheLine.START,
            width,
            to,
            at,
            2 * kind.columns());
  }
}
