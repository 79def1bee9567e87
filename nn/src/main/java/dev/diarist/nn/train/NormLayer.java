package dev.diarist.nn.train;

import java.util.Arrays;

/**
 * y = (x − mean) · inverse deviation · weight + bias for each channel, the statistics over one
 * example (instance norm), over the whole batch (batch norm in training) or given (batch norm
 * otherwise). Sums are in double: on a channel that is constant, as in silence, the rounding error
 * of the mean would be divided by √epsilon.
 *
 * <p>With x̂ the normalised value, n the values that the statistics are over, and g the gradient by
 * y:
 *
 * <pre>gx = weight · inverse deviation · (g − Σg/n − x̂·Σ(g·x̂)/n)</pre>
 *
 * where given statistics leave out both sums.
 */
final class NormLayer implements Layer {
  /** The share of a batch in the running statistics. Source: PyTorch's default. */
  private static final double MOMENTUM = 0.1;

  /** A batch norm's running statistics. */
  record Running(Parameter mean, Parameter variance, Parameter batches) {}

  private final Grid grid;
  private final double epsilon;
  private final Parameter weight;
  private final Parameter bias;
  private final Running running;
  private final Storage in;
  private final Storage out;

  /** Of each example, (batch, C): equal for all of them in a batch norm. */
  private double[][] mean;

  private double[][] inverse;
  private boolean given;

  /**
   * @param running null for an instance norm
   */
  NormLayer(
      Grid grid,
      double epsilon,
      Parameter weight,
      Parameter bias,
      Running running,
      Storage in,
      Storage out) {
    this.grid = grid;
    this.epsilon = epsilon;
    this.weight = weight;
    this.bias = bias;
    this.running = running;
    this.in = in;
    this.out = out;
  }

  @Override
  public void forward(Pass pass) {
    int batch = pass.batch();
    mean = new double[batch][];
    inverse = new double[batch][];
    given = running != null && !pass.training();
    if (given) {
      double[] variance = new double[grid.channels()];
      double[] means = new double[grid.channels()];
      for (int c = 0; c < grid.channels(); c++) {
        means[c] = running.mean().value()[c];
        variance[c] = running.variance().value()[c];
      }
      Arrays.fill(mean, means);
      Arrays.fill(inverse, inverses(variance));
    } else {
      statistics(pass);
    }
    pass.threads().each(batch, (b, scratch) -> normalise(b));
  }

  private void statistics(Pass pass) {
    int batch = pass.batch();
    double[][] sums = new double[batch][grid.channels()];
    double[][] squares = new double[batch][grid.channels()];
    pass.threads().each(batch, (b, scratch) -> sum(b, sums[b]));
    share(sums, mean);
    pass.threads().each(batch, (b, scratch) -> sumSquares(b, mean[b], squares[b]));
    double[][] variance = new double[batch][];
    share(squares, variance);
    if (running == null) {
      Arrays.setAll(inverse, b -> inverses(variance[b]));
    } else {
      Arrays.fill(inverse, inverses(variance[0]));
      remember(mean[0], variance[0], (long) batch * grid.pixels());
    }
  }

  /** Of the sums of each example makes the means that are used for it. */
  private void share(double[][] sums, double[][] means) {
    if (running == null) {
      for (int b = 0; b < sums.length; b++) {
        means[b] = divided(sums[b], grid.pixels());
      }
    } else {
      Arrays.fill(means, divided(total(sums), (double) sums.length * grid.pixels()));
    }
  }

  private static double[] divided(double[] sums, double count) {
    return Arrays.stream(sums).map(sum -> sum / count).toArray();
  }

  private static double[] total(double[][] sums) {
    double[] total = new double[sums[0].length];
    for (double[] ofExample : sums) {
      for (int c = 0; c < total.length; c++) {
        total[c] += ofExample[c];
      }
    }
    return total;
  }

  private double[] inverses(double[] variance) {
    return Arrays.stream(variance).map(v -> 1 / Math.sqrt(v + epsilon)).toArray();
  }

  /** The running variance is the unbiased one. */
  private void remember(double[] mean, double[] variance, long count) {
    double unbiased = count / Math.max(1.0, count - 1);
    for (int c = 0; c < mean.length; c++) {
      running.mean().value()[c] = mixed(running.mean().value()[c], mean[c]);
      running.variance().value()[c] = mixed(running.variance().value()[c], variance[c] * unbiased);
    }
    running.batches().value()[0]++;
  }

  private static float mixed(float old, double now) {
    return (float) ((1 - MOMENTUM) * old + MOMENTUM * now);
  }

