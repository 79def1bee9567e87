package dev.diarist.nn.cpu;

/**
 * y = relu(conv(x) + bias + residual) over images, straight from the definition: for each row of
 * the kernel one product in which a row of the matrix is the run of pixels under that row. No pixel
 * is copied and no border asked for, see {@link Layout.Image}.
 *
 * @param kernelRows weights of each row of the kernel, (kernel · pixel of x, channels of y)
 * @param padding at most the border of x
 * @param residual laid out like y, or null
 * @param relu whether max(·, 0) is taken
 */
record ImageConvolution(
    PanelProduct product,
    Panels[] kernelRows,
    int stride,
    int padding,
    boolean relu,
    Value x,
    Value residual,
    Value y)
    implements Step {

  private Layout.Image in() {
    return (Layout.Image) x.layout();
  }

  private Layout.Image out() {
    return (Layout.Image) y.layout();
  }

  @Override
  public int items(int batch) {
    return batch * out().height();
  }

  @Override
  public void run(int item, int batch, Scratch scratch) {
    Layout.Image out = out();
    int b = item / out.height();
    int row = item % out.height();
    int width = kernelRows[0].paddedColumns();
    float[] sums =
        scratch.floats(Scratch.Use.PRODUCT, PanelProduct.wholeTiles(out.width()) * width);
    multiply(x.example(b), row, sums, width);

    float[] image = y.example(b);
    for (int column = 0; column < out.width(); column++) {
      int from = column * width; // sums[column,:]
      int to = out.at(row, column);
      if (residual != null) {
        float[] other = residual.example(b);
        for (int c = 0; c < out.pixel(); c++) {
          sums[from + c] += other[to + c];
        }
      }
      for (int c = 0; c < out.pixel(); c++) {
        float v = sums[from + c];
        image[to + c] = relu && v < 0 ? 0 : v;
      }
    }
  }

  /** sums (columns of y, channels of y) = one row of y before what is added to it. */
  private void multiply(float[] image, int row, float[] sums, int width) {
    Layout.Image in = in();
    int groups = Math.ceilDiv(out().width(), PanelProduct.ROWS);
    int step = stride * in.pixel();
    for (int ky = 0; ky < kernelRows.length; ky++) {
      Panels w = kernelRows[ky];
      int at = in.at(row * stride - padding + ky, -padding);
      float[] init = ky == 0 ? w.bias() : sums;
      int initStride = ky == 0 ? 0 : width;
      for (int p = 0; p < w.count(); p++) {
        int n = p * w.width();
        product.multiply(
            groups,
            w.depth(),
            image,
            at,
            step,
            w.values(),
            p * w.depth() * w.width(),
            init,
            n,
            initStride,
            sums,
            n,
            width);
      }
    }
  }
}
