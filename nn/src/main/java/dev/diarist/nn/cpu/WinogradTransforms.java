package dev.diarist.nn.cpu;

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
interface WinogradTransforms {
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

  /** G, by which kernels are transformed once, in double. */
  static double[][] kernelTransform() {
    double a = 2 / 3.0;
    double b = 3 / 2.0;
    double atA = 2 * a * a * (a * a - b * b); // Π over the other points of (a − point)
    double atB = 2 * b * b * (b * b - a * a);
    return new double[][] {
      {1, 0, 0},
      {1 / atA, a / atA, a * a / atA},
      {1 / atA, -a / atA, a * a / atA},
      {1 / atB, b / atB, b * b / atB},
      {1 / atB, -b / atB, b * b / atB},
      {0, 0, 1},
    };
  }

  /**
   * Bᵀ·d·B of one tile, channel by channel.
   *
   * @param channels a multiple of the lanes
   * @param x pixels; the tile's first one at {@code at}, {@code row} floats from one row of pixels
   *     to the next and {@code pixel} from one pixel to the next; not modified
   * @param v overwritten: channel c of position p at {@code to + p·plane + c}
   * @param tile scratch of 36 vectors
   */
  void input(
      int channels,
      float[] x,
      int at,
      int row,
      int pixel,
      float[] v,
      int to,
      int plane,
      float[] tile);

  /**
   * Aᵀ·m·A of one tile, channel by channel, plus the bias, plus the residual where there is one,
   * with max(·, 0) where {@code relu}. Of the tile only {@code rows} × {@code columns} pixels,
   * those inside the image, are written.
   *
   * @param m channel c of position p at {@code from + p·plane + c}; not modified
   * @param residual laid out like {@code y}, or null; not modified
   * @param y pixels; the tile's first one at {@code at}; overwritten
   * @param tile scratch of 36 vectors
   */
  void output(
      int channels,
      float[] m,
      int from,
      int plane,
      float[] bias,
      float[] residual,
      boolean relu,
      float[] y,
      int at,
      int row,
      int pixel,
      int rows,
      int columns,
      float[] tile);
}
