package dev.diarist.nn.tornado;

import dev.diarist.nn.backend.WinogradTransforms;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.vectors.Float4;

/**
 * Kernels of a 3×3 convolution by way of {@link WinogradTransforms}: tiles of 6 × 6 inputs are
 * transformed, their 36 positions multiplied, each by a matrix of its own, and tiles of 4 × 4
 * outputs transformed back. {@link Products#images} is the definition that they are tested against.
 *
 * <p>Letters: {@code B} batch, {@code P} the 36 positions of a tile, {@code N} tiles of an image,
 * filled up to whole {@value #TILES}, {@code C} input channels, {@code O} output channels, both
 * filled up to whole {@value #LANES}; {@code j} a column or a row of a tile, {@code d} and {@code
 * e} six values.
 */
final class Winograd {
  /** Channels of a work-group of a transform, which neighbouring threads read and write. */
  static final int LANES = Products.LANES;

  /** Tiles of a thread of the product. */
  static final int TILES = 4;

  /** Output channels of a thread of the product; their weights lie side by side. */
  static final int CHANNELS = 8;

  private static final int TILE = WinogradTransforms.TILE;

  /** Also the threads that share a channel of a tile. */
  static final int INPUT = WinogradTransforms.INPUT;

  private static final int POSITIONS = WinogradTransforms.POSITIONS;

  private static final float A = WinogradTransforms.A;
  private static final float A2 = WinogradTransforms.A2;
  private static final float A3 = WinogradTransforms.A3;
  private static final float B = WinogradTransforms.B;
  private static final float B2 = WinogradTransforms.B2;
  private static final float B3 = WinogradTransforms.B3;
  private static final float S = WinogradTransforms.S;

  private Winograd() {}

  /** C or O. */
  static int filled(int channels) {
    return Math.ceilDiv(channels, LANES) * LANES;
  }

  /**
   * v = Bᵀ·d·B of each tile. A work-group takes {@value #LANES} channels of a tile; a thread of it
   * first column j of Bᵀ·d, then row j of the result.
   *
   * @param x images with a border of zeros, read up to 15 floats past the last one; not modified
   * @param v (B, P, N, C), overwritten
   * @param xAt where the pixel above and left of the first one lies
   * @param xRow floats from one row of pixels to the next one
   * @param across tiles beside each other
   * @param tiles N
   * @param filled C
   */
  static void input(
      KernelContext context,
      FloatArray x,
      FloatArray v,
      int xAt,
      int xRow,
      int xExample,
      int height,
      int width,
      int channels,
      int across,
      int tiles,
      int filled) {
    float[] rows = context.allocateFloatLocalArray(POSITIONS * LANES); // Bᵀ·d
    int lane = context.localIdx;
    int j = context.localIdy;
    int n = context.groupIdy;
    int c = context.globalIdx; // past the last channel: of the next pixel, which nobody reads
    // What is beyond the image is read from its border: rows 0 and height + 1 of pixels are zeros.
    int top = n / across * TILE;
    int column = TornadoMath.min(n % across * TILE + j, width + 1);
    int at = context.globalIdz * xExample + xAt + column * channels + c; // x[b, :, column, c]
    float d0 = x.get(at + top * xRow);
    float d1 = x.get(at + TornadoMath.min(top + 1, height + 1) * xRow);
    float d2 = x.get(at + TornadoMath.min(top + 2, height + 1) * xRow);
    float d3 = x.get(at + TornadoMath.min(top + 3, height + 1) * xRow);
    float d4 = x.get(at + TornadoMath.min(top + 4, height + 1) * xRow);
    float d5 = x.get(at + TornadoMath.min(top + 5, height + 1) * xRow);
    int to = j * LANES + lane; // rows[:, j, lane]
    rows[to] = end(d0, d2, d4);
    rows[to + INPUT * LANES] = even(d2, d4, B2) + odd(d1, d3, B, A);
    rows[to + 2 * INPUT * LANES] = even(d2, d4, B2) - odd(d1, d3, B, A);
    rows[to + 3 * INPUT * LANES] = even(d2, d4, A2) + odd(d1, d3, A, B);
    rows[to + 4 * INPUT * LANES] = even(d2, d4, A2) - odd(d1, d3, A, B);
    rows[to + 5 * INPUT * LANES] = end(d1, d3, d5);
    context.localBarrier();

    int from = j * INPUT * LANES + lane; // rows[j, :, lane]
    float e0 = rows[from];
    float e1 = rows[from + LANES];
    float e2 = rows[from + 2 * LANES];
    float e3 = rows[from + 3 * LANES];
    float e4 = rows[from + 4 * LANES];
    float e5 = rows[from + 5 * LANES];
    int plane = tiles * filled;
    int vAt = ((context.globalIdz * INPUT + j) * INPUT * tiles + n) * filled + c; // v[b, 6j, n, c]
    v.set(vAt, end(e0, e2, e4));
    v.set(vAt + plane, even(e2, e4, B2) + odd(e1, e3, B, A));
    v.set(vAt + 2 * plane, even(e2, e4, B2) - odd(e1, e3, B, A));
    v.set(vAt + 3 * plane, even(e2, e4, A2) + odd(e1, e3, A, B));
    v.set(vAt + 4 * plane, even(e2, e4, A2) - odd(e1, e3, A, B));
    v.set(vAt + 5 * plane, end(e1, e3, e5));
  }

