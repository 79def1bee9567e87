package dev.diarist.nn.train;

import dev.diarist.nn.graph.Op;

/**
 * Mean and deviation over time, see {@link Op.StatsPool}: x (T, C), masks (S, M) or null, y (S,
 * 2·C). With w the mask, d the degrees of freedom, and σ the deviation:
 *
 * <pre>∂mean/∂xₜ = wₜ/v₁      ∂σ/∂xₜ = (wₜ·(xₜ − mean) − wₜ/v₁·Σw·(x − mean)) / (d·σ)</pre>
 *
 * where the last sum is 0 but for v₁'s epsilon and is left out. Differs: a deviation of 0 passes no
 * gradient on, where PyTorch's would be NaN; masks get none.
 */
record PoolLayer(
    int channels, int time, int masks, int maskFrames, Storage in, Storage weights, Storage out)
    implements Layer {

  /** Weight of each time for one mask of one example. */
  private float[] weights(int b, int s) {
    float[] w = new float[time];
    for (int t = 0; t < time; t++) {
      w[t] =
          weights == null
              ? 1
              : weights
                  .value()[
                  b * weights.size() + s * maskFrames + Op.StatsPool.nearest(t, time, maskFrames)];
    }
    return w;
  }

  /** v₁. */
  private double sum(float[] w) {
    double sum = weights == null ? 0 : Op.StatsPool.EPSILON;
    for (float weight : w) {
      sum += weight;
    }
    return sum;
  }

  /** What the sum of squares is divided by. */
  private double degrees(float[] w, double sum) {
    if (weights == null) {
      return sum - 1;
    }
    double squares = 0;
    for (float weight : w) {
      squares += (double) weight * weight;
    }
    return sum - squares / sum + Op.StatsPool.EPSILON;
  }

  @Override
  public void forward(Pass pass) {
    pass.threads()
        .each(
            pass.batch(),
            (b, scratch) -> {
              for (int s = 0; s < masks; s++) {
                pool(b, s, weights(b, s));
              }
            });
  }

  private void pool(int b, int s, float[] w) {
    float[] x = in.value();
    double sum = sum(w);
    double degrees = degrees(w, sum);
    double[] mean = new double[channels];
    double[] squares = new double[channels];
    for (int t = 0; t < time; t++) {
      int row = b * in.size() + t * channels; // x[t,:]
      for (int c = 0; c < channels; c++) {
        mean[c] += w[t] * x[row + c] / sum;
      }
    }
    for (int t = 0; t < time; t++) {
      int row = b * in.size() + t * channels; // x[t,:]
      for (int c = 0; c < channels; c++) {
        double deviation = x[row + c] - mean[c];
        squares[c] += w[t] * deviation * deviation;
      }
    }
    int to = b * out.size() + s * 2 * channels; // y[s,:]
    for (int c = 0; c < channels; c++) {
      out.value()[to + c] = (float) mean[c];
      out.value()[to + channels + c] = (float) Math.sqrt(squares[c] / degrees);
    }
  }

  @Override
  public void backward(Pass pass) {
    float[] gy = out.takeGradient();
    if (gy == null) {
      return;
    }
    float[] gx = pass.pool().takeZeros(pass.batch() * in.size());
    pass.threads()
        .each(
            pass.batch(),
            (b, scratch) -> {
              for (int s = 0; s < masks; s++) {
                spread(b, s, weights(b, s), gy, gx);
              }
            });
    in.receive(gx, pass);
    pass.pool().give(gy);
  }

  private void spread(int b, int s, float[] w, float[] gy, float[] gx) {
    float[] x = in.value();
    float[] y = out.value();
    double sum = sum(w);
    double degrees = degrees(w, sum);
    int from = b * out.size() + s * 2 * channels; // y[s,:], gy[s,:]
    float[] byMean = new float[channels];
    float[] byDeviation = new float[channels];
    for (int c = 0; c < channels; c++) {
      double deviation = y[from + channels + c];
      byMean[c] = (float) (gy[from + c] / sum);
      byDeviation[c] =
          deviation > 0 ? (float) (gy[from + channels + c] / (degrees * deviation)) : 0;
    }
    for (int t = 0; t < time; t++) {
      int row = b * in.size() + t * channels; // x[t,:], gx[t,:]
      for (int c = 0; c < channels; c++) {
        gx[row + c] += w[t] * (byMean[c] + byDeviation[c] * (x[row + c] - y[from + c]));
      }
    }
  }
}
