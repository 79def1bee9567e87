package dev.diarist.nn.cpu;

/** The plain loops. */
final class ScalarRowFinish implements RowFinish {

  @Override
  public void image(
      int rows,
      int channels,
      float[] sums,
      int from,
      int width,
      float[] residual,
      boolean relu,
      float[] y,
      int at,
      int pixel) {
    for (int r = 0; r < rows; r++) {
      int row = from + r * width; // sums[r,:]
      int to = at + r * pixel; // y[r,:]
      for (int c = 0; c < channels; c++) {
        float sum = sums[row + c] + (residual == null ? 0 : residual[to + c]);
        y[to + c] = relu && sum < 0 ? 0 : sum;
      }
    }
  }

  @Override
  public void pool(
      int rows,
      int columns,
      int pool,
      boolean abs,
      float slope,
      float[] x,
      int from,
      int width,
      float[] y,
      int at,
      int stride) {
    for (int r = 0; r < rows; r++) {
      int row = from + r * pool * width; // x[r·pool,:]
      column(columns, 0, pool, abs, slope, x, row, width, y, at + r * stride);
    }
  }

  /** The columns of one row of y from {@code first} on. */
  static void column(
      int columns,
      int first,
      int pool,
      boolean abs,
      float slope,
      float[] x,
      int row,
      int width,
      float[] y,
      int to) {
    for (int c = first; c < columns; c++) {
      float largest = abs ? Math.abs(x[row + c]) : x[row + c];
      for (int p = 1; p < pool; p++) {
        float v = x[row + p * width + c];
        largest = Math.max(largest, abs ? Math.abs(v) : v);
      }
      y[to + c] = Pointwise.Activation.of(largest, slope);
    }
  }
}
