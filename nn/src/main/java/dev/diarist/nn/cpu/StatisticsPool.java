package dev.diarist.nn.cpu;

import dev.diarist.nn.graph.Op;
import java.util.Arrays;

/**
 * Statistics pooling of an image (C, H, T), whose rows are the channels (C·H, T) of the op; sums in
 * double, rounded to float where PyTorch holds a float.
 *
 * <p>An item is one row of an example. Its pixels are read once for the means of all masks and once
 * for their deviations. Letters: {@code S} masks, {@code M} mask frames.
 *
 * @param pixel floats from one time to the next
 * @param x the image; row h begins at {@code firstRow + h · rowStride}
 * @param masks (S, M), or null for one mask of ones and the unbiased variance
 * @param y (S, 2·C·H)
 */
record StatisticsPool(
    int channels,
    int height,
    int time,
    int pixel,
    int firstRow,
    int rowStride,
    int count,
    int maskFrames,
    Value x,
    Value masks,
    Value y)
    implements Hearing {

  @Override
  public int items(int batch) {
    return batch * height;
  }

  @Override
  public void run(int item, int batch, Scratch scratch) {
    int b = item / height;
    int h = item % height;
    for (int s = 0; s < count; s++) {
      float[] w = masks == null ? null : sampled(masks.example(b), s);
      pool(x.example(b), firstRow + h * rowStride, w, y.example(b), s, h);
    }
  }

  /** The times of an example that some mask weighs. */
  @Override
  public boolean[] heard(int b) {
    boolean[] heard = new boolean[time];
    if (masks == null) {
      Arrays.fill(heard, true);
      return heard;
    }
    for (int s = 0; s < count; s++) {
      float[] w = sampled(masks.example(b), s);
      for (int t = 0; t < time; t++) {
        heard[t] |= w[t] != 0;
      }
    }
    return heard;
  }

  /** The mask brought to T frames by nearest neighbour. */
  private float[] sampled(float[] all, int s) {
    float[] w = new float[time];
    for (int t = 0; t < time; t++) {
      w[t] = all[s * maskFrames + Op.StatsPool.nearest(t, time, maskFrames)];
    }
    return w;
  }

  private void pool(float[] in, int from, float[] w, float[] out, int s, int h) {
    double v1 = 0;
    double v2 = 0;
    for (int t = 0; t < time; t++) {
      v1 += w == null ? 1 : w[t];
      v2 += w == null ? 1 : (double) w[t] * w[t];
    }
    int rows = channels * height;
    int means = s * 2 * rows + h; // out[s, c·H + h]
    int deviations = means + rows;
    if (v2 == 0) {
      for (int c = 0; c < channels; c++) {
        out[means + c * height] = 0;
        out[deviations + c * height] = 0;
      }
      return;
    }
    float sum = w == null ? (float) v1 : (float) v1 + Op.StatsPool.EPSILON;
    float degrees = w == null ? sum - 1 : sum - (float) v2 / sum + Op.StatsPool.EPSILON;
    float[] mean = new float[channels];
    double[] sums = new double[channels];
    for (int t = 0; t < time; t++) {
      double weight = w == null ? 1 : w[t];
      int at = from + t * pixel;
      if (weight != 0) {
        for (int c = 0; c < channels; c++) {
          sums[c] += weight * in[at + c];
        }
      }
    }
    for (int c = 0; c < channels; c++) {
      mean[c] = (float) (sums[c] / sum);
      out[means + c * height] = mean[c];
      sums[c] = 0;
    }
    for (int t = 0; t < time; t++) {
      double weight = w == null ? 1 : w[t];
      int at = from + t * pixel;
      if (weight != 0) {
        for (int c = 0; c < channels; c++) {
          double deviation = in[at + c] - mean[c];
          sums[c] += weight * deviation * deviation;
        }
      }
    }
    for (int c = 0; c < channels; c++) {
      out[deviations + c * height] = (float) Math.sqrt(sums[c] / degrees);
    }
  }
}
