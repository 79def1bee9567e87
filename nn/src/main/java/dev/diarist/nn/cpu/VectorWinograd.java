package dev.diarist.nn.cpu;

import dev.diarist.nn.backend.CacheLine;
import dev.diarist.nn.backend.WinogradTransforms;
import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link ScalarWinograd}, a vector of channels at a time. Each transform takes two passes over a
 * strip of tiles, which stays in the level 1 cache: down the columns, then along the rows. A pass
 * is a long loop over a small body; six rows by six columns at once would exceed the registers.
 */
final class VectorWinograd implements WinogradTransforms {
  private static final VectorSpecies<Float> F = Species.of(MethodHandles.lookup());
  private static final int L = F.length();

  @Override
  public void input(
      int tiles,
      int channels,
      float[] x,
      int at,
      int row,
      float[] v,
      int to,
      int plane,
      float[] strip) {
    int wide = (TILE * tiles + INPUT - TILE) * channels; // floats of one row of the strip
    down(x, at, row, strip, wide);
    for (int i = 0; i < INPUT; i++) {
      along(strip, CacheLine.START + i * wide, tiles, channels, v, to + i * INPUT * plane, plane);
    }
  }

  /** strip = Bᵀ·d, all columns of pixels. */
  private static void down(float[] x, int at, int row, float[] strip, int wide) {
    FloatVector a = FloatVector.broadcast(F, A);
    FloatVector b = FloatVector.broadcast(F, B);
    FloatVector minusA = FloatVector.broadcast(F, -A);
    FloatVector minusB = FloatVector.broadcast(F, -B);
    FloatVector minusA2 = FloatVector.broadcast(F, -A2);
    FloatVector minusB2 = FloatVector.broadcast(F, -B2);
    FloatVector minusS = FloatVector.broadcast(F, -S);
    for (int f = 0; f < wide; f += L) {
      int from = at + f;
      int of = CacheLine.START + f;
      FloatVector d1 = FloatVector.fromArray(F, x, from + row);
      FloatVector d2 = FloatVector.fromArray(F, x, from + 2 * row);
      FloatVector d3 = FloatVector.fromArray(F, x, from + 3 * row);
      FloatVector d4 = FloatVector.fromArray(F, x, from + 4 * row);
      FloatVector evenA = d2.fma(minusB2, d4);
      FloatVector oddA = d1.fma(minusB, d3.mul(a));
      FloatVector evenB = d2.fma(minusA2, d4);
      FloatVector oddB = d1.fma(minusA, d3.mul(b));
      FloatVector d0 = FloatVector.fromArray(F, x, from);
      FloatVector d5 = FloatVector.fromArray(F, x, from + 5 * row);
      d2.fma(minusS, d0).add(d4).intoArray(strip, of);
      evenA.add(oddA).intoArray(strip, of + wide);
      evenA.sub(oddA).intoArray(strip, of + 2 * wide);
      evenB.add(oddB).intoArray(strip, of + 3 * wide);
      evenB.sub(oddB).intoArray(strip, of + 4 * wide);
      d3.fma(minusS, d1).add(d5).intoArray(strip, of + 5 * wide);
    }
  }

  /** v = strip·B, one row of all tiles. */
  private static void along(
      float[] strip, int start, int tiles, int channels, float[] v, int to, int plane) {
    FloatVector a = FloatVector.broadcast(F, A);
    FloatVector b = FloatVector.broadcast(F, B);
    FloatVector minusA = FloatVector.broadcast(F, -A);
    FloatVector minusB = FloatVector.broadcast(F, -B);
    FloatVector minusA2 = FloatVector.broadcast(F, -A2);
    FloatVector minusB2 = FloatVector.broadcast(F, -B2);
    FloatVector minusS = FloatVector.broadcast(F, -S);
    int from = start;
    int c = 0;
    for (int f = 0; f < tiles * channels; f += L) {
      int of = to + f;
      FloatVector d1 = FloatVector.fromArray(F, strip, from + channels);
      FloatVector d2 = FloatVector.fromArray(F, strip, from + 2 * channels);
      FloatVector d3 = FloatVector.fromArray(F, strip, from + 3 * channels);
      FloatVector d4 = FloatVector.fromArray(F, strip, from + 4 * channels);
      FloatVector evenA = d2.fma(minusB2, d4);
      FloatVector oddA = d1.fma(minusB, d3.mul(a));
      FloatVector evenB = d2.fma(minusA2, d4);
      FloatVector oddB = d1.fma(minusA, d3.mul(b));
      FloatVector d0 = FloatVector.fromArray(F, strip, from);
      FloatVector d5 = FloatVector.fromArray(F, strip, from + 5 * channels);
      d2.fma(minusS, d0).add(d4).intoArray(v, of);
      evenA.add(oddA).intoArray(v, of + plane);
      evenA.sub(oddA).intoArray(v, of + 2 * plane);
      evenB.add(oddB).intoArray(v, of + 3 * plane);
      evenB.sub(oddB).intoArray(v, of + 4 * plane);
      d3.fma(minusS, d1).add(d5).intoArray(v, of + 5 * plane);
      from += L;
      c += L;
      if (c == channels) { // on to the next tile
        c = 0;
        from += (TILE - 1) * channels;
      }
    }
  }

