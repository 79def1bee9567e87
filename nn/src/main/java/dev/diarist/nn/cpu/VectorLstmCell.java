package dev.diarist.nn.cpu;

import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link ScalarLstmCell}, a vector at a time. The approximation of tanh is written out in both
 * methods: one that holds all five of a cell exceeds the compiler's budget and has its vectors
 * boxed.
 */
final class VectorLstmCell implements LstmCell {
  private static final VectorSpecies<Float> S = Species.of(MethodHandles.lookup());
  private static final int L = S.length();

  @Override
  public void tanh(float[] x, int from, int count) {
    FloatVector limit = FloatVector.broadcast(S, LIMIT);
    FloatVector lower = FloatVector.broadcast(S, -LIMIT);
    FloatVector one = FloatVector.broadcast(S, 1);
    FloatVector p1 = FloatVector.broadcast(S, P1);
    FloatVector p2 = FloatVector.broadcast(S, P2);
    FloatVector p3 = FloatVector.broadcast(S, P3);
    FloatVector p4 = FloatVector.broadcast(S, P4);
    FloatVector q1 = FloatVector.broadcast(S, Q1);
    FloatVector q2 = FloatVector.broadcast(S, Q2);
    FloatVector q3 = FloatVector.broadcast(S, Q3);
    FloatVector q4 = FloatVector.broadcast(S, Q4);
    int pairs = count / (2 * L) * 2 * L;
    // Two vectors at a time: the division of one hides behind the polynomials of the other.
    for (int i = from; i < from + pairs; i += 2 * L) {
      FloatVector u = FloatVector.fromArray(S, x, i);
      FloatVector v = FloatVector.fromArray(S, x, i + L);
      // Compare and blend: min and max carry Java's rules for NaN and −0 and cost twice as much.
      u = u.blend(limit, u.compare(VectorOperators.GT, limit));
      v = v.blend(limit, v.compare(VectorOperators.GT, limit));
      u = u.blend(lower, u.compare(VectorOperators.LT, lower));
      v = v.blend(lower, v.compare(VectorOperators.LT, lower));
      FloatVector y = u.mul(u);
      FloatVector z = v.mul(v);
      FloatVector pu = p4.fma(y, p3).fma(y, p2).fma(y, p1).fma(y, one);
      FloatVector pv = p4.fma(z, p3).fma(z, p2).fma(z, p1).fma(z, one);
      FloatVector qu = q4.fma(y, q3).fma(y, q2).fma(y, q1).fma(y, one);
      FloatVector qv = q4.fma(z, q3).fma(z, q2).fma(z, q1).fma(z, one);
      u.mul(pu).div(qu).intoArray(x, i);
      v.mul(pv).div(qv).intoArray(x, i + L);
    }
    for (int i = from + pairs; i < from + count; i += L) {
      FloatVector u = FloatVector.fromArray(S, x, i);
      u = u.blend(limit, u.compare(VectorOperators.GT, limit));
      u = u.blend(lower, u.compare(VectorOperators.LT, lower));
      FloatVector y = u.mul(u);
      FloatVector pu = p4.fma(y, p3).fma(y, p2).fma(y, p1).fma(y, one);
      FloatVector qu = q4.fma(y, q3).fma(y, q2).fma(y, q1).fma(y, one);
      u.mul(pu).div(qu).intoArray(x, i);
    }
  }

  @Override
  public void cell(int rows, int hidden, float[] gates, float[] c, float[] h) {
    FloatVector limit = FloatVector.broadcast(S, LIMIT);
    FloatVector lower = FloatVector.broadcast(S, -LIMIT);
    FloatVector half = FloatVector.broadcast(S, 0.5f);
    FloatVector one = FloatVector.broadcast(S, 1);
    FloatVector p1 = FloatVector.broadcast(S, P1);
    FloatVector p2 = FloatVector.broadcast(S, P2);
    FloatVector p3 = FloatVector.broadcast(S, P3);
    FloatVector p4 = FloatVector.broadcast(S, P4);
    FloatVector q1 = FloatVector.broadcast(S, Q1);
    FloatVector q2 = FloatVector.broadcast(S, Q2);
    FloatVector q3 = FloatVector.broadcast(S, Q3);
    FloatVector q4 = FloatVector.broadcast(S, Q4);
    for (int r = 0; r < rows; r++) {
      int row = r * hidden; // c[r,:], h[r,:]
      int gate = r * 4 * hidden; // gates[r,0,:]
      for (int j = 0; j < hidden; j += L) {
        int i = gate + j;
        FloatVector in = FloatVector.fromArray(S, gates, i).fma(half, half);
        FloatVector forget = FloatVector.fromArray(S, gates, i + hidden).fma(half, half);
        FloatVector candidate = FloatVector.fromArray(S, gates, i + 2 * hidden);
        FloatVector out = FloatVector.fromArray(S, gates, i + 3 * hidden).fma(half, half);
        FloatVector u = FloatVector.fromArray(S, c, row + j).fma(forget, in.mul(candidate));
        u.intoArray(c, row + j);
        u = u.blend(limit, u.compare(VectorOperators.GT, limit));
        u = u.blend(lower, u.compare(VectorOperators.LT, lower));
        FloatVector y = u.mul(u);
        FloatVector pu = p4.fma(y, p3).fma(y, p2).fma(y, p1).fma(y, one);
        FloatVector qu = q4.fma(y, q3).fma(y, q2).fma(y, q1).fma(y, one);
        out.mul(u.mul(pu).div(qu)).intoArray(h, row + j);
      }
    }
  }
}
