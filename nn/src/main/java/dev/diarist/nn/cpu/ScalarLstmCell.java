package dev.diarist.nn.cpu;

/** The cell in plain loops. */
final class ScalarLstmCell implements LstmCell {

  @Override
  public void sigmoid(float[] x, int from, int count) {
    for (int i = from; i < from + count; i++) {
      x[i] = 1 / (1 + exp2(x[i] * MINUS_LOG2_E));
    }
  }

  @Override
  public void tanh(float[] x, int from, int count) {
    for (int i = from; i < from + count; i++) {
      float v = x[i];
      float y = v * v;
      float small = v + v * (y * (((T4 * y + T3) * y + T2) * y + T1));
      float large = 1 - 2 / (1 + exp2(v * TWICE_LOG2_E));
      x[i] = Math.abs(v) < SMALL ? small : large;
    }
  }

  private static float exp2(float unlimited) {
    float z = unlimited > LIMIT ? LIMIT : unlimited < -LIMIT ? -LIMIT : unlimited; // NaN stays NaN
    float rounded = z + ROUND;
    float r = z - (rounded - ROUND);
    float p = (((((E6 * r + E5) * r + E4) * r + E3) * r + E2) * r + E1) * r + 1;
    return Float.intBitsToFloat(
        Float.floatToRawIntBits(p) + (Float.floatToRawIntBits(rounded) << FRACTION));
  }
}