  private void sum(int b, double[] sums) {
    float[] x = in.value();
    int channels = grid.channels();
    for (int y = 0; y < grid.height(); y++) {
      int row = b * in.size() + grid.at(y); // x[y,:,:]
      for (int at = row; at < row + grid.width() * channels; at += channels) {
        for (int c = 0; c < channels; c++) {
          sums[c] += x[at + c];
        }
      }
    }
  }

  private void sumSquares(int b, double[] mean, double[] sums) {
    float[] x = in.value();
    int channels = grid.channels();
    for (int y = 0; y < grid.height(); y++) {
      int row = b * in.size() + grid.at(y); // x[y,:,:]
      for (int at = row; at < row + grid.width() * channels; at += channels) {
        for (int c = 0; c < channels; c++) {
          double deviation = x[at + c] - mean[c];
          sums[c] += deviation * deviation;
        }
      }
    }
  }

  private void normalise(int b) {
    float[] x = in.value();
    float[] y = out.value();
    int channels = grid.channels();
    float[] center = floats(mean[b]);
    float[] rest = new float[channels]; // of the mean, beyond float
    float[] scale = new float[channels];
    for (int c = 0; c < channels; c++) {
      rest[c] = (float) (mean[b][c] - center[c]);
      scale[c] = (float) (inverse[b][c] * weight.value()[c]);
    }
    for (int h = 0; h < grid.height(); h++) {
      int row = b * in.size() + grid.at(h); // x[h,:,:], y[h,:,:]
      for (int at = row; at < row + grid.width() * channels; at += channels) {
        for (int c = 0; c < channels; c++) {
          y[at + c] = (x[at + c] - center[c] - rest[c]) * scale[c] + bias.value()[c];
        }
      }
    }
  }

  private static float[] floats(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }

  @Override
  public void backward(Pass pass) {
    float[] g = out.takeGradient();
    if (g == null) {
      return;
    }
    int batch = pass.batch();
    double[][] sums = new double[batch][grid.channels()];
    double[][] products = new double[batch][grid.channels()];
    pass.threads().each(batch, (b, scratch) -> sumGradients(b, g, sums[b], products[b]));
    if (weight.trainable()) {
      ProductLayer.addSums(products, weight.gradient());
    }
    if (bias.trainable()) {
      ProductLayer.addSums(sums, bias.gradient());
    }
    if (!in.wantsGradient()) {
      pass.pool().give(g);
      return;
    }
    double[][] meanGradient = new double[batch][grid.channels()];
    double[][] meanProduct = new double[batch][grid.channels()];
    if (!given) {
      share(sums, meanGradient);
      share(products, meanProduct);
    }
    pass.threads()
        .each(batch, (b, scratch) -> inputGradient(b, g, meanGradient[b], meanProduct[b]));
    in.receive(g, pass);
  }

  private void sumGradients(int b, float[] g, double[] sums, double[] products) {
    float[] x = in.value();
    int channels = grid.channels();
    double[] center = mean[b];
    for (int h = 0; h < grid.height(); h++) {
      int row = b * in.size() + grid.at(h); // x[h,:,:], g[h,:,:]
      for (int at = row; at < row + grid.width() * channels; at += channels) {
        for (int c = 0; c < channels; c++) {
          sums[c] += g[at + c];
          products[c] += g[at + c] * (x[at + c] - center[c]);
        }
      }
    }
    for (int c = 0; c < channels; c++) {
      products[c] *= inverse[b][c];
    }
  }

  private void inputGradient(int b, float[] g, double[] meanGradient, double[] meanProduct) {
    float[] x = in.value();
    int channels = grid.channels();
    // gx = scale·g + slope·x + shift
    float[] scale = new float[channels];
    float[] slope = new float[channels];
    float[] shift = new float[channels];
    float[] center = floats(mean[b]);
    for (int c = 0; c < channels; c++) {
      double factor = weight.value()[c] * inverse[b][c];
      scale[c] = (float) factor;
      slope[c] = (float) (-factor * meanProduct[c] * inverse[b][c]);
      shift[c] = (float) (-factor * meanGradient[c]);
    }
    for (int h = 0; h < grid.height(); h++) {
      int row = b * in.size() + grid.at(h); // x[h,:,:], g[h,:,:]
      for (int at = row; at < row + grid.width() * channels; at += channels) {
        for (int c = 0; c < channels; c++) {
          g[at + c] = scale[c] * g[at + c] + slope[c] * (x[at + c] - center[c]) + shift[c];
        }
      }
    }
  }
}
