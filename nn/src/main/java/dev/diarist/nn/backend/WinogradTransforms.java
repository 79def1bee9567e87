package dev.diarist.nn.backend;

/**
 * The transforms of the Winograd convolution F(4×4, 3×3): a tile of 4 × 4 outputs from 6 × 6 inputs
 * with 36 multiplications in place of 144.
 *
 * <pre>
 * output = Aᵀ [ (G·g·Gᵀ) ∘ (Bᵀ·d·B) ] A          g kernel 3×3, d input 6×6
 *
 *        ┌ 1   0    −s    0   1   0 ┐          ┌ 1  1   1   1   1  0 ┐
 *        │ 0  −b   −b²    a   1   0 │          │ 0  a  −a   b  −b  0 │
 *   Bᵀ = │ 0   b   −b²   −a   1   0 │     Aᵀ = │ 0  a²  a²  b²  b² 0 │
 *        │ 0  −a   −a²    b   1   0 │          └ 0  a³ −a³  b³ −b³ 1 ┘
 *        │ 0   a   −a²   −b   1   0 │
 *        └ 0   1    0    −s   0   1 ┘     a = 2/3, b = 3/2 = 1/a, s = a² + b²
 * </pre>
 *
 * The points 0, ±2/3, ±3/2 round half as badly as the usual 0, ±1, ±2.
 *
 * <p>Source: Lavin and Gray, "Fast algorithms for convolutional neural networks", 2016; Barabasz et
 * al., "Error analysis and improving the accuracy of Winograd convolution", 2020.
 */
public interface WinogradTransforms {
  /** Outputs of a tile in each direction. */
  int TILE = 4;

  /** Inputs of a tile in each direction. */
  int INPUT = 6;

  int POSITIONS = INPUT * INPUT;

  float A = 2 / 3f;
  float A2 = 4 / 9f;
  float A3 = 8 / 27f;
  float B = 3 / 2f;
  float B2 = 9 / 4f;
  float B3 = 27 / 8f;
  float S = 97 / 36f;

  /**
   * G·g·Gᵀ of the 3×3 kernel at {@code from}, in double.
   *
   * @param transformed (36), overwritten
   */
  static void kernel(float[] g, int from, double[] transformed) {
    double[] down = new double[INPUT * 3]; // G·g
    double[] three = new double[3];
    double[] six = new double[INPUT];
    for (int x = 0; x < 3; x++) {
      for (int y = 0; y < 3; y++) {
        three[y] = g[from + 3 * y + x];
      }
      atPoints(three, six);
      for (int i = 0; i < INPUT; i++) {
        down[3 * i + x] = six[i];
      }
    }
    for (int i = 0; i < INPUT; i++) {
      System.arraycopy(down, 3 * i, three, 0, 3);
      atPoints(three, six);
      System.arraycopy(six, 0, transformed, i * INPUT, INPUT);
    }
  }

  /**
   * G·g: the polynomial g₀ + g₁·p + g₂·p² at the points 0, a, −a, b, −b, each divided by Π (p −
   * other points), and g₂ for the point at infinity.
   */
  private static void atPoints(double[] g, double[] values) {
    double a = 2 / 3.0;
    double b = 3 / 2.0;
    double atA = 2 * a * a * (a * a - b * b);
    double atB = 2 * b * b * (b * b - a * a);
    values[0] = g[0];
    values[1] = (g[0] + g[1] * a + g[2] * a * a) / atA;
    values[2] = (g[0] - g[1] * a + g[2] * a * a) / atA;
    values[3] = (g[0] + g[1] * b + g[2] * b * b) / atB;
    values[4] = (g[0] - g[1] * b + g[2] * b * b) / atB;
    values[5] = g[2];
  }

