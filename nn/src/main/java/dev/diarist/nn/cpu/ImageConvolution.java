package dev.diarist.nn.cpu;

import dev.diarist.nn.backend.CacheLine;

/**
 * y = relu(conv(x) + bias + residual) over images, straight from the definition: a row of the
 * kernel reads pixels that lie side by side, so that each row of the kernel is one product, whose
 * rows begin a stride of pixels apart and may overlap. An item is one row of y.
 *
 * @param weights (kernel · kernel · pixel of x, channels of y)
 * @param padding at most the border of x
 * @param residual laid out like y, or null
 * @param relu whether max(·, 0) is taken
 * @param columns of y, in blocks of {@link #BLOCK}
 */
record ImageConvolution(
    PanelProduct product,
    RowFinish finish,
    Panels weights,
    int kernel,
    int stride,
    int padding,
    boolean relu,
    Value x,
    Value residual,
    Value y,
    Columns columns)
    implements ImageStep {
  /** Columns of y that are computed or not, in whole tiles. */
  static final int BLOCK = 4 * PanelProduct.ROWS;

  /** Blocks at a time: their sums stay in the level 1 cache. */
  private static final int BLOCKS = 2;

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
    int width = weights.width();
    float[] sums = scratch.floats(Scratch.Use.PRODUCT, CacheLine.START + BLOCKS * BLOCK * width);
    float[] other = residual == null ? null : residual.example(b);
    int[] blocks = columns.blocks(b);
    int run;
    for (int i = 0; i < blocks.length; i += run) {
      run = 1;
      while (run < BLOCKS && i + run < blocks.length && blocks[i + run] == blocks[i] + run) {
        run++;
      }
      int column = blocks[i] * BLOCK;
      int count = Math.min(run * BLOCK, out.width() - column);
      for (int panel = 0; panel < weights.count(); panel++) {
        int channel = panel * width; // the first of the panel
        int channels = Math.min(width, out.pixel() - channel);
        int at = out.at(row, column) + channel;
        multiply(x.example(b), row, column, count, panel, sums);
        finish.image(
            count,
            channels,
            sums,
            CacheLine.START,
            width,
            other,
            relu,
            y.example(b),
            at,
            out.pixel());
      }
    }
  }

  /** sums (count in whole tiles, width) = bias + what lies under the kernel · a panel. */
  private void multiply(float[] image, int row, int column, int count, int panel, float[] sums) {
    Layout.Image in = (Layout.Image) x.layout();
    int depth = kernel * in.pixel();
    int width = weights.width();
    float[] init = weights.bias();
    int from = CacheLine.START + panel * width; // bias[panel,:]
    int initStride = 0;
    for (int ky = 0; ky < kernel; ky++) {
      product.multiply(
          Math.ceilDiv(count, PanelProduct.ROWS),
          depth,
          image,
          in.at(row * stride - padding + ky, column * stride - padding),
          stride * in.pixel(),
          weights.values(),
          weights.panel(panel) + ky * depth * width,
          init,
          from,
          initStride,
          sums,
          CacheLine.START,
          width);
      init = sums;
      from = CacheLine.START;
      initStride = width;
    }
  }
}
