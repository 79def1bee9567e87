package dev.diarist.nn.cpu;

/** The cell in plain loops. */
final class ScalarLstmCell implements LstmCell {

  @Override
  public void tanh(float[] x, int from, int count) {
    for (int i = from; i < from + count; i++) {
      x[i] = tanh(x[i]);
    }
  }

  private static float tanh(float x) {
    float cut = x > LIMIT ? LIMIT : x < -LIMIT ? -LIMIT : x; // NaN stays NaN
    float y = cut * cut;
    float p = (((P4 * y + P3) * y + P2) * y + P1) * y + 1;
    float q = (((Q4 * y + Q3) * y + Q2) * y + Q1) * y + 1;
    return cut * p / q;
  }

  @Override
  public void cell(int rows, int hidden, float[] gates, float[] c, float[] h) {
    for (int r = 0; r < rows; r++) {
      int row = r * hidden; // c[r,:], h[r,:]
      int i = r * 4 * hidden; // gates[r,0,:]
      int f = i + hidden;
      int g = f + hidden;
      int o = g + hidden;
      for (int j = 0; j < hidden; j++) {
        float in = 0.5f * gates[i + j] + 0.5f;
        float forget = 0.5f * gates[f + j] + 0.5f;
        float out = 0.5f * gates[o + j] + 0.5f;
        c[row + j] = forget * c[row + j] + in * gates[g + j];
        h[row + j] = out * tanh(c[row + j]);
      }
    }
  }
}
