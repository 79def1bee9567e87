package dev.diarist.nn.cpu;

/**
 * The pointwise half of an LSTM step.
 *
 * <pre>
 * sigmoid(x) = 1 / (1 + 2^(−x·log₂e))
 * tanh(x)    = x + x·y·T(y), y = x²      for |x| &lt; 0.6, where the other form cancels
 *            = 1 − 2 / (1 + 2^(2x·log₂e))
 * 2^z        = 2^n · 2^r                 n the integer nearest to z, |r| ≤ ½, 2^r a polynomial
 * </pre>
 *
 * <p>The polynomials minimise the largest relative error, 2e-9 and 8e-8 before rounding; in float32
 * sigmoid is within 1.0e-7 of the truth and tanh within 2.0e-7. The forget gate multiplies the cell
 * hundreds of times: a cheaper formula that is off by 3e-7 near 1 moves the log-probabilities five
 * times as far.
 */
interface LstmCell {
  float MINUS_LOG2_E = -1.44269504f;
  float TWICE_LOG2_E = 2.88539008f;

  /** |z| beyond which sigmoid and tanh no longer change; keeps 2^n within the exponents. */
  float LIMIT = 40;

  /** 1.5 · 2²³: a float of this size has no fraction, so adding it rounds, and n is in its bits. */
  float ROUND = 12582912;

  /** Bits right of the exponent of a float. */
  int FRACTION = 23;

  float E1 = 0.693147182f;
  float E2 = 0.240226477f;
  float E3 = 0.0555033237f;
  float E4 = 0.00961843692f;
  float E5 = 0.0013398875f;
  float E6 = 0.00015353362f;

  float SMALL = 0.6f;
  float T1 = -0.333325982f;
  float T2 = 0.133131161f;
  float T3 = -0.0522117876f;
  float T4 = 0.0156126004f;

  /**
   * x = sigmoid(x) for the {@code count} values from {@code from} on.
   *
   * @param count a multiple of the lanes
   */
  void sigmoid(float[] x, int from, int count);

  /**
   * x = tanh(x) for the {@code count} values from {@code from} on.
   *
   * @param count a multiple of the lanes
   */
  void tanh(float[] x, int from, int count);

  /**
   * c = f·c + i·g and h = o·tanh(c) for rows of {@code hidden} cells.
   *
   * @param hidden a multiple of the lanes
   * @param gates (rows, 4, hidden): what goes into the gates i, f, o and g; modified
   * @param c (rows, hidden), modified
   * @param h (rows, hidden), overwritten
   */
  default void step(int rows, int hidden, float[] gates, float[] c, float[] h) {
    for (int r = 0; r < rows; r++) {
      int row = r * hidden; // c[r,:], h[r,:]
      int i = r * 4 * hidden; // gates[r,0,:]
      int f = i + hidden;
      int g = f + 2 * hidden;
      sigmoid(gates, i, 3 * hidden);
      tanh(gates, g, hidden);
      for (int j = 0; j < hidden; j++) {
        c[row + j] = gates[f + j] * c[row + j] + gates[i + j] * gates[g + j];
        h[row + j] = c[row + j];
      }
    }
    tanh(h, 0, rows * hidden);
    for (int r = 0; r < rows; r++) {
      int row = r * hidden;
      int o = (r * 4 + 2) * hidden; // gates[r,2,:]
      for (int j = 0; j < hidden; j++) {
        h[row + j] *= gates[o + j];
      }
    }
  }
}
