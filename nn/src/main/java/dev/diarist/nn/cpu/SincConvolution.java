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
  /** Floats from one folded window to the next. */
  private int apart() {
    return PanelProduct.stride(WindowFold.depth(filters.half()));
  }

  private RowItems items() {
    int unit = PanelProduct.ROWS * finish.pool() * Math.max(1, PanelProduct.APART / apart());
    int floatsPerRow = 2 * apart() + filters.cosine().paddedColumns();
    return RowItems.of(finish.pooled(rows), unit, floatsPerRow);
  }

  @Override
  public int items(int batch) {
    return items().count(batch);
  }

  @Override
  public void run(int item, int batch, Scratch scratch) {
    RowItems items = items();
    float[] from = x.example(items.example(item));
    float[] to = y.example(items.example(item));
    int first = items.first(item);
    int count = items.rowsOf(item);
    int apart = apart();
    int tiles = PanelProduct.wholeTiles(count);
    int even = CacheLine.START; // folded[even,R,:]
    int odd = even + tiles * apart; // folded[odd,R,:]
    float[] folded = scratch.floats(Scratch.Use.INPUT, odd + tiles * apart);
    kernels
        .fold()
        .fold(count, filters.half(), from, first * stride, stride, folded, even, odd, apart);
    int bands = filters.cosine().columns();
    int row = 2 * bands;
    int at = first / finish.pool() * row; // y[first/pool,:]
    finish.product(kernels, filters.cosine(), count, folded, even, apart, to, at, row, scratch);
    finish.product(
        kernels, filters.sine(), count, folded, odd, apart, to, at + bands, row, scratch);
  }
}
