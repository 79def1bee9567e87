package dev.diarist.nn.cpu;

import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link ScalarWinograd}, a vector of channels at a time. Each pass is a loop over the six columns
 * or rows of a scratch tile, not straight-line code, which would exceed the compiler's budget.
 */
final class VectorWinograd implements WinogradTransforms {
  private static final VectorSpecies<Float> F = Species.of(MethodHandles.lookup());
  private static final int L = F.length();

  /** Floats from one row of the scratch tile to the next. */
  private static final int WIDE = INPUT * L;

  @Override
  public void input(
      int channels,
      float[] x,
      int at,
      int row,
      int pixel,
      float[] v,
      int to,
      int plane,
      float[] tile) {
    FloatVector a = FloatVector.broadcast(F, A);
    FloatVector b = FloatVector.broadcast(F, B);
    FloatVector minusA = FloatVector.broadcast(F, -A);
    FloatVector minusB = FloatVector.broadcast(F, -B);
    FloatVector minusA2 = FloatVector.broadcast(F, -A2);
    FloatVector minusB2 = FloatVector.broadcast(F, -B2);
    FloatVector minusS = FloatVector.broadcast(F, -S);
    for (int c = 0; c < channels; c += L) {
      for (int j = 0; j < INPUT; j++) { // tile = Bᵀ·d, a column at a time
        int from = at + c + j * pixel;
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
        int of = j * L;
        d2.fma(minusS, d0).add(d4).intoArray(tile, of);
        evenA.add(oddA).intoArray(tile, of + WIDE);
        evenA.sub(oddA).intoArray(tile, of + 2 * WIDE);
        evenB.add(oddB).intoArray(tile, of + 3 * WIDE);
        evenB.sub(oddB).intoArray(tile, of + 4 * WIDE);
        d3.fma(minusS, d1).add(d5).intoArray(tile, of + 5 * WIDE);
      }
      for (int i = 0; i < INPUT; i++) { // v = tile·B, a row at a time
        int from = i * WIDE;
        FloatVector d1 = FloatVector.fromArray(F, tile, from + L);
        FloatVector d2 = FloatVector.fromArray(F, tile, from + 2 * L);
        FloatVector d3 = FloatVector.fromArray(F, tile, from + 3 * L);
        FloatVector d4 = FloatVector.fromArray(F, tile, from + 4 * L);
        FloatVector evenA = d2.fma(minusB2, d4);
        FloatVector oddA = d1.fma(minusB, d3.mul(a));
        FloatVector evenB = d2.fma(minusA2, d4);
        FloatVector oddB = d1.fma(minusA, d3.mul(b));
        FloatVector d0 = FloatVector.fromArray(F, tile, from);
        FloatVector d5 = FloatVector.fromArray(F, tile, from + 5 * L);
        int of = to + c + i * INPUT * plane;
        d2.fma(minusS, d0).add(d4).intoArray(v, of);
        evenA.add(oddA).intoArray(v, of + plane);
        evenA.sub(oddA).intoArray(v, of + 2 * plane);
        evenB.add(oddB).intoArray(v, of + 3 * plane);
        evenB.sub(oddB).intoArray(v, of + 4 * plane);
        d3.fma(minusS, d1).add(d5).intoArray(v, of + 5 * plane);
      }
    }
  }

  @Override
  public void output(
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
      float[] tile) {
    FloatVector a = FloatVector.broadcast(F, A);
    FloatVector b = FloatVector.broadcast(F, B);
    FloatVector a2 = FloatVector.broadcast(F, A2);
    FloatVector b2 = FloatVector.broadcast(F, B2);
    FloatVector a3 = FloatVector.broadcast(F, A3);
    FloatVector b3 = FloatVector.broadcast(F, B3);
    for (int c = 0; c < channels; c += L) {
      for (int j = 0; j < INPUT; j++) { // tile = Aᵀ·m, a column at a time
        int in = from + c + j * plane;
        FloatVector d1 = FloatVector.fromArray(F, m, in + 6 * plane);
        FloatVector d2 = FloatVector.fromArray(F, m, in + 12 * plane);
        FloatVector d3 = FloatVector.fromArray(F, m, in + 18 * plane);
        FloatVector d4 = FloatVector.fromArray(F, m, in + 24 * plane);
        FloatVector sumA = d1.add(d2);
        FloatVector differenceA = d1.sub(d2);
        FloatVector sumB = d3.add(d4);
        FloatVector differenceB = d3.sub(d4);
        FloatVector d0 = FloatVector.fromArray(F, m, in);
        FloatVector d5 = FloatVector.fromArray(F, m, in + 30 * plane);
        int of = j * L;
        d0.add(sumA).add(sumB).intoArray(tile, of);
        differenceA.fma(a, differenceB.mul(b)).intoArray(tile, of + WIDE);
        sumA.fma(a2, sumB.mul(b2)).intoArray(tile, of + 2 * WIDE);
        differenceA.fma(a3, differenceB.fma(b3, d5)).intoArray(tile, of + 3 * WIDE);
      }
      for (int i = 0; i < rows; i++) { // tile·A, over the row's first four blocks
        int in = i * WIDE;
        FloatVector d1 = FloatVector.fromArray(F, tile, in + L);
        FloatVector d2 = FloatVector.fromArray(F, tile, in + 2 * L);
        FloatVector d3 = FloatVector.fromArray(F, tile, in + 3 * L);
        FloatVector d4 = FloatVector.fromArray(F, tile, in + 4 * L);
        FloatVector sumA = d1.add(d2);
        FloatVector differenceA = d1.sub(d2);
        FloatVector sumB = d3.add(d4);
        FloatVector differenceB = d3.sub(d4);
        FloatVector d0 = FloatVector.fromArray(F, tile, in);
        FloatVector d5 = FloatVector.fromArray(F, tile, in + 5 * L);
        d0.add(sumA).add(sumB).intoArray(tile, in);
        differenceA.fma(a, differenceB.mul(b)).intoArray(tile, in + L);
        sumA.fma(a2, sumB.mul(b2)).intoArray(tile, in + 2 * L);
        differenceA.fma(a3, differenceB.fma(b3, d5)).intoArray(tile, in + 3 * L);
      }
      FloatVector shift = FloatVector.fromArray(F, bias, c);
      for (int i = 0; i < rows; i++) {
        for (int j = 0; j < columns; j++) {
          int of = at + c + i * row + j * pixel;
          FloatVector sum = FloatVector.fromArray(F, tile, i * WIDE + j * L).add(shift);
          if (residual != null) {
            sum = sum.add(FloatVector.fromArray(F, residual, of));
          }
          if (relu) {
            sum = sum.blend(0f, sum.compare(VectorOperators.LT, 0f));
          }
          sum.intoArray(y, of);
        }
      }
    }
  }
}
