package dev.diarist.nn.cpu;

import java.util.Arrays;

/** The product in plain loops; the compiler vectorises the innermost one. */
final class ScalarStridedProduct implements StridedProduct {
  private final int lanes;

  ScalarStridedProduct(int lanes) {
    this.lanes = lanes;
  }

  @Override
  public void multiply(
      int vectors,
      int groups,
      int depth,
      float[] a,
      int aOffset,
      int aRow,
      int aDepth,
      float[] b,
      int bOffset,
      int bStride,
      float[] init,
      int initOffset,
      int initStride,
      float[] c,
      int cOffset,
      int cStride) {
    int width = vectors * lanes;
    float[] sum = new float[width];
    for (int r = 0; r < groups * PanelProduct.ROWS; r++) {
      int at = aOffset + r * aRow; // a[r,:]
      int to = cOffset + r * cStride; // c[r,:]
      System.arraycopy(init, initOffset + r * initStride, c, to, width);
      for (int start = 0; start < depth; start += PanelProduct.BLOCK) {
        Arrays.fill(sum, 0);
        for (int k = start; k < Math.min(start + PanelProduct.BLOCK, depth); k++) {
          float x = a[at + k * aDepth];
          int of = bOffset + k * bStride; // b[k,:]
          for (int n = 0; n < width; n++) {
            sum[n] += x * b[of + n];
          }
        }
        for (int n = 0; n < width; n++) {
          c[to + n] += sum[n];
        }
      }
    }
  }
}
