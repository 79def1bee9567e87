package dev.diarist.nn.cpu;

/** The plain loops. */
final class ScalarWindowFold implements WindowFold {

  @Override
  public void fold(
      int rows,
      int half,
      float[] x,
      int from,
      int stride,
      float[] folded,
      int even,
      int odd,
      int apart) {
    for (int r = 0; r < rows; r++) {
      values(0, half, x, from + r * stride, folded, even + r * apart, odd + r * apart);
    }
  }

  /** The values of one row from {@code first} on. */
  static void values(int first, int half, float[] x, int row, float[] folded, int even, int odd) {
    int last = row + 2 * half; // x[r,2h]
    for (int k = first; k < half; k++) {
      folded[even + k] = x[row + k] + x[last - k];
      folded[odd + k] = x[row + k] - x[last - k];
    }
    folded[even + half] = x[row + half];
    folded[odd + half] = 0;
    for (int k = half + 1; k < WindowFold.depth(half); k++) {
      folded[even + k] = 0;
      folded[odd + k] = 0;
    }
  }
}
