package dev.diarist.nn.tornado;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/**
 * Kernels of everything that is a product with a matrix of weights: sinc filters, convolutions over
 * time and over images, linear layers, the input gates of an LSTM.
 *
 * <p>Letters: {@code B} batch, {@code P} positions, {@code K} depth of the product, {@code O}
 * output channels, filled up to whole {@value #LANES} lanes in the weights.
 *
 * <p>A thread computes one output channel of {@value #POSITIONS} neighbouring positions, so that a
 * weight that was read serves several of them and neighbouring threads read neighbouring weights.
 * Each output is added up in one order, whatever the batch and the place in it. TornadoVM makes of
 * these methods what runs on the device: no arrays of any length and no exceptions, and the ints
 * are constants of the compiled code. The slope, of one element, lies in memory, because TornadoVM
 * cannot compile a branch whose two sides a constant makes equal.
 */
final class Products {
  /** Positions of a thread. */
  static final int POSITIONS = 8;

  /** Output channels of a work-group; their weights lie side by side. */
  static final int LANES = 16;

  private Products() {}

  /**
   * A convolution over images whose channels lie last: y[h, w, o] = bias[o] + Σ x[xAt + h · xRow +
   * r · kernelRow + w · xStep + k] · w[r, k, o], with r over the rows of the kernel and k over the
   * columns and channels of one row, which lie one after the other; with the residual added; what
   * is then negative times {@code slope}. Rows of a linear layer, and windows over time, are an
   * image of one row and a kernel of one row.
   *
   * @param x images with a border of zeros, read up to 8 positions past the last one; not modified
   * @param w (O / LANES, kernelRows, K, LANES), not modified
   * @param bias (O), not modified
   * @param residual laid out as y, or one 0; not modified
   * @param y (B, height, width, channels) with a border; overwritten but for that
   * @param xAt where the window of the first position begins
   * @param xRow floats from the windows of one row of positions to those of the next one
   * @param kernelRow floats from one row of a window to the next one
   * @param border of y in pixels
   * @param share 1 where there is a residual, otherwise 0: TornadoVM cannot compile a branch on a
   *     constant
   */
  static void images(
      KernelContext context,
      FloatArray x,
      FloatArray w,
      FloatArray bias,
      FloatArray residual,
      FloatArray y,
      int xAt,
      int xRow,
      int kernelRow,
      int xStep,
      int xExample,
      int kernelRows,
      int depth,
      int height,
      int width,
      int channels,
      int border,
      int share,
      FloatArray slope) {
    int blocks = (width + POSITIONS - 1) / POSITIONS;
    int o = context.globalIdx;
    // Threads past the last row do its work again: a branch around a loop keeps some compilers from
    // computing several threads at a time.
    int row = TornadoMath.min(context.globalIdy / blocks, height - 1);
    int first = context.globalIdy % blocks * POSITIONS;
    int at = context.globalIdz * xExample + xAt + row * xRow + first * xStep;
    float b = bias.get(o);
    float a0 = b;
    float a1 = b;
    float a2 = b;
    float a3 = b;
    float a4 = b;
    float a5 = b;
    float a6 = b;
    float a7 = b;
    for (int r = 0; r < kernelRows; r++) {
      int xr = at + r * kernelRow;
      int wr = (context.groupIdx * kernelRows + r) * depth * LANES + context.localIdx;
      for (int k = 0; k < depth; k++) {
        int p = xr + k;
        float v = w.get(wr + k * LANES);
        a0 += x.get(p) * v;
        a1 += x.get(p + xStep) * v;
        a2 += x.get(p + 2 * xStep) * v;
        a3 += x.get(p + 3 * xStep) * v;
        a4 += x.get(p + 4 * xStep) * v;
        a5 += x.get(p + 5 * xStep) * v;
        a6 += x.get(p + 6 * xStep) * v;
        a7 += x.get(p + 7 * xStep) * v;
      }
    }
    if (o < channels) {
      int yRow = (width + 2 * border) * channels;
      int to = (context.globalIdz * (height + 2 * border) + border + row) * yRow; // y[b, row, :, :]
      to += (border + first) * channels + o; // y[b, row, first, o]
      y.set(to, finish(a0, residual, to * share, slope));
      if (first + 1 < width) {
        y.set(to + channels, finish(a1, residual, (to + channels) * share, slope));
      }
      if (first + 2 < width) {
        y.set(to + 2 * channels, finish(a2, residual, (to + 2 * channels) * share, slope));
      }
      if (first + 3 < width) {
        y.set(to + 3 * channels, finish(a3, residual, (to + 3 * channels) * share, slope));
      }
      if (first + 4 < width) {
        y.set(to + 4 * channels, finish(a4, residual, (to + 4 * channels) * share, slope));
      }
      if (first + 5 < width) {
        y.set(to + 5 * channels, finish(a5, residual, (to + 5 * channels) * share, slope));
      }
      if (first + 6 < width) {
        y.set(to + 6 * channels, finish(a6, residual, (to + 6 * channels) * share, slope));
      }
      if (first + 7 < width) {
        y.set(to + 7 * channels, finish(a7, residual, (to + 7 * channels) * share, slope));
      }
    }
  }

  static float finish(float sum, FloatArray residual, int at, FloatArray slope) {
    float value = sum + residual.get(at);
    return value < 0 ? value * slope.get(0) : value;
  }
}
