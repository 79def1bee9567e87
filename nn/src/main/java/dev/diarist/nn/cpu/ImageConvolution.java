package dev.diarist.nn.cpu;

/**
 * y = relu(conv(x) + bias + residual) over images, straight from the definition: what lies under
 * the kernel is copied side by side, a few pixels of y at a time, and multiplied by the weights. An
 * item is one row of y.
 *
 * @param weights (kernel · kernel · pixel of x, channels of y)
 * @param padding at most the border of x
 * @param residual laid out like y, or null
 * @param relu whether max(·, 0) is taken
 */
record ImageConvolution(
    PanelProduct product,
    Panels weights,
    int kernel,
    int stride,
    int padding,
    boolean relu,
    Value x,
    Value residual,
    Value y)
    implements Step {
  /** Pixels of y at a time, in whole tiles: what is under the kernel stays in the cache. */
  private static final int BLOCK = 8 * PanelProduct.ROWS;

  /** Up to this many floats a loop copies faster than a call. */
  private static final int SHORT = 16;

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
    int depth = weights.depth();
    int width = weights.paddedColumns();
    float[] patches = scratch.floats(Scratch.Use.INPUT, BLOCK * depth);
    float[] sums = scratch.floats(Scratch.Use.PRODUCT, BLOCK * width);
    for (int column = 0; column < out.width(); column += BLOCK) {
      int count = Math.min(BLOCK, out.width() - column);
      gather(x.example(b), row, column, count, patches);
      weights.multiply(product, count, patches, 0, depth, sums);
      float[] other = residual == null ? null : residual.example(b);
      finish(sums, width, count, other, y.example(b), out.at(row, column));
    }
  }

  /** patches (count, kernel, kernel · pixel): what lies under the kernel for each pixel of y. */
  private void gather(float[] image, int row, int column, int count, float[] patches) {
    Layout.Image in = (Layout.Image) x.layout();
    int run = kernel * in.pixel();
    int to = 0;
    for (int i = 0; i < count; i++) {
      for (int ky = 0; ky < kernel; ky++) {
        int from = in.at(row * stride - padding + ky, (column + i) * stride - padding);
        if (run <= SHORT) {
          for (int k = 0; k < run; k++) {
            patches[to + k] = image[from + k];
          }
        } else {
          System.arraycopy(image, from, patches, to, run);
        }
        to += run;
      }
    }
  }

  /** The pixels of y from {@code at} on, which lie side by side. */
  private void finish(float[] sums, int width, int count, float[] other, float[] image, int at) {
    int pixel = out().pixel();
    float floor = relu ? 0 : Float.NEGATIVE_INFINITY;
    for (int i = 0; i < count; i++) {
      int from = i * width; // sums[i,:]
      int to = at + i * pixel;
      if (other != null) {
        for (int c = 0; c < pixel; c++) {
          sums[from + c] += other[to + c];
        }
      }
      for (int c = 0; c < pixel; c++) {
        image[to + c] = Math.max(sums[from + c], floor);
      }
    }
  }
}
