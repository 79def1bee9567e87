package dev.diarist.nn.cpu;

/**
 * The rows of each example of a batch, cut into items.
 *
 * @param rows of one example
 * @param rowsPerItem at most; the last item of an example may have fewer
 */
record RowItems(int rows, int rowsPerItem) {
  /** Floats that an item has in hand: they stay in the level 2 cache. */
  private static final int ITEM_FLOATS = 1 << 16;

  /**
   * Items of whole units.
   *
   * @param unit rows that stay together
   * @param floatsPerRow what an item has in hand for each row
   */
  static RowItems of(int rows, int unit, int floatsPerRow) {
    return new RowItems(rows, unit * Math.max(1, ITEM_FLOATS / (unit * floatsPerRow)));
  }

  private int perExample() {
    return Math.ceilDiv(rows, rowsPerItem);
  }

  int count(int batch) {
    return batch * perExample();
  }

  int example(int item) {
    return item / perExample();
  }

  /** The first row of an item. */
  int first(int item) {
    return item % perExample() * rowsPerItem;
  }

  int rowsOf(int item) {
    return Math.min(rowsPerItem, rows - first(item));
  }
}