  /** The first and the last row of Bᵀ. */
  private static float end(float d, float d2, float d4) {
    return d - S * d2 + d4;
  }

  /** What the rows of Bᵀ of a point and its negative share. */
  private static float even(float d2, float d4, float square) {
    return d4 - square * d2;
  }

  /** In what they differ. */
  private static float odd(float d1, float d3, float of1, float of3) {
    return of3 * d3 - of1 * d1;
  }

  /**
   * m[p, n, o] = Σ v[p, n, c] · w[p, c, o]. A thread computes {@value #CHANNELS} neighbouring
   * channels of {@value #TILES} neighbouring tiles, so that eight weights and four values serve for
   * 32 products. The channels are two vectors: then a processor multiplies several at a time, too.
   * Longer vectors do not exist in CUDA.
   *
   * @param v (B, P, N, C), not modified
   * @param w (O / CHANNELS, P, depth, CHANNELS), not modified
   * @param m (B, P, N, O), overwritten
   * @param tiles N
   * @param depth input channels that there are
   * @param ins C
   * @param outs O
   */
  static void products(
      KernelContext context,
      FloatArray v,
      FloatArray w,
      FloatArray m,
      int tiles,
      int depth,
      int ins,
      int outs) {
    // Threads past the last ones do their work again.
    int block = TornadoMath.min(context.globalIdx, outs / CHANNELS - 1);
    int row = TornadoMath.min(context.globalIdy, POSITIONS * tiles / TILES - 1);
    int p = row / (tiles / TILES);
    int rows = context.globalIdz * POSITIONS * tiles + row * TILES; // [b, p, n] of v and m
    int at = rows * ins;
    int weights = (block * POSITIONS + p) * depth * CHANNELS; // w[block, p, :, :]
    Float4 a0 = new Float4(0f, 0f, 0f, 0f);
    Float4 b0 = new Float4(0f, 0f, 0f, 0f);
    Float4 a1 = new Float4(0f, 0f, 0f, 0f);
    Float4 b1 = new Float4(0f, 0f, 0f, 0f);
    Float4 a2 = new Float4(0f, 0f, 0f, 0f);
    Float4 b2 = new Float4(0f, 0f, 0f, 0f);
    Float4 a3 = new Float4(0f, 0f, 0f, 0f);
    Float4 b3 = new Float4(0f, 0f, 0f, 0f);
    for (int k = 0; k < depth; k++) {
      int q = weights + k * CHANNELS;
      Float4 wa = new Float4(w.get(q), w.get(q + 1), w.get(q + 2), w.get(q + 3));
      Float4 wb = new Float4(w.get(q + 4), w.get(q + 5), w.get(q + 6), w.get(q + 7));
      float v0 = v.get(at + k);
      float v1 = v.get(at + k + ins);
      float v2 = v.get(at + k + 2 * ins);
      float v3 = v.get(at + k + 3 * ins);
      a0 = Float4.add(a0, Float4.mult(wa, v0));
      b0 = Float4.add(b0, Float4.mult(wb, v0));
      a1 = Float4.add(a1, Float4.mult(wa, v1));
      b1 = Float4.add(b1, Float4.mult(wb, v1));
      a2 = Float4.add(a2, Float4.mult(wa, v2));
      b2 = Float4.add(b2, Float4.mult(wb, v2));
      a3 = Float4.add(a3, Float4.mult(wa, v3));
      b3 = Float4.add(b3, Float4.mult(wb, v3));
    }
    int to = rows * outs + block * CHANNELS; // m[b, p, n, 8 block]
    put(m, to, a0);
    put(m, to + 4, b0);
    put(m, to + outs, a1);
    put(m, to + outs + 4, b1);
    put(m, to + 2 * outs, a2);
    put(m, to + 2 * outs + 4, b2);
    put(m, to + 3 * outs, a3);
    put(m, to + 3 * outs + 4, b3);
  }