  /**
   * Gᵀ·u·G of the 36 positions of a gradient by a transformed kernel: the gradient by the 3×3
   * kernel, row-major.
   */
  static double[] kernelGradient(double[] u) {
    double[] along = new double[INPUT * 3]; // u·G
    double[] six = new double[INPUT];
    double[] three = new double[3];
    for (int i = 0; i < INPUT; i++) {
      System.arraycopy(u, i * INPUT, six, 0, INPUT);
      fromPoints(six, three);
      System.arraycopy(three, 0, along, 3 * i, 3);
    }
    double[] kernel = new double[9];
    for (int x = 0; x < 3; x++) {
      for (int i = 0; i < INPUT; i++) {
        six[i] = along[3 * i + x];
      }
      fromPoints(six, three);
      for (int y = 0; y < 3; y++) {
        kernel[3 * y + x] = three[y];
      }
    }
    return kernel;
  }

  /** Gᵀ·v, see {@link #atPoints}. */
  private static void fromPoints(double[] v, double[] g) {
    double a = 2 / 3.0;
    double b = 3 / 2.0;
    double atA = 2 * a * a * (a * a - b * b);
    double atB = 2 * b * b * (b * b - a * a);
    g[0] = v[0] + (v[1] + v[2]) / atA + (v[3] + v[4]) / atB;
    g[1] = a * (v[1] - v[2]) / atA + b * (v[3] - v[4]) / atB;
    g[2] = a * a * (v[1] + v[2]) / atA + b * b * (v[3] + v[4]) / atB + v[5];
  }

  /**
   * Bᵀ·d·B of tiles side by side, channel by channel.
   *
   * @param channels of a pixel, a multiple of the lanes
   * @param x pixels side by side; the first tile's first one at {@code at}, {@code row} floats from
   *     one row of pixels to the next; not modified
   * @param v overwritten: channel c of position p of tile t at {@code to + p·plane + t·channels +
   *     c}
   * @param strip scratch of {@link #inputStrip} floats, used from {@link CacheLine#START} on
   */
  void input(
      int tiles,
      int channels,
      float[] x,
      int at,
      int row,
      float[] v,
      int to,
      int plane,
      float[] strip);

  /** Floats of six rows of the pixels that tiles side by side read. */
  static int inputStrip(int tiles, int channels) {
    return CacheLine.START + INPUT * (TILE * tiles + INPUT - TILE) * channels;
  }

  /**
   * Aᵀ·m·A of tiles side by side, channel by channel, plus the bias, plus the residual where there
   * is one, with max(·, 0) where {@code relu}. Of each tile the first {@code rows} rows are
   * written.
   *
   * @param channels that are written of each pixel, a multiple of the lanes, at most {@code width}
   * @param m channel c of position p of tile t at {@code from + p·plane + t·width + c}; not
   *     modified
   * @param bias channel c at {@code shift + c}; not modified
   * @param residual laid out like {@code y}, or null; not modified
   * @param y pixels side by side, {@code pixel} floats from one to the next; the first channel of
   *     the first tile's first one at {@code at}; overwritten
   * @param strip scratch of {@link #outputStrip} floats, used from {@link CacheLine#START} on
   */
  void output(
      int tiles,
      int channels,
      float[] m,
      int from,
      int width,
      int plane,
      float[] bias,
      int shift,
      float[] residual,
      boolean relu,
      float[] y,
      int at,
      int pixel,
      int row,
      int rows,
      float[] strip);

  /** Floats of four rows of positions of tiles side by side. */
  static int outputStrip(int tiles, int width) {
    return CacheLine.START + TILE * INPUT * tiles * width;
  }

  /**
   * A·g·Aᵀ of tiles of outputs side by side, channel by channel: from the gradient by the outputs
   * that by the products.
   *
   * @param channels of a pixel, a multiple of the lanes
   * @param g pixels side by side; the first tile's first one at {@code at}, {@code row} floats from
   *     one row of pixels to the next; not modified
   * @param m overwritten: channel c of position p of tile t at {@code to + p·plane + t·channels +
   *     c}
   * @param strip scratch of {@link #gradientStrip} floats, used from {@link CacheLine#START} on
   */
  void gradient(
      int tiles,
      int channels,
      float[] g,
      int at,
      int row,
      float[] m,
      int to,
      int plane,
      float[] strip);

  /** Floats of six rows of the pixels of tiles of outputs side by side. */
  static int gradientStrip(int tiles, int channels) {
    return CacheLine.START + INPUT * TILE * tiles * channels;
  }
}
