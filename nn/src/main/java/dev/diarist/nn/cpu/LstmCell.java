package dev.diarist.nn.cpu;

/**
 * The pointwise half of an LSTM step.
 *
 * <p>tanh(x) ≈ x·P(x²)/Q(x²) with |x| cut off at {@value #LIMIT}, beyond which tanh is 1 to within
 * 3e-7. P and Q, of degree 4, minimise the largest relative error (6e-9 before rounding; 3.4e-7
 * absolute in float32). A sigmoid is ½ + ½·tanh(x/2); the inner half is part of the packed weights.
 */
interface LstmCell {
  float LIMIT = 7.9f;

  float P1 = 0.134506196f;
  float P2 = 0.00357899047f;
  float P3 = 2.20232178e-05f;
  float P4 = 1.54279309e-08f;
  float Q1 = 0.467839479f;
  float Q2 = 0.0261922311f;
  float Q3 = 0.000342364772f;
  float Q4 = 8.59876366e-07f;

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
   * @param gates (rows, 4, hidden): tanh of i/2, f/2, g and o/2; not modified
   * @param c (rows, hidden), modified
   * @param h (rows, hidden), overwritten
   */
  void cell(int rows, int hidden, float[] gates, float[] c, float[] h);
}
