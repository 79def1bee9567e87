package dev.diarist.nn.cpu;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link ScalarPanelProduct} with the 6 × 2·L accumulators in registers.
 *
 * <p>Written out line by line because an array of accumulators would live in memory, and as long
 * methods because a short one is inlined into its caller, where it may exceed the compiler's budget
 * and have its vectors boxed.
 *
 * <p>Which six rows make a tile changes no bit of the result. Where a whole number of rows fits
 * into {@link #APART} floats, a tile takes rows that far apart and leaves those between them to the
 * next ones: addresses are then one index plus constants, and two steps of k take 48 instructions,
 * 24 of which multiply, where rows at a distance known at run time take 66.
 */
final class VectorPanelProduct implements PanelProduct {
  static final VectorSpecies<Float> S = Species.of(MethodHandles.lookup());
  private static final int L = S.length();

  /** Whether a fence between loads orders the compiler alone; elsewhere it is an instruction. */
  private static final boolean FENCED =
      List.of("amd64", "x86_64").contains(System.getProperty("os.arch"));

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
    boolean fits = aStride > 0 && APART % aStride == 0 && depth % 2 == 0;
    int phases = fits ? APART / aStride : groups + 1;
    int apart = groups / phases * phases; // the groups that are taken so
    if (apart > 0) {
      apart(
          apart,
          depth,
          a,
          aOffset,
          aStride,
          panels,
          panel,
          init,
          initOffset,
          initStride,
          c,
          cOffset,
          cStride);
    }
    if (apart < groups) {
      int row = apart * ROWS;
      beside(
          groups - apart,
          depth,
          a,
          aOffset + row * aStride,
          aStride,
          panels,
          panel,
          init,
          initOffset + row * initStride,
          initStride,
          c,
          cOffset + row * cStride,
          cStride);
    }
  }

  /** c = init + a · panel, tiles of rows that follow each other. */
  private static void beside(
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

  /**
   * c = init + a · panel, tiles of rows that lie {@link #APART} from each other: of each {@code
   * APART / aStride} tiles, the first begins with their first row, the next with their second.
   *
   * @param groups a multiple of {@code APART / aStride}
   * @param depth even
   */
  private static void apart(
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
    int phases = APART / aStride;
    for (int g = 0; g < groups; g++) {
      int row = g / phases * phases * ROWS + g % phases;
      int rows = aOffset + row * aStride; // a[row,:]
      int to = cOffset + row * cStride; // c[row,:]
      int toStride = phases * cStride;
      float[] before = init;
      int from = initOffset + row * initStride; // init[row,:]
      int fromStride = phases * initStride;
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
        int columns = panel - rows * 2 * L; // panel[k,:] is at columns + at · 2L
        int last = rows + end;
        for (int at = rows + start; at < last; at += 2) {
          int of = columns + at * 2 * L; // panel[k,:]
          FloatVector p0 = FloatVector.fromArray(S, panels, of);
          FloatVector p1 = FloatVector.fromArray(S, panels, of + L);
          FloatVector x = FloatVector.broadcast(S, a[at]);
          c00 = x.fma(p0, c00);
          c01 = x.fma(p1, c01);
          inOrder();
          x = FloatVector.broadcast(S, a[at + APART]);
          c10 = x.fma(p0, c10);
          c11 = x.fma(p1, c11);
          inOrder();
          x = FloatVector.broadcast(S, a[at + 2 * APART]);
          c20 = x.fma(p0, c20);
          c21 = x.fma(p1, c21);
          inOrder();
          x = FloatVector.broadcast(S, a[at + 3 * APART]);
          c30 = x.fma(p0, c30);
          c31 = x.fma(p1, c31);
          inOrder();
          x = FloatVector.broadcast(S, a[at + 4 * APART]);
          c40 = x.fma(p0, c40);
          c41 = x.fma(p1, c41);
          inOrder();
          x = FloatVector.broadcast(S, a[at + 5 * APART]);
          c50 = x.fma(p0, c50);
          c51 = x.fma(p1, c51);
          inOrder();
          p0 = FloatVector.fromArray(S, panels, of + 2 * L);
          p1 = FloatVector.fromArray(S, panels, of + 3 * L);
          x = FloatVector.broadcast(S, a[at + 1]);
          c00 = x.fma(p0, c00);
          c01 = x.fma(p1, c01);
          inOrder();
          x = FloatVector.broadcast(S, a[at + APART + 1]);
          c10 = x.fma(p0, c10);
          c11 = x.fma(p1, c11);
          inOrder();
          x = FloatVector.broadcast(S, a[at + 2 * APART + 1]);
          c20 = x.fma(p0, c20);
          c21 = x.fma(p1, c21);
          inOrder();
          x = FloatVector.broadcast(S, a[at + 3 * APART + 1]);
          c30 = x.fma(p0, c30);
          c31 = x.fma(p1, c31);
          inOrder();
          x = FloatVector.broadcast(S, a[at + 4 * APART + 1]);
          c40 = x.fma(p0, c40);
          c41 = x.fma(p1, c41);
          inOrder();
          x = FloatVector.broadcast(S, a[at + 5 * APART + 1]);
          c50 = x.fma(p0, c50);
          c51 = x.fma(p1, c51);
          inOrder();
        }
        c00.add(FloatVector.fromArray(S, before, from)).intoArray(c, to);
        c01.add(FloatVector.fromArray(S, before, from + L)).intoArray(c, to + L);
        c10.add(FloatVector.fromArray(S, before, from + fromStride)).intoArray(c, to + toStride);
        c11.add(FloatVector.fromArray(S, before, from + fromStride + L))
            .intoArray(c, to + toStride + L);
        c20.add(FloatVector.fromArray(S, before, from + 2 * fromStride))
            .intoArray(c, to + 2 * toStride);
        c21.add(FloatVector.fromArray(S, before, from + 2 * fromStride + L))
            .intoArray(c, to + 2 * toStride + L);
        c30.add(FloatVector.fromArray(S, before, from + 3 * fromStride))
            .intoArray(c, to + 3 * toStride);
        c31.add(FloatVector.fromArray(S, before, from + 3 * fromStride + L))
            .intoArray(c, to + 3 * toStride + L);
        c40.add(FloatVector.fromArray(S, before, from + 4 * fromStride))
            .intoArray(c, to + 4 * toStride);
        c41.add(FloatVector.fromArray(S, before, from + 4 * fromStride + L))
            .intoArray(c, to + 4 * toStride + L);
        c50.add(FloatVector.fromArray(S, before, from + 5 * fromStride))
            .intoArray(c, to + 5 * toStride);
        c51.add(FloatVector.fromArray(S, before, from + 5 * fromStride + L))
            .intoArray(c, to + 5 * toStride + L);
        before = c;
        from = to;
        fromStride = toStride;
      }
    }
  }

  /**
   * Keeps the compiler from loading what it has no registers for yet: it would load for all six
   * rows first, and spill accumulators to make room.
   */
  private static void inOrder() {
    if (FENCED) {
      VarHandle.loadLoadFence();
    }
  }
}