  @Override
  public void output(
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
      float[] strip) {
    int wide = tiles * width; // floats of one position of the strip
    if (residual != null) {
      // Into a float before the strip, which nobody reads.
      strip[0] = touch(residual, at, TILE * tiles, channels, pixel, row, rows);
    }
    for (int j = 0; j < INPUT; j++) {
      backDown(m, from + j * plane, INPUT * plane, strip, CacheLine.START + j * wide, wide);
    }
    for (int i = 0; i < rows; i++) {
      int start = CacheLine.START + i * INPUT * wide; // strip[i,:,:]
      int to = at + i * row;
      if (residual == null) {
        backAlong(strip, start, wide, tiles, channels, width, bias, shift, relu, y, to, pixel);
      } else {
        backAlong(
            strip, start, wide, tiles, channels, width, bias, shift, residual, relu, y, to, pixel);
      }
    }
  }

  /**
   * Reads one float of each cache line of some pixels, so that they are at hand when they are
   * added: a load that waits for memory is overtaken by the next ones here, not behind a whole
   * transform.
   *
   * @return the sum, which nobody needs; without it the compiler would leave out the loads
   */
  private static float touch(
      float[] x, int at, int pixels, int channels, int pixel, int row, int rows) {
    float sum = 0;
    for (int i = 0; i < rows; i++) {
      for (int c = 0; c < channels; c += CacheLine.FLOATS) {
        int from = at + i * row + c;
        for (int p = 0; p < pixels; p++) {
          sum += x[from + p * pixel];
        }
      }
    }
    return sum;
  }

  /** strip = Aᵀ·m, one column of positions of all tiles. */
  private static void backDown(float[] m, int from, int step, float[] strip, int to, int wide) {
    FloatVector a = FloatVector.broadcast(F, A);
    FloatVector b = FloatVector.broadcast(F, B);
    FloatVector a2 = FloatVector.broadcast(F, A2);
    FloatVector b2 = FloatVector.broadcast(F, B2);
    FloatVector a3 = FloatVector.broadcast(F, A3);
    FloatVector b3 = FloatVector.broadcast(F, B3);
    for (int f = 0; f < wide; f += L) {
      int in = from + f;
      int of = to + f;
      FloatVector d1 = FloatVector.fromArray(F, m, in + step);
      FloatVector d2 = FloatVector.fromArray(F, m, in + 2 * step);
      FloatVector d3 = FloatVector.fromArray(F, m, in + 3 * step);
      FloatVector d4 = FloatVector.fromArray(F, m, in + 4 * step);
      FloatVector sumA = d1.add(d2);
      FloatVector differenceA = d1.sub(d2);
      FloatVector sumB = d3.add(d4);
      FloatVector differenceB = d3.sub(d4);
      FloatVector d0 = FloatVector.fromArray(F, m, in);
      FloatVector d5 = FloatVector.fromArray(F, m, in + 5 * step);
      d0.add(sumA).add(sumB).intoArray(strip, of);
      differenceA.fma(a, differenceB.mul(b)).intoArray(strip, of + INPUT * wide);
      sumA.fma(a2, sumB.mul(b2)).intoArray(strip, of + 2 * INPUT * wide);
      differenceA.fma(a3, differenceB.fma(b3, d5)).intoArray(strip, of + 3 * INPUT * wide);
    }
  }

