package dev.diarist.nn.cpu;

import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link ScalarStridedProduct} with the accumulators in registers: 6 × L or 6 × 2·L of them.
 *
 * <p>Written out line by line, and each width in one long method, for the reasons that {@link
 * VectorPanelProduct} gives.
 */
final class VectorStridedProduct implements StridedProduct {
  private static final VectorSpecies<Float> S = Species.of(MethodHandles.lookup());
  private static final int L = S.length();
  private static final int ROWS = PanelProduct.ROWS;

  @Override
  public void multiply(
      int vectors,
      int groups,
      int depth,
      float[] a,
      int aOffset,
      int aRow,
      int aDepth,
      float[] b,
      int bOffset,
      int bStride,
      float[] init,
      int initOffset,
      int initStride,
      float[] c,
      int cOffset,
      int cStride) {
    for (int g = 0; g < groups; g++) {
      int row = g * ROWS;
      int rows = aOffset + row * aRow; // a[row,:]
      int to = cOffset + row * cStride; // c[row,:]
      float[] before = init;
      int from = initOffset + row * initStride; // init[row,:]
      int fromStride = initStride;
      for (int start = 0; start < depth; start += PanelProduct.BLOCK) {
        int count = Math.min(PanelProduct.BLOCK, depth - start);
        int at = rows + start * aDepth; // a[row,start]
        int of = bOffset + start * bStride; // b[start,:]
        if (vectors == 1) {
          one(count, a, at, aRow, aDepth, b, of, bStride, before, from, fromStride, c, to, cStride);
        } else {
          two(count, a, at, aRow, aDepth, b, of, bStride, before, from, fromStride, c, to, cStride);
        }
        before = c;
        from = to;
        fromStride = cStride;
      }
    }
  }

  /** Six rows of one vector of columns. */
  private static void one(
      int depth,
      float[] a,
      int aOffset,
      int aRow,
      int aDepth,
      float[] b,
      int bOffset,
      int bStride,
      float[] init,
      int from,
      int initStride,
      float[] c,
      int to,
      int cStride) {
    FloatVector c00 = FloatVector.zero(S);
    FloatVector c10 = FloatVector.zero(S);
    FloatVector c20 = FloatVector.zero(S);
    FloatVector c30 = FloatVector.zero(S);
    FloatVector c40 = FloatVector.zero(S);
    FloatVector c50 = FloatVector.zero(S);
    for (int k = 0; k < depth; k++) {
      int at = aOffset + k * aDepth; // a[:,k]
      int of = bOffset + k * bStride; // b[k,:]
      FloatVector p0 = FloatVector.fromArray(S, b, of);
      FloatVector x = FloatVector.broadcast(S, a[at]);
      c00 = x.fma(p0, c00);
      x = FloatVector.broadcast(S, a[at + aRow]);
      c10 = x.fma(p0, c10);
      x = FloatVector.broadcast(S, a[at + 2 * aRow]);
      c20 = x.fma(p0, c20);
      x = FloatVector.broadcast(S, a[at + 3 * aRow]);
      c30 = x.fma(p0, c30);
      x = FloatVector.broadcast(S, a[at + 4 * aRow]);
      c40 = x.fma(p0, c40);
      x = FloatVector.broadcast(S, a[at + 5 * aRow]);
      c50 = x.fma(p0, c50);
    }
    c00.add(FloatVector.fromArray(S, init, from)).intoArray(c, to);
    c10.add(FloatVector.fromArray(S, init, from + initStride)).intoArray(c, to + cStride);
    c20.add(FloatVector.fromArray(S, init, from + 2 * initStride)).intoArray(c, to + 2 * cStride);
    c30.add(FloatVector.fromArray(S, init, from + 3 * initStride)).intoArray(c, to + 3 * cStride);
    c40.add(FloatVector.fromArray(S, init, from + 4 * initStride)).intoArray(c, to + 4 * cStride);
    c50.add(FloatVector.fromArray(S, init, from + 5 * initStride)).intoArray(c, to + 5 * cStride);
  }

