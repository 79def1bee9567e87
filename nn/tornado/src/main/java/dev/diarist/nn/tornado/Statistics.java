package dev.diarist.nn.tornado;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Kernels that take a mean and a deviation: instance norm and statistics pooling. In float, as not
 * every GPU has doubles.
 *
 * <p>Letters: {@code B} batch, {@code C} channels, {@code T} time, {@code H} height, {@code S}
 * masks, {@code M} mask frames.
 */
final class Statistics {
  /** Threads that share the time of one or several channels. */
  static final int THREADS = 256;

  private Statistics() {}

  /**
   * y = (x − mean) / √(var + epsilon) · weight + bias for each channel, what is negative times
   * {@code slope}.
   *
   * <p>Everything is counted from the first value of the channel. On a channel that is constant, as
   * in silence, nothing is left then, and the rounding error of a mean is not divided by √epsilon.
   *
   * @param x (B, T, C), not modified
   * @param weight (C), not modified
   * @param bias (C), not modified
   * @param y (B, T, C), overwritten
   * @param lanes channels of a work-group; {@value #THREADS} / lanes threads share each channel
   */
  static void instanceNorm(
      KernelContext context,
      FloatArray x,
      FloatArray weight,
      FloatArray bias,
      FloatArray y,
      int channels,
      int time,
      int lanes,
      float epsilon,
      FloatArray slope) {
    float[] sums = context.allocateFloatLocalArray(THREADS);
    int sharing = THREADS / lanes;
    int lane = context.localIdx;
    int share = context.localIdy;
    int mine = share * lanes + lane;
    // What a lane without a channel computes is thrown away; it must come to the barriers.
    int c = context.globalIdx < channels ? context.globalIdx : channels - 1;
    int at = context.globalIdz * time * channels + c; // x[b, 0, c]
    float origin = x.get(at);

    float sum = 0;
    for (int t = share; t < time; t += sharing) {
      sum += x.get(at + t * channels) - origin;
    }
    sums[mine] = sum;
    for (int half = sharing / 2; half > 0; half = half / 2) {
      context.localBarrier();
      if (share < half) {
        sums[mine] = sums[mine] + sums[mine + half * lanes];
      }
    }
    context.localBarrier();
    float mean = sums[lane] / time;
    context.localBarrier();

    float squares = 0;
    for (int t = share; t < time; t += sharing) {
      float deviation = x.get(at + t * channels) - origin - mean;
      squares += deviation * deviation;
    }
    sums[mine] = squares;
    for (int half = sharing / 2; half > 0; half = half / 2) {
      context.localBarrier();
      if (share < half) {
        sums[mine] = sums[mine] + sums[mine + half * lanes];
      }
    }
    context.localBarrier();
    float deviation = TornadoMath.sqrt(sums[lane] / time + epsilon);

    float w = weight.get(c);
    float b = bias.get(c);
    if (context.globalIdx < channels) {
      for (int t = share; t < time; t += sharing) {
        float v = (x.get(at + t * channels) - origin - mean) / deviation * w + b;
        y.set(at + t * channels, v < 0 ? v * slope.get(0) : v);
      }
    }
  }

  /**
   * Mean and deviation of each channel c at each height h over time, for all masks: {@link
   * dev.diarist.nn.graph.Op.StatsPool}.
   *
   * @param x element (b, c, h, t) at b · xExample + xAt + h · xRow + t · xStep + c; not modified
   * @param masks (B, S, M), or (S, M) for all examples with a {@code maskExample} of 0; not
   *     modified
   * @param nearest (T): the mask frame that stands for each time; not modified
   * @param y (B, S, 2, C, H), overwritten
   * @param epsilon of the op; with 0 and a mask of ones the variance is the unbiased one
   */
  static void pool(
      KernelContext context,
      FloatArray x,
      FloatArray masks,
      IntArray nearest,
      FloatArray y,
      int channels,
      int height,
      int time,
      int xAt,
      int xRow,
      int xStep,
      int xExample,
      int count,
      int maskFrames,
      int maskExample,
      float epsilon) {
    int c = context.globalIdx;
    int h = context.globalIdy;
    int example = context.globalIdz;
    if (c < channels) {
      int at = example * xExample + xAt + h * xRow + c;
      int rows = channels * height;
      for (int s = 0; s < count; s++) {
        int mask = example * maskExample + s * maskFrames; // masks[b, s, :]
        float v1 = 0;
        float v2 = 0;
        float sum = 0;
        for (int t = 0; t < time; t++) {
          float w = masks.get(mask + nearest.get(t));
          v1 += w;
          v2 += w * w;
          sum += w * x.get(at + t * xStep);
        }
        float weights = v1 + epsilon;
        float degrees = weights - v2 / weights + epsilon;
        float mean = sum / weights;
        float squares = 0;
        for (int t = 0; t < time; t++) {
          float w = masks.get(mask + nearest.get(t));
          float deviation = x.get(at + t * xStep) - mean;
          squares += w * (deviation * deviation);
        }
        int to = (example * count + s) * 2 * rows + c * height + h; // y[b, s, 0, c, h]
        y.set(to, mean);
        y.set(to + rows, TornadoMath.sqrt(squares / degrees));
      }
    }
  }
}
