package dev.diarist.nn.cpu;

/**
 * What follows a product before its rows are stored. Letters: {@code r} a row, {@code c} a channel
 * or column.
 */
interface RowFinish {

  /**
   * y[r, c] = sums[r, c] + residual[r, c], with max(·, 0) where {@code relu}.
   *
   * @param channels a multiple of the lanes
   * @param sums rows {@code width} floats apart, the first at {@code from}; not modified
   * @param residual laid out like y, or null; not modified
   * @param y rows {@code pixel} floats apart, the first at {@code at}; overwritten
   */
  void image(
      int rows,
      int channels,
      float[] sums,
      int from,
      int width,
      float[] residual,
      boolean relu,
      float[] y,
      int at,
      int pixel);

  /**
   * y[r, c] = leaky(max over p &lt; pool of |x[r·pool + p, c]|), or of x where {@code abs} is
   * false; leaky(v) is v where v ≥ 0 and slope · v elsewhere. A NaN among the values gives NaN.
   *
   * @param rows of y
   * @param columns any number
   * @param x rows {@code width} floats apart, the first at {@code from}; not modified
   * @param y rows {@code stride} floats apart, the first at {@code at}; overwritten
   */
  void pool(
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
      int stride);
}
