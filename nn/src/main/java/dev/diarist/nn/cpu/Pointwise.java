package dev.diarist.nn.cpu;

/**
 * Ops that no fused step took up, over whole arrays: an op that keeps 0 at 0 leaves the border of
 * an image as it was.
 */
sealed interface Pointwise extends Step.ForEachExample {

  /** y = |x|. */
  record Absolute(Value x, Value y) implements Pointwise {
    @Override
    public void run(int b, int batch, Scratch scratch) {
      float[] in = x.example(b);
      float[] out = y.example(b);
      for (int i = 0; i < x.layout().size(); i++) {
        out[i] = Math.abs(in[i]);
      }
    }
  }

  /** y = x where x ≥ 0, slope · x elsewhere. */
  record Activation(float slope, Value x, Value y) implements Pointwise {
    /** Of one value; a slope of 0 gives 0, never −0. */
    static float of(float v, float slope) {
      return v < 0 ? (slope == 0 ? 0 : slope * v) : v;
    }

    @Override
    public void run(int b, int batch, Scratch scratch) {
      float[] in = x.example(b);
      float[] out = y.example(b);
      for (int i = 0; i < x.layout().size(); i++) {
        out[i] = of(in[i], slope);
      }
    }
  }

  /** y = x + z. */
  record Sum(Value x, Value z, Value y) implements Pointwise {
    @Override
    public void run(int b, int batch, Scratch scratch) {
      float[] in = x.example(b);
      float[] other = z.example(b);
      float[] out = y.example(b);
      for (int i = 0; i < x.layout().size(); i++) {
        out[i] = in[i] + other[i];
      }
    }
  }

  /** y = scale · x + shift for each channel of row-major (C, …). */
  record ChannelScale(double[] scale, double[] shift, Value x, Value y) implements Pointwise {
    @Override
    public void run(int b, int batch, Scratch scratch) {
      float[] in = x.example(b);
      float[] out = y.example(b);
      int size = x.layout().size() / scale.length;
      for (int c = 0; c < scale.length; c++) {
        for (int i = c * size; i < (c + 1) * size; i++) {
          out[i] = (float) (scale[c] * in[i] + shift[c]);
        }
      }
    }
  }

  /** Maxima of {@code kernel} rows each of x (T, C): y (T/kernel, C). */
  record RowMaximum(RowFinish finish, int kernel, int channels, Value x, Value y)
      implements Pointwise {
    @Override
    public void run(int b, int batch, Scratch scratch) {
      int rows = y.layout().size() / channels;
      finish.pool(
          rows, channels, kernel, false, 1, x.example(b), 0, channels, y.example(b), 0, channels);
    }
  }

  /** y = 1 / (1 + exp(−x)), in double. */
  record Probability(Value x, Value y) implements Pointwise {
    @Override
    public void run(int b, int batch, Scratch scratch) {
      float[] in = x.example(b);
      float[] out = y.example(b);
      for (int i = 0; i < x.layout().size(); i++) {
        out[i] = (float) (1 / (1 + Math.exp(-in[i])));
      }
    }
  }

  /** y = x − ln Σ exp(x) over rows of {@code width}, in double. */
  record RowLogSoftmax(int width, Value x, Value y) implements Pointwise {
    @Override
    public void run(int b, int batch, Scratch scratch) {
      float[] in = x.example(b);
      float[] out = y.example(b);
      for (int row = 0; row < x.layout().size(); row += width) {
        float largest = in[row];
        for (int i = row + 1; i < row + width; i++) {
          largest = Math.max(largest, in[i]);
        }
        double sum = 0;
        for (int i = row; i < row + width; i++) {
          sum += Math.exp(in[i] - largest); // at most 1: no overflow
        }
        double log = largest + Math.log(sum);
        for (int i = row; i < row + width; i++) {
          out[i] = (float) (in[i] - log);
        }
      }
    }
  }

  /** y (…, rows, columns) of x (…, columns, rows). */
  record Transposed(int rows, int columns, Value x, Value y) implements Pointwise {
    @Override
    public void run(int b, int batch, Scratch scratch) {
      float[] in = x.example(b);
      float[] out = y.example(b);
      for (int matrix = 0; matrix < x.layout().size(); matrix += rows * columns) {
        for (int r = 0; r < rows; r++) {
          for (int c = 0; c < columns; c++) {
            out[matrix + r * columns + c] = in[matrix + c * rows + r];
          }
        }
      }
    }
  }

  /** The same values in another layout. */
  record Convert(Value x, Value y) implements Pointwise {
    @Override
    public void run(int b, int batch, Scratch scratch) {
      float[] in = x.example(b);
      float[] out = y.example(b);
      switch (x.layout()) {
        case Layout.RowMajor from -> y.layout().fromRowMajor(in, out);
        case Layout from when y.layout() instanceof Layout.RowMajor -> from.toRowMajor(in, out, 0);
        case Layout from ->
            throw new IllegalStateException("no direct way from " + from + " to " + y.layout());
      }
    }
  }
}
