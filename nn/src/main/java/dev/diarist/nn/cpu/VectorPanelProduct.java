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
      int rows = aOffset + row * aStride; // a[row,:]
      int to = cOffset + row * cStride; // c[row,:]
      float[] before = init;
      int from = initOffset + row * initStride; // init[row,:]
      int fromStride = initStride;
      for (int start = 0; start < depth; start += BLOCK) {
        int end = Math.min(start + BLOCK, depth);
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
        for (int k = start; k < end; k++) {
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
        c00.add(FloatVector.fromArray(S, before, from)).intoArray(c, to);
        c01.add(FloatVector.fromArray(S, before, from + L)).intoArray(c, to + L);
        c10.add(FloatVector.fromArray(S, before, from + fromStride)).intoArray(c, to + cStride);
        c11.add(FloatVector.fromArray(S, before, from + fromStride + L))
            .intoArray(c, to + cStride + L);
        c20.add(FloatVector.fromArray(S, before, from + 2 * fromStride))
            .intoArray(c, to + 2 * cStride);
        c21.add(FloatVector.fromArray(S, before, from + 2 * fromStride + L))
            .intoArray(c, to + 2 * cStride + L);
        c30.add(FloatVector.fromArray(S, before, from + 3 * fromStride))
            .intoArray(c, to + 3 * cStride);
        c31.add(FloatVector.fromArray(S, before, from + 3 * fromStride + L))
            .intoArray(c, to + 3 * cStride + L);
        c40.add(FloatVector.fromArray(S, before, from + 4 * fromStride))
            .intoArray(c, to + 4 * cStride);
        c41.add(FloatVector.fromArray(S, before, from + 4 * fromStride + L))
            .intoArray(c, to + 4 * cStride + L);
        c50.add(FloatVector.fromArray(S, before, from + 5 * fromStride))
            .intoArray(c, to + 5 * cStride);
        c51.add(FloatVector.fromArray(S, before, from + 5 * fromStride + L))
            .intoArray(c, to + 5 * cStride + L);
        before = c;
        from = to;
        fromStride = cStride;
      }
    }
  }
}
