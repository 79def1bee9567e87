package dev.diarist.nn.cpu;

/**
 * y = x · w at each time of an example, an exact 0 where w is 0. Letters: {@code R} rows, {@code T}
 * times.
 *
 * @param rows R
 * @param x (R, T) in any layout
 * @param w (T)
 * @param y (R, T), row-major
 */
record Weighing(int rows, Value x, Value w, Value y) implements Step.ForEachExample, Hearing {
  @Override
  public void run(int b, int batch, Scratch scratch) {
    float[] weights = w.example(b);
    float[] out = y.example(b);
    x.layout().toRowMajor(x.example(b), out, 0);
    int time = w.layout().size();
    for (int r = 0; r < rows; r++) {
      int row = r * time; // out[r,:]
      for (int t = 0; t < time; t++) {
        out[row + t] = weights[t] == 0 ? 0 : out[row + t] * weights[t];
      }
    }
  }

  @Override
  public boolean[] heard(int b) {
    float[] weights = w.example(b);
    boolean[] heard = new boolean[w.layout().size()];
    for (int t = 0; t < heard.length; t++) {
      heard[t] = weights[t] != 0;
    }
    return heard;
  }
}