  /**
   * y = relu(strip·A + bias), one row of pixels of all tiles. Stands apart from the one with a
   * residual because asking for it inside the loop makes this one a fifth slower.
   */
  private static void backAlong(
      float[] strip,
      int start,
      int wide,
      int tiles,
      int channels,
      int width,
      float[] bias,
      int shift,
      boolean relu,
      float[] y,
      int at,
      int pixel) {
    FloatVector a = FloatVector.broadcast(F, A);
    FloatVector b = FloatVector.broadcast(F, B);
    FloatVector a2 = FloatVector.broadcast(F, A2);
    FloatVector b2 = FloatVector.broadcast(F, B2);
    FloatVector a3 = FloatVector.broadcast(F, A3);
    FloatVector b3 = FloatVector.broadcast(F, B3);
    FloatVector floor = FloatVector.broadcast(F, relu ? 0 : Float.NEGATIVE_INFINITY);
    for (int t = 0; t < tiles; t++) {
      int in = start + t * width;
      int of = at + t * TILE * pixel;
      for (int c = 0; c < channels; c += L) {
        FloatVector d1 = FloatVector.fromArray(F, strip, in + c + wide);
        FloatVector d2 = FloatVector.fromArray(F, strip, in + c + 2 * wide);
        FloatVector d3 = FloatVector.fromArray(F, strip, in + c + 3 * wide);
        FloatVector d4 = FloatVector.fromArray(F, strip, in + c + 4 * wide);
        FloatVector sumA = d1.add(d2);
        FloatVector differenceA = d1.sub(d2);
        FloatVector sumB = d3.add(d4);
        FloatVector differenceB = d3.sub(d4);
        FloatVector d0 = FloatVector.fromArray(F, strip, in + c);
        FloatVector d5 = FloatVector.fromArray(F, strip, in + c + 5 * wide);
        FloatVector constant = FloatVector.fromArray(F, bias, shift + c);
        FloatVector y0 = d0.add(sumA).add(sumB).add(constant);
        FloatVector y1 = differenceA.fma(a, differenceB.mul(b)).add(constant);
        FloatVector y2 = sumA.fma(a2, sumB.mul(b2)).add(constant);
        FloatVector y3 = differenceA.fma(a3, differenceB.fma(b3, d5)).add(constant);
        int p = of + c;
        y0.blend(floor, y0.compare(VectorOperators.LT, floor)).intoArray(y, p);
        y1.blend(floor, y1.compare(VectorOperators.LT, floor)).intoArray(y, p + pixel);
        y2.blend(floor, y2.compare(VectorOperators.LT, floor)).intoArray(y, p + 2 * pixel);
        y3.blend(floor, y3.compare(VectorOperators.LT, floor)).intoArray(y, p + 3 * pixel);
      }
    }
  }

  /** y = relu(strip·A + bias + residual), one row of pixels of all tiles. */
  private static void backAlong(
      float[] strip,
      int start,
      int wide,
      int tiles,
      int channels,
      int width,
      float[] bias,
      int shift,
      float[] residual,
      boolean relu,
      float[] y,
      int at,
      int pixel) {
    FloatVector a = FloatVector.broadcast(F, A);
    FloatVector b = FloatVector.broadcast(F, B);
    FloatVector a2 = FloatVector.broadcast(F, A2);
    FloatVector b2 = FloatVector.broadcast(F, B2);
    FloatVector a3 = FloatVector.broadcast(F, A3);
    FloatVector b3 = FloatVector.broadcast(F, B3);
    FloatVector floor = FloatVector.broadcast(F, relu ? 0 : Float.NEGATIVE_INFINITY);
    for (int t = 0; t < tiles; t++) {
      int in = start + t * width;
      int of = at + t * TILE * pixel;
      for (int c = 0; c < channels; c += L) {
        FloatVector d1 = FloatVector.fromArray(F, strip, in + c + wide);
        FloatVector d2 = FloatVector.fromArray(F, strip, in + c + 2 * wide);
        FloatVector d3 = FloatVector.fromArray(F, strip, in + c + 3 * wide);
        FloatVector d4 = FloatVector.fromArray(F, strip, in + c + 4 * wide);
        FloatVector sumA = d1.add(d2);
        FloatVector differenceA = d1.sub(d2);
        FloatVector sumB = d3.add(d4);
        FloatVector differenceB = d3.sub(d4);
        FloatVector d0 = FloatVector.fromArray(F, strip, in + c);
        FloatVector d5 = FloatVector.fromArray(F, strip, in + c + 5 * wide);
        FloatVector constant = FloatVector.fromArray(F, bias, shift + c);
        FloatVector y0 = d0.add(sumA).add(sumB).add(constant);
        FloatVector y1 = differenceA.fma(a, differenceB.mul(b)).add(constant);
        FloatVector y2 = sumA.fma(a2, sumB.mul(b2)).add(constant);
        FloatVector y3 = differenceA.fma(a3, differenceB.fma(b3, d5)).add(constant);
        int p = of + c;
        y0 = y0.add(FloatVector.fromArray(F, residual, p));
        y1 = y1.add(FloatVector.fromArray(F, residual, p + pixel));
        y2 = y2.add(FloatVector.fromArray(F, residual, p + 2 * pixel));
        y3 = y3.add(FloatVector.fromArray(F, residual, p + 3 * pixel));
        y0.blend(floor, y0.compare(VectorOperators.LT, floor)).intoArray(y, p);
        y1.blend(floor, y1.compare(VectorOperators.LT, floor)).intoArray(y, p + pixel);
        y2.blend(floor, y2.compare(VectorOperators.LT, floor)).intoArray(y, p + 2 * pixel);
        y3.blend(floor, y3.compare(VectorOperators.LT, floor)).intoArray(y, p + 3 * pixel);
      }
    }
  }

