package dev.diarist.nn.tornado;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/**
 * Kernels that touch each value once: pooling by maximum, changes of layout, and the ops that are
 * nowhere fused. A thread computes the value of its number; those past the last value do nothing.
 *
 * <p>Letters: {@code B} batch, {@code C} channels, {@code T} time, {@code H, W} height and width.
 */
final class Elements {
  private Elements() {}

  /**
   * The largest of each so many {@code neighbours} in time, what is negative times {@code slope}.
   *
   * @param x (B, xTime, C), not modified
   * @param y (B, T, C), overwritten
   */
  static void maximum(
      KernelContext context,
      FloatArray x,
      FloatArray y,
      int channels,
      int xTime,
      int time,
      int neighbours,
      FloatArray slope) {
    int i = context.globalIdx;
    if (i < time * channels) {
      int t = i / channels;
      int at = context.globalIdz * xTime * channels + t * neighbours * channels + i % channels;
      float largest = x.get(at);
      for (int k = 1; k < neighbours; k++) {
        largest = TornadoMath.max(largest, x.get(at + k * channels));
      }
      y.set(
          context.globalIdz * time * channels + i, largest < 0 ? largest * slope.get(0) : largest);
    }
  }

  /**
   * y[n, c, r] = x[n, r, c] for each of N matrices of an example: x (B, N, rows, columns) → y (B,
   * N, columns, rows).
   */
  static void transpose(
      KernelContext context, FloatArray x, FloatArray y, int matrices, int rows, int columns) {
    int i = context.globalIdx;
    int size = rows * columns;
    if (i < matrices * size) {
      int matrix = context.globalIdz * matrices * size + i / size * size;
      int at = i % size;
      y.set(matrix + at, x.get(matrix + at % rows * columns + at / rows));
    }
  }

  /**
   * x (B, C, H, W) → y, whose channels lie last.
   *
   * @param y element (h, w, c) at yAt + h · yRow + w · C + c; overwritten but for its border
   */
  static void toImage(
      KernelContext context,
      FloatArray x,
      FloatArray y,
      int channels,
      int height,
      int width,
      int yAt,
      int yRow,
      int yExample) {
    int i = context.globalIdx;
    if (i < channels * height * width) {
      int c = i % channels;
      int w = i / channels % width;
      int h = i / channels / width;
      int from = context.globalIdz * channels * height * width + (c * height + h) * width + w;
      y.set(context.globalIdz * yExample + yAt + h * yRow + w * channels + c, x.get(from));
    }
  }

  /** The way back: x as y above, y (B, C, H, W). */
  static void fromImage(
      KernelContext context,
      FloatArray x,
      FloatArray y,
      int channels,
      int height,
      int width,
      int xAt,
      int xRow,
      int xExample) {
    int i = context.globalIdx;
    if (i < channels * height * width) {
      int w = i % width;
      int h = i / width % height;
      int c = i / width / height;
      int from = context.globalIdz * xExample + xAt + h * xRow + w * channels + c;
      y.set(context.globalIdz * channels * height * width + i, x.get(from));
    }
  }

  /** y = x, what is negative times {@code slope}: 0 for a ReLU, −1 for |x|. */
  static void activation(
      KernelContext context, FloatArray x, FloatArray y, int size, FloatArray slope) {
    int i = context.globalIdx;
    if (i < size) {
      int at = context.globalIdz * size + i;
      float v = x.get(at);
      y.set(at, v < 0 ? v * slope.get(0) : v);
    }
  }

  /** y = 0. */
  static void zero(KernelContext context, FloatArray y, int size) {
    int i = context.globalIdx;
    if (i < size) {
      y.set(context.globalIdz * size + i, 0);
    }
  }

  /** y = x + z. */
  static void sum(KernelContext context, FloatArray x, FloatArray z, FloatArray y, int size) {
    int i = context.globalIdx;
    if (i < size) {
      int at = context.globalIdz * size + i;
      y.set(at, x.get(at) + z.get(at));
    }
  }

  /** y = x · w for x (B, rows, T) and w (B, T). */
  static void weigh(
      KernelContext context, FloatArray x, FloatArray w, FloatArray y, int rows, int time) {
    int i = context.globalIdx;
    if (i < rows * time) {
      int at = context.globalIdz * rows * time + i;
      y.set(at, x.get(at) * w.get(context.globalIdz * time + i % time));
    }
  }

  /** y = x · scale[c] + shift[c] for x (B, C, inner). */
  static void scale(
      KernelContext context,
      FloatArray x,
      FloatArray scale,
      FloatArray shift,
      FloatArray y,
      int channels,
      int inner) {
    int i = context.globalIdx;
    if (i < channels * inner) {
      int c = i / inner;
      int at = context.globalIdz * channels * inner + i;
      y.set(at, x.get(at) * scale.get(c) + shift.get(c));
    }
  }

  /** y = 1 / (1 + exp(−x)) over (B, {@code size}). */
  static void sigmoid(KernelContext context, FloatArray x, FloatArray y, int size) {
    int i = context.globalIdx;
    if (i < size) {
      int at = context.globalIdz * size + i;
      y.set(at, 1 / (1 + TornadoMath.exp(-x.get(at))));
    }
  }

  /** y = x − ln Σ exp(x) over each row of {@code classes}; a thread takes a row. */
  static void logSoftmax(KernelContext context, FloatArray x, FloatArray y, int rows, int classes) {
    int row = context.globalIdx;
    if (row < rows) {
      int at = (context.globalIdz * rows + row) * classes;
      float largest = x.get(at);
      for (int p = 1; p < classes; p++) {
        largest = TornadoMath.max(largest, x.get(at + p));
      }
      float sum = 0; // of values of at most 1: exp does not overflow
      for (int p = 0; p < classes; p++) {
        sum += TornadoMath.exp(x.get(at + p) - largest);
      }
      float log = TornadoMath.log(sum);
      for (int p = 0; p < classes; p++) {
        y.set(at + p, x.get(at + p) - largest - log);
      }
    }
  }
}
