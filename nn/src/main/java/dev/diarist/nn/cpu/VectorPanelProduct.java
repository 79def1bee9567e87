package dev.diarist.nn.cpu;

import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link ScalarPanelProduct} with the 6 × 2·L accumulators in registers.
 *
 * <p>Written out line by line because an array of accumulators would live in memory, and as one
 * long method because a short one is inlined into its caller, where it may exceed the compiler's
 * budget and have its vectors boxed.
 */
final class VectorPanelProduct implements PanelProduct {
  static final VectorSpecies<Float> S = Species.of(MethodHandles.lookup());
  private static final int L = S.length();

  @Override
  public void multiply(
      int groups,
      int depth,
      float[] a,
      int aOffset,
      int aStride,
      float[] panels,
      int panel,
      float[] init,
      int initOffset,
      int initStride,
      float[] c,
      int cOffset,
      int cStride) {
    for (int g = 0; g < groups; g++) {
      int row = g * ROWS;
      int from = initOffset + row * initStride; // init[row,:]
      FloatVector c00 = FloatVector.fromArray(S, init, from);
      FloatVector c01 = FloatVector.fromArray(S, init, from + L);
      FloatVector c10 = FloatVector.fromArray(S, init, from + initStride);
      FloatVector c11 = FloatVector.fromArray(S, init, from + initStride + L);
      FloatVector c20 = FloatVector.fromArray(S, init, from + 2 * initStride);
      FloatVector c21 = FloatVector.fromArray(S, init, from + 2 * initStride + L);
      FloatVector c30 = FloatVector.fromArray(S, init, from + 3 * initStride);
      FloatVector c31 = FloatVector.fromArray(S, init, from + 3 * initStride + L);
      FloatVector c40 = FloatVector.fromArray(S, init, from + 4 * initStride);
      FloatVector c41 = FloatVector.fromArray(S, init, from + 4 * initStride + L);
      FloatVector c50 = FloatVector.fromArray(S, init, from + 5 * initStride);
      FloatVector c51 = FloatVector.fromArray(S, init, from + 5 * initStride + L);
      int rows = aOffset + row * aStride; // a[row,:]
      for (int k = 0; k < depth; k++) {
        int at = rows + k;
        int of = panel + k * 2 * L; // panel[k,:]
        FloatVector p0 = FloatVector.fromArray(S, panels, of);
        FloatVector p1 = FloatVector.fromArray(S, panels, of + L);
        FloatVector x = FloatVector.broadcast(S, a[at]);
        c00 = x.fma(p0, c00);
        c01 = x.fma(p1, c01);
        x = FloatVector.broadcast(S, a[at + aStride]);
        c10 = x.fma(p0, c10);
        c11 = x.fma(p1, c11);
        x = FloatVector.broadcast(S, a[at + 2 * aStride]);
        c20 = x.fma(p0, c20);
        c21 = x.fma(p1, c21);
        x = FloatVector.broadcast(S, a[at + 3 * aStride]);
        c30 = x.fma(p0, c30);
        c31 = x.fma(p1, c31);
        x = FloatVector.broadcast(S, a[at + 4 * aStride]);
        c40 = x.fma(p0, c40);
        c41 = x.fma(p1, c41);
        x = FloatVector.broadcast(S, a[at + 5 * aStride]);
        c50 = x.fma(p0, c50);
        c51 = x.fma(p1, c51);
      }
      int to = cOffset + row * cStride; // c[row,:]
      c00.intoArray(c, to);
      c01.intoArray(c, to + L);
      c10.intoArray(c, to + cStride);
      c11.intoArray(c, to + cStride + L);
      c20.intoArray(c, to + 2 * cStride);
      c21.intoArray(c, to + 2 * cStride + L);
      c30.intoArray(c, to + 3 * cStride);
      c31.intoArray(c, to + 3 * cStride + L);
      c40.intoArray(c, to + 4 * cStride);
      c41.intoArray(c, to + 4 * cStride + L);
      c50.intoArray(c, to + 5 * cStride);
      c51.intoArray(c, to + 5 * cStride + L);
    }
  }
}
