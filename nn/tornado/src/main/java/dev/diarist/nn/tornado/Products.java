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
   * y[p, o] = bias[o] + Σₖ x[p · xStep + k] · w[k, o]; what is negative times {@code slope}.
   *
   * @param x (B, xExample), read past the last position to the end of a work-group; not modified
   * @param w (O / LANES, K, LANES), not modified
   * @param bias (O), not modified
   * @param y (B, P, channels), overwritten
   */
  static void rows(
      KernelContext context,
      FloatArray x,
      FloatArray w,
      FloatArray bias,
      FloatArray y,
      int xStep,
      int xExample,
      int depth,
      int positions,
      int channels,
      int yExample,
      FloatArray slope) {
    int o = context.globalIdx;
    int wr = context.groupIdx * depth * LANES + context.localIdx; // w[panel, 0, lane]
    int first = context.globalIdy * POSITIONS;
    int at = context.globalIdz * xExample + first * xStep; // x[b, first, :]
    float b = bias.get(o);
    float a0 = b;
    float a1 = b;
    float a2 = b;
    float a3 = b;
    float a4 = b;
    float a5 = b;
    float a6 = b;
    float a7 = b;
    for (int k = 0; k < depth; k++) {
      int p = at + k;
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
    if (o < channels) {
      int to = context.globalIdz * yExample + first * channels + o; // y[b, first, o]
      if (first < positions) {
        y.set(to, finish(a0, slope));
      }
      if (first + 1 < positions) {
        y.set(to + channels, finish(a1, slope));
      }
      if (first + 2 < positions) {
        y.set(to + 2 * channels, finish(a2, slope));
      }
      if (first + 3 < positions) {
        y.set(to + 3 * channels, finish(a3, slope));
      }
      if (first + 4 < positions) {
        y.set(to + 4 * channels, finish(a4, slope));
      }
      if (first + 5 < positions) {
        y.set(to + 5 * channels, finish(a5, slope));
      }
      if (first + 6 < positions) {
        y.set(to + 6 * channels, finish(a6, slope));
      }
      if (first + 7 < positions) {
        y.set(to + 7 * channels, finish(a7, slope));
      }
    }
  }

  private static float finish(float value, FloatArray slope) {
    return value < 0 ? value * slope.get(0) : value;
  }

  /**
   * A convolution over images whose channels lie last: y[h, w, o] = bias[o] + Σ x[xAt + h · xRow +
   * r · kernelRow + w · xStep + k] · w[r, k, o], with r over the rows of the kernel and k over the
   * columns and channels of one row, which lie one after the other; what is negative times {@code
   * slope}.
   *
   * @param x images with a border of zeros, read up to 8 positions past the last one; not modified
   * @param w (O / LANES, kernelRows, K, LANES), not modified
   * @param bias (O), not modified
   * @param y overwritten but for its border
   * @param xAt where the window of the first position begins
   * @param xRow floats from the windows of one row of positions to those of the next one
   * @param kernelRow floats from one row of a window to the next one
   */
  static void images(
      KernelContext context,
      FloatArray x,
      FloatArray w,
      FloatArray bias,
      FloatArray y,
      int xAt,
      int xRow,
      int kernelRow,
      int xStep,
      int xExample,
      int kernelRows,
      int depth,
      int width,
      int channels,
      int yAt,
      int yRow,
      int yExample,
      int height,
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
      int to = context.globalIdz * yExample + yAt + row * yRow + first * channels + o;
      y.set(to, finish(a0, slope));
      if (first + 1 < width) {
        y.set(to + channels, finish(a1, slope));
      }
      if (first + 2 < width) {
        y.set(to + 2 * channels, finish(a2, slope));
      }
      if (first + 3 < width) {
        y.set(to + 3 * channels, finish(a3, slope));
      }
      if (first + 4 < width) {
        y.set(to + 4 * channels, finish(a4, slope));
      }
      if (first + 5 < width) {
        y.set(to + 5 * channels, finish(a5, slope));
      }
      if (first + 6 < width) {
        y.set(to + 6 * channels, finish(a6, slope));
      }
      if (first + 7 < width) {
        y.set(to + 7 * channels, finish(a7, slope));
      }
    }
  }

  /**
   * As {@link #images}, with the residual added before negative results are multiplied. Another
   * method, because TornadoVM cannot compile a branch on a constant.
   *
   * @param residual laid out as y, not modified
   */
  static void imagesPlus(
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
      int width,
      int channels,
      int yAt,
      int yRow,
      int yExample,
      int height,
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
      int to = context.globalIdz * yExample + yAt + row * yRow + first * channels + o;
      y.set(to, finish(a0 + residual.get(to), slope));
      if (first + 1 < width) {
        y.set(to + channels, finish(a1 + residual.get(to + channels), slope));
      }
      if (first + 2 < width) {
        y.set(to + 2 * channels, finish(a2 + residual.get(to + 2 * channels), slope));
      }
      if (first + 3 < width) {
        y.set(to + 3 * channels, finish(a3 + residual.get(to + 3 * channels), slope));
      }
      if (first + 4 < width) {
        y.set(to + 4 * channels, finish(a4 + residual.get(to + 4 * channels), slope));
      }
      if (first + 5 < width) {
        y.set(to + 5 * channels, finish(a5 + residual.get(to + 5 * channels), slope));
      }
      if (first + 6 < width) {
        y.set(to + 6 * channels, finish(a6 + residual.get(to + 6 * channels), slope));
      }
      if (first + 7 < width) {
        y.set(to + 7 * channels, finish(a7 + residual.get(to + 7 * channels), slope));
      }
    }
  }
}
