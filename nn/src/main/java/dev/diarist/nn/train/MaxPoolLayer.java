package dev.diarist.nn.train;

/**
 * The maximum of each {@code kernel} neighbours in time; on the way back it gets the gradient, the
 * first one where several are largest, as in PyTorch. x (T, C), y (T/kernel, C).
 */
record MaxPoolLayer(int channels, int time, int kernel, Storage in, Storage out) implements Layer {

  @Override
  public void forward(Pass pass) {
    float[] x = in.value();
    float[] y = out.value();
    pass.threads()
        .each(
            pass.batch(),
            (b, scratch) -> {
              for (int t = 0; t < time; t++) {
                int to = b * out.size() + t * channels; // y[t,:]
                int from = b * in.size() + t * kernel * channels; // x[t·kernel,:]
                System.arraycopy(x, from, y, to, channels);
                for (int j = 1; j < kernel; j++) {
                  int row = from + j * channels;
                  for (int c = 0; c < channels; c++) {
                    y[to + c] = Math.max(y[to + c], x[row + c]);
                  }
                }
              }
            });
  }

  @Override
  public void backward(Pass pass) {
    float[] gy = out.takeGradient();
    if (gy == null) {
      return;
    }
    float[] x = in.value();
    float[] y = out.value();
    float[] gx = pass.pool().takeZeros(pass.batch() * in.size());
    pass.threads()
        .each(
            pass.batch(),
            (b, scratch) -> {
              for (int t = 0; t < time; t++) {
                int at = b * out.size() + t * channels; // y[t,:]
                int from = b * in.size() + t * kernel * channels; // x[t·kernel,:]
                for (int c = 0; c < channels; c++) {
                  int row = from + c;
                  while (x[row] != y[at + c] && row < from + (kernel - 1) * channels) {
                    row += channels;
                  }
                  gx[row] = gy[at + c];
                }
              }
            });
    in.receive(gx, pass);
    pass.pool().give(gy);
  }
}
