package dev.diarist.nn.cpu;

import java.util.Arrays;

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
      int to = cOffset + r * cStride; // c[r,:]
      System.arraycopy(init, initOffset + r * initStride, c, to, width);
      for (int start = 0; start < depth; start += BLOCK) {
        Arrays.fill(sum, 0);
        for (int k = start; k < Math.min(start + BLOCK, depth); k++) {
          float x = a[at + k];
          int of = panel + k * width; // panel[k,:]
          for (int n = 0; n < width; n++) {
            sum[n] += x * panels[of + n];
          }
        }
        for (int n = 0; n < width; n++) {
          c[to + n] += sum[n];
        }
      }
    }
  }
}