  /** Six rows of two vectors of columns. */
  private static void two(
      int depth,
      float[] a,
      int aOffset,
      int aRow,
      int aDepth,
      float[] b,
      int bOffset,
      int bStride,
      float[] init,
      int from,
      int initStride,
      float[] c,
      int to,
      int cStride) {
    FloatVector c00 = FloatVector.zero(S);
    FloatVector c01 = FloatVector.zero(S);
    FloatVector c10 = FloatVector.zero(S);
    FloatVector c11 = FloatVector.zero(S);
    FloatVector c20 = FloatVector.zero(S);
    FloatVector c21 = FloatVector.zero(S);
    FloatVector c30 = FloatVector.zero(S);
    FloatVector c31 = FloatVector.zero(S);
    FloatVector c40 = FloatVector.zero(S);
    FloatVector c41 = FloatVector.zero(S);
    FloatVector c50 = FloatVector.zero(S);
    FloatVector c51 = FloatVector.zero(S);
    for (int k = 0; k < depth; k++) {
      int at = aOffset + k * aDepth; // a[:,k]
      int of = bOffset + k * bStride; // b[k,:]
      FloatVector p0 = FloatVector.fromArray(S, b, of);
      FloatVector p1 = FloatVector.fromArray(S, b, of + L);
      FloatVector x = FloatVector.broadcast(S, a[at]);
      c00 = x.fma(p0, c00);
      c01 = x.fma(p1, c01);
      x = FloatVector.broadcast(S, a[at + aRow]);
      c10 = x.fma(p0, c10);
      c11 = x.fma(p1, c11);
      x = FloatVector.broadcast(S, a[at + 2 * aRow]);
      c20 = x.fma(p0, c20);
      c21 = x.fma(p1, c21);
      x = FloatVector.broadcast(S, a[at + 3 * aRow]);
      c30 = x.fma(p0, c30);
      c31 = x.fma(p1, c31);
      x = FloatVector.broadcast(S, a[at + 4 * aRow]);
      c40 = x.fma(p0, c40);
      c41 = x.fma(p1, c41);
      x = FloatVector.broadcast(S, a[at + 5 * aRow]);
      c50 = x.fma(p0, c50);
      c51 = x.fma(p1, c51);
    }
    c00.add(FloatVector.fromArray(S, init, from)).intoArray(c, to);
    c01.add(FloatVector.fromArray(S, init, from + L)).intoArray(c, to + L);
    c10.add(FloatVector.fromArray(S, init, from + initStride)).intoArray(c, to + cStride);
    c11.add(FloatVector.fromArray(S, init, from + initStride + L)).intoArray(c, to + cStride + L);
    c20.add(FloatVector.fromArray(S, init, from + 2 * initStride)).intoArray(c, to + 2 * cStride);
    c21.add(FloatVector.fromArray(S, init, from + 2 * initStride + L))
        .intoArray(c, to + 2 * cStride + L);
    c30.add(FloatVector.fromArray(S, init, from + 3 * initStride)).intoArray(c, to + 3 * cStride);
    c31.add(FloatVector.fromArray(S, init, from + 3 * initStride + L))
        .intoArray(c, to + 3 * cStride + L);
    c40.add(FloatVector.fromArray(S, init, from + 4 * initStride)).intoArray(c, to + 4 * cStride);
    c41.add(FloatVector.fromArray(S, init, from + 4 * initStride + L))
        .intoArray(c, to + 4 * cStride + L);
    c50.add(FloatVector.fromArray(S, init, from + 5 * initStride)).intoArray(c, to + 5 * cStride);
    c51.add(FloatVector.fromArray(S, init, from + 5 * initStride + L))
        .intoArray(c, to + 5 * cStride + L);
  }
}
