package dev.diarist.nn.cpu;

import dev.diarist.nn.backend.MatrixKernels;
import dev.diarist.nn.backend.WinogradTransforms;

/** The kernels of the cpu backend, in the width that it uses itself. */
public final class CpuMatrixKernels implements MatrixKernels {
  private final Kernels kernels;

  public CpuMatrixKernels() {
    this(Kernels.chosen());
  }

  CpuMatrixKernels(Kernels kernels) {
    this.kernels = kernels;
  }

  @Override
  public int tileRows() {
    return PanelProduct.ROWS;
  }

  @Override
  public int panelColumns() {
    return 2 * kernels.lanes();
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
    kernels
        .product()
        .multiply(
            groups,
            depth,
            a,
            aOffset,
            aStride,
            panels,
            panel,
            init,
            initOffset,
            initStride,
            c,
            cOffset,
            cStride);
  }

  @Override
  public void multiplyStrided(
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
    kernels
        .strided()
        .multiply(
            vectors,
            groups,
            depth,
            a,
            aOffset,
            aRow,
            aDepth,
            b,
            bOffset,
            bStride,
            init,
            initOffset,
            initStride,
            c,
            cOffset,
            cStride);
  }

  @Override
  public WinogradTransforms winograd() {
    return kernels.winograd();
  }

  @Override
  public void sigmoid(float[] x, int from, int count) {
    kernels.cell().sigmoid(x, from, count);
  }

  @Override
  public void tanh(float[] x, int from, int count) {
    kernels.cell().tanh(x, from, count);
  }

  @Override
  public void rectify(float slope, float[] x, float[] y, int from, int count) {
    kernels.elements().rectify(slope, x, y, from, count);
  }

  @Override
  public void rectifyGradient(float slope, float[] y, float[] g, int from, int count) {
    kernels.elements().rectifyGradient(slope, y, g, from, count);
  }

  @Override
  public void addRows(
      int rows, int columns, float[] x, int from, int xStride, float[] y, int to, int yStride) {
    kernels.elements().addRows(rows, columns, x, from, xStride, y, to, yStride);
  }
}
