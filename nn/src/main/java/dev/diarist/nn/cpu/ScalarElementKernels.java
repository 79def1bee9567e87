package dev.diarist.nn.cpu;

/** The plain loops. */
final class ScalarElementKernels implements ElementKernels {

  @Override
  public void rectify(float slope, float[] x, float[] y, int from, int count) {
    for (int i = from; i < from + count; i++) {
      y[i] = x[i] > 0 ? x[i] : slope * x[i];
    }
  }

  @Override
  public void rectifyGradient(float slope, float[] y, float[] g, int from, int count) {
    for (int i = from; i < from + count; i++) {
      g[i] = y[i] > 0 ? g[i] : slope * g[i];
    }
  }

  @Override
  public void addRows(
      int rows, int columns, float[] x, int from, int xStride, float[] y, int to, int yStride) {
    for (int r = 0; r < rows; r++) {
      int row = from + r * xStride; // x[r,:]
      int at = to + r * yStride; // y[r,:]
      for (int c = 0; c < columns; c++) {
        y[at + c] += x[row + c];
      }
    }
  }
}
