package dev.diarist.nn.cpu;

/**
 * Instance normalisation of (C, T) with statistics in double: on a channel that is constant, as in
 * silence, the rounding error of the mean would be divided by √epsilon.
 *
 * <p>The values lie channels last, (T, C). They are read as rows of several times, (T / times,
 * times · C), so that a signal of one channel is summed in many columns at once and not in one
 * chain of additions; the columns of a channel are then added up in order.
 *
 * @param slope by which negative results are multiplied
 */
record ChannelNorm(
    int channels,
    int time,
    double epsilon,
    float[] weight,
    float[] bias,
    float slope,
    Value x,
    Value y)
    implements Step.ForEachExample {
  private static final int MIN_COLUMNS = 16;

  @Override
  public void run(int b, int batch, Scratch scratch) {
    float[] in = x.example(b);
    int columns = channels * Math.ceilDiv(MIN_COLUMNS, channels);
    double[] mean = perChannel(sums(in, columns, null), columns);
    double[] variance = perChannel(sums(in, columns, mean), columns);
    double[] inverse = new double[columns];
    float[] scale = new float[columns];
    float[] shift = new float[columns];
    for (int n = 0; n < columns; n++) {
      inverse[n] = 1 / Math.sqrt(variance[n] + epsilon);
      scale[n] = weight[n % channels];
      shift[n] = bias[n % channels];
    }
    float[] out = y.example(b);
    int size = channels * time;
    for (int row = 0; row < size; row += columns) {
      int count = Math.min(columns, size - row);
      for (int n = 0; n < count; n++) {
        float normalised = (float) ((in[row + n] - mean[n]) * inverse[n]);
        out[row + n] = Pointwise.Activation.of(normalised * scale[n] + shift[n], slope);
      }
    }
  }

  /** Σ x of each column, or Σ (x − mean)² where a mean is given. */
  private double[] sums(float[] in, int columns, double[] mean) {
    double[] sums = new double[columns];
    int size = channels * time;
    for (int row = 0; row < size; row += columns) {
      int count = Math.min(columns, size - row);
      if (mean == null) {
        for (int n = 0; n < count; n++) {
          sums[n] += in[row + n];
        }
      } else {
        for (int n = 0; n < count; n++) {
          double deviation = in[row + n] - mean[n];
          sums[n] += deviation * deviation;
        }
      }
    }
    return sums;
  }

  /** The mean over the columns of each channel, in every one of its columns. */
  private double[] perChannel(double[] sums, int columns) {
    double[] means = new double[columns];
    for (int c = 0; c < channels; c++) {
      double sum = 0;
      for (int n = c; n < columns; n += channels) {
        sum += sums[n];
      }
      for (int n = c; n < columns; n += channels) {
        means[n] = sum / time;
      }
    }
    return means;
  }
}
