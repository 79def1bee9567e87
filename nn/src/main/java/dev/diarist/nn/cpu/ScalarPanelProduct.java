package dev.diarist.nn.cpu;

/** The product in plain loops; the compiler vectorises the innermost one. */
final class ScalarPanelProduct implements PanelProduct {
  private final int width;

  ScalarPanelProduct(int lanes) {
    width = 2 * lanes;
  }

  @Override
  public void multiply(
      int groups,
      int depth,
      float[] a,
      int aOffset,
      int aStride,
      float[] panels,
      int panel,
      float[] init,
      int initOffset,
      int initStride,
      float[] c,
      int cOffset,
      int cStride) {
    float[] sum = new float[width];
    for (int r = 0; r < groups * ROWS; r++) {
      int at = aOffset + r * aStride; // a[r,:]
      System.arraycopy(init, initOffset + r * initStride, sum, 0, width);
      for (int k = 0; k < depth; k++) {
        float x = a[at + k];
        int of = panel + k * width; // panel[k,:]
        for (int n = 0; n < width; n++) {
          sum[n] += x * panels[of + n];
        }
      }
      System.arraycopy(sum, 0, c, cOffset + r * cStride, width);
    }
  }
}
