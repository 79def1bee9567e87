package dev.diarist.nn.cpu;

import java.util.Arrays;

/**
 * Makes the columns of an image 0 that nobody computes. What lies beside a column that is heard
 * takes part in the arithmetic of a Winograd tile, where it cancels out but for rounding; it must
 * not depend on what the array held before. An item is one row of an example.
 */
record ClearColumns(Value y, Columns columns) implements Step {

  private Layout.Image image() {
    return (Layout.Image) y.layout();
  }

  @Override
  public int items(int batch) {
    for (int b = 0; b < batch; b++) {
      if (columns.leavesOut(b)) {
        return batch * image().height();
      }
    }
    return 0;
  }

  @Override
  public void run(int item, int batch, Scratch scratch) {
    Layout.Image image = image();
    int b = item / image.height();
    int row = item % image.height();
    int next = 0; // the first column that is not settled
    for (int number : columns.blocks(b)) {
      int column = number * columns.block();
      clear(b, row, next, column);
      next = column + columns.block();
    }
    clear(b, row, next, image.width());
  }

  private void clear(int b, int row, int from, int to) {
    if (from < to) {
      Arrays.fill(y.example(b), image().at(row, from), image().at(row, to), 0);
    }
  }
}