  @Override
  public void gradient(
      int tiles,
      int channels,
      float[] g,
      int at,
      int row,
      float[] m,
      int to,
      int plane,
      float[] strip) {
    int wide = TILE * tiles * channels; // floats of one row of the strip
    spreadDown(g, at, row, strip, wide);
    for (int i = 0; i < INPUT; i++) {
      int start = CacheLine.START + i * wide;
      spreadAlong(strip, start, tiles, channels, m, to + i * INPUT * plane, plane);
    }
  }

  /** strip = A·g, all columns of pixels. */
  private static void spreadDown(float[] g, int at, int row, float[] strip, int wide) {
    FloatVector a = FloatVector.broadcast(F, A);
    FloatVector b = FloatVector.broadcast(F, B);
    FloatVector a2 = FloatVector.broadcast(F, A2);
    FloatVector b2 = FloatVector.broadcast(F, B2);
    FloatVector a3 = FloatVector.broadcast(F, A3);
    FloatVector b3 = FloatVector.broadcast(F, B3);
    for (int f = 0; f < wide; f += L) {
      int from = at + f;
      int of = CacheLine.START + f;
      FloatVector d0 = FloatVector.fromArray(F, g, from);
      FloatVector d1 = FloatVector.fromArray(F, g, from + row);
      FloatVector d2 = FloatVector.fromArray(F, g, from + 2 * row);
      FloatVector d3 = FloatVector.fromArray(F, g, from + 3 * row);
      FloatVector evenA = d2.fma(a2, d0);
      FloatVector oddA = d1.fma(a, d3.mul(a3));
      FloatVector evenB = d2.fma(b2, d0);
      FloatVector oddB = d1.fma(b, d3.mul(b3));
      d0.intoArray(strip, of);
      evenA.add(oddA).intoArray(strip, of + wide);
      evenA.sub(oddA).intoArray(strip, of + 2 * wide);
      evenB.add(oddB).intoArray(strip, of + 3 * wide);
      evenB.sub(oddB).intoArray(strip, of + 4 * wide);
      d3.intoArray(strip, of + 5 * wide);
    }
  }

  /** m = strip·Aᵀ, one row of all tiles. */
  private static void spreadAlong(
      float[] strip, int start, int tiles, int channels, float[] m, int to, int plane) {
    FloatVector a = FloatVector.broadcast(F, A);
    FloatVector b = FloatVector.broadcast(F, B);
    FloatVector a2 = FloatVector.broadcast(F, A2);
    FloatVector b2 = FloatVector.broadcast(F, B2);
    FloatVector a3 = FloatVector.broadcast(F, A3);
    FloatVector b3 = FloatVector.broadcast(F, B3);
    int from = start;
    int c = 0;
    for (int f = 0; f < tiles * channels; f += L) {
      int of = to + f;
      FloatVector d0 = FloatVector.fromArray(F, strip, from);
      FloatVector d1 = FloatVector.fromArray(F, strip, from + channels);
      FloatVector d2 = FloatVector.fromArray(F, strip, from + 2 * channels);
      FloatVector d3 = FloatVector.fromArray(F, strip, from + 3 * channels);
      FloatVector evenA = d2.fma(a2, d0);
      FloatVector oddA = d1.fma(a, d3.mul(a3));
      FloatVector evenB = d2.fma(b2, d0);
      FloatVector oddB = d1.fma(b, d3.mul(b3));
      d0.intoArray(m, of);
      evenA.add(oddA).intoArray(m, of + plane);
      evenA.sub(oddA).intoArray(m, of + 2 * plane);
      evenB.add(oddB).intoArray(m, of + 3 * plane);
      evenB.sub(oddB).intoArray(m, of + 4 * plane);
      d3.intoArray(m, of + 5 * plane);
      from += L;
      c += L;
      if (c == channels) { // on to the next tile
        c = 0;
        from += (TILE - 1) * channels;
      }
    }
  }
}
