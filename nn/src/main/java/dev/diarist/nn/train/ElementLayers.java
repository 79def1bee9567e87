package dev.diarist.nn.train;

import dev.diarist.nn.backend.MatrixKernels;

/** The ops that look at one value, or one place, at a time. */
final class ElementLayers {
  private ElementLayers() {}

  /** Does something to the values of each example: {@code from} and {@code to} in every array. */
  private interface Range {
    void run(int from, int to);
  }

  private static void each(Pass pass, int size, Range range) {
    pass.threads().each(pass.batch(), (b, scratch) -> range.run(b * size, (b + 1) * size));
  }

  /** Does something to the gradient of each example. */
  private interface GradientRange {
    void run(float[] g, int from, int to);
  }

  /** The gradient by {@code out}, where there is one, becomes that by {@code in} in its place. */
  private static void propagate(Pass pass, Storage in, Storage out, GradientRange range) {
    float[] g = out.takeGradient();
    if (g == null) {
      return;
    }
    each(pass, out.size(), (from, to) -> range.run(g, from, to));
    in.receive(g, pass);
  }

  /** |x|; the gradient of 0 is 0, as in PyTorch. */
  record Absolute(Storage in, Storage out) implements Layer {
    @Override
    public void forward(Pass pass) {
      float[] x = in.value();
      float[] y = out.value();
      each(
          pass,
          out.size(),
          (from, to) -> {
            for (int i = from; i < to; i++) {
              y[i] = Math.abs(x[i]);
            }
          });
    }

    @Override
    public void backward(Pass pass) {
      float[] x = in.value();
      propagate(
          pass,
          in,
          out,
          (g, from, to) -> {
            for (int i = from; i < to; i++) {
              g[i] = x[i] > 0 ? g[i] : x[i] < 0 ? -g[i] : 0;
            }
          });
    }
  }

  /**
   * x where x is positive, slope · x elsewhere; a slope of 0 makes a ReLU. The way back goes by the
   * sign of y, which is that of x, so that y may take the place of x.
   */
  record Rectifier(float slope, MatrixKernels kernels, Storage in, Storage out) implements Layer {
    @Override
    public void forward(Pass pass) {
      float[] x = in.value();
      float[] y = out.value();
      each(pass, out.size(), (from, to) -> kernels.rectify(slope, x, y, from, to - from));
    }

    @Override
    public void backward(Pass pass) {
      float[] y = out.value();
      propagate(
          pass, in, out, (g, from, to) -> kernels.rectifyGradient(slope, y, g, from, to - from));
    }
  }

  /** x + y; the sum may take the place of x. */
  record Sum(Storage x, Storage y, Storage out) implements Layer {
    @Override
    public void forward(Pass pass) {
      float[] a = x.value();
      float[] b = y.value();
      float[] sum = out.value();
      each(
          pass,
          out.size(),
          (from, to) -> {
            for (int i = from; i < to; i++) {
              sum[i] = a[i] + b[i];
            }
          });
    }

    @Override
    public void backward(Pass pass) {
      float[] g = out.takeGradient();
      if (g == null) {
        return;
      }
      int count = pass.batch() * out.size();
      float[] copy = pass.pool().take(count);
      each(pass, out.size(), (from, to) -> System.arraycopy(g, from, copy, from, to - from));
      x.receive(g, pass);
      y.receive(copy, pass);
    }
  }

  /** x (T, C) · w (T); the weights get no gradient. */
  record Weighing(int channels, Storage x, Storage w, Storage out) implements Layer {
    @Override
    public void forward(Pass pass) {
      each(pass, out.size(), (from, to) -> weigh(x.value(), out.value(), from, to));
    }

    @Override
    public void backward(Pass pass) {
      propagate(pass, x, out, (g, from, to) -> weigh(g, g, from, to));
    }

    private void weigh(float[] values, float[] weighed, int from, int to) {
      float[] weights = w.value();
      for (int i = from; i < to; i++) {
        weighed[i] = values[i] * weights[i / channels]; // w[b,t]: one for C values side by side
      }
    }
  }

  /** The same values in another layout; {@code from} and {@code to} agree on what is which. */
  record Conversion(Layout from, Layout to, Storage in, Storage out) implements Layer {
    @Override
    public void forward(Pass pass) {
      copy(pass, from, in.value(), to, out.value());
    }

    @Override
    public void backward(Pass pass) {
      float[] g = out.takeGradient();
      if (g == null) {
        return;
      }
      float[] converted = pass.pool().takeZeros(pass.batch() * in.size());
      copy(pass, to, g, from, converted);
      in.receive(converted, pass);
      pass.pool().give(g);
    }

    private static void copy(Pass pass, Layout from, float[] x, Layout to, float[] y) {
      pass.threads()
          .each(
              pass.batch(),
              (b, scratch) -> {
                for (int i = 0; i < from.shape().size(); i++) {
                  y[b * to.size() + to.place(i)] = x[b * from.size() + from.place(i)];
                }
              });
    }
  }

  /** 1 / (1 + exp(−x)). */
  record Sigmoid(Storage in, Storage out) implements Layer {
    @Override
    public void forward(Pass pass) {
      float[] x = in.value();
      float[] y = out.value();
      each(
          pass,
          out.size(),
          (from, to) -> {
            for (int i = from; i < to; i++) {
              y[i] = (float) (1 / (1 + Math.exp(-x[i])));
            }
          });
    }

    /** gx = g · y · (1 − y). */
    @Override
    public void backward(Pass pass) {
      float[] y = out.value();
      propagate(
          pass,
          in,
          out,
          (g, from, to) -> {
            for (int i = from; i < to; i++) {
              g[i] *= y[i] * (1 - y[i]);
            }
          });
    }
  }

  /** x − ln Σ exp(x) over rows of {@code classes} values. */
  record LogSoftmax(int classes, Storage in, Storage out) implements Layer {
    @Override
    public void forward(Pass pass) {
      float[] x = in.value();
      float[] y = out.value();
      each(
          pass,
          out.size(),
          (from, to) -> {
            for (int row = from; row < to; row += classes) {
              float largest = Float.NEGATIVE_INFINITY;
              for (int p = 0; p < classes; p++) {
                largest = Math.max(largest, x[row + p]);
              }
              double sum = 0;
              for (int p = 0; p < classes; p++) {
                sum += Math.exp(x[row + p] - largest);
              }
              float logarithm = (float) Math.log(sum);
              for (int p = 0; p < classes; p++) {
                y[row + p] = x[row + p] - largest - logarithm;
              }
            }
          });
    }

    /** gx = g − exp(y) · Σ g. */
    @Override
    public void backward(Pass pass) {
      float[] y = out.value();
      propagate(
          pass,
          in,
          out,
          (g, from, to) -> {
            for (int row = from; row < to; row += classes) {
              double sum = 0;
              for (int p = 0; p < classes; p++) {
                sum += g[row + p];
              }
              for (int p = 0; p < classes; p++) {
                g[row + p] -= (float) (Math.exp(y[row + p]) * sum);
              }
            }
          });
    }
  }
}