  private static void put(FloatArray y, int at, Float4 value) {
    y.set(at, value.getX());
    y.set(at + 1, value.getY());
    y.set(at + 2, value.getZ());
    y.set(at + 3, value.getW());
  }

  /**
   * y = Aᵀ·m·A of each tile + bias, with the residual added; what is then negative times {@code
   * slope}. A work-group takes {@value #LANES} channels of a tile; a thread of it first column j of
   * Aᵀ·m, then row j of the result.
   *
   * @param m (B, P, N, O), not modified
   * @param bias (O), not modified
   * @param residual laid out as y, or one 0; not modified
   * @param y (B, height, width, channels) with a border; overwritten but for that
   * @param across tiles beside each other
   * @param tiles N
   * @param filled O
   * @param border of y in pixels
   * @param share 1 where there is a residual, otherwise 0
   */
  static void output(
      KernelContext context,
      FloatArray m,
      FloatArray bias,
      FloatArray residual,
      FloatArray y,
      int height,
      int width,
      int channels,
      int across,
      int tiles,
      int filled,
      int border,
      int share,
      FloatArray slope) {
    float[] rows = context.allocateFloatLocalArray(TILE * INPUT * LANES); // Aᵀ·m
    int lane = context.localIdx;
    int j = context.localIdy;
    int n = context.groupIdy;
    int o = context.globalIdx;
    int plane = INPUT * tiles * filled;
    int at = ((context.globalIdz * POSITIONS + j) * tiles + n) * filled + o; // m[b, j, n, o]
    float d0 = m.get(at);
    float d1 = m.get(at + plane);
    float d2 = m.get(at + 2 * plane);
    float d3 = m.get(at + 3 * plane);
    float d4 = m.get(at + 4 * plane);
    float d5 = m.get(at + 5 * plane);
    int to = j * LANES + lane; // rows[:, j, lane]
    rows[to] = d0 + (d1 + d2) + (d3 + d4);
    rows[to + INPUT * LANES] = A * (d1 - d2) + B * (d3 - d4);
    rows[to + 2 * INPUT * LANES] = A2 * (d1 + d2) + B2 * (d3 + d4);
    rows[to + 3 * INPUT * LANES] = A3 * (d1 - d2) + B3 * (d3 - d4) + d5;
    context.localBarrier();

    int row = n / across * TILE + j;
    int column = n % across * TILE;
    if (j < TILE && row < height && o < channels) {
      int from = j * INPUT * LANES + lane; // rows[j, :, lane]
      float e0 = rows[from];
      float e1 = rows[from + LANES];
      float e2 = rows[from + 2 * LANES];
      float e3 = rows[from + 3 * LANES];
      float e4 = rows[from + 4 * LANES];
      float e5 = rows[from + 5 * LANES];
      float b = bias.get(o);
      int yRow = (width + 2 * border) * channels;
      int yAt =
          (context.globalIdz * (height + 2 * border) + border + row) * yRow; // y[b, row, :, :]
      yAt += (border + column) * channels + o; // y[b, row, column, o]
      float y0 = e0 + (e1 + e2) + (e3 + e4) + b;
      y.set(yAt, Products.finish(y0, residual, yAt * share, slope));
      if (column + 1 < width) {
        int of = yAt + channels;
        float y1 = A * (e1 - e2) + B * (e3 - e4) + b;
        y.set(of, Products.finish(y1, residual, of * share, slope));
      }
      if (column + 2 < width) {
        int of = yAt + 2 * channels;
        float y2 = A2 * (e1 + e2) + B2 * (e3 + e4) + b;
        y.set(of, Products.finish(y2, residual, of * share, slope));
      }
      if (column + 3 < width) {
        int of = yAt + 3 * channels;
        float y3 = A3 * (e1 - e2) + B3 * (e3 - e4) + e5 + b;
        y.set(of, Products.finish(y3, residual, of * share, slope));
      }
    }
  }
}
