package dev.diarist.nn.cpu;

import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link ScalarLstmCell}, a vector at a time. The power of two is written out in both methods: they
 * must be long enough not to be inlined into their callers, where their vectors may be boxed.
 */
final class VectorLstmCell implements LstmCell {
  private static final VectorSpecies<Float> S = Species.of(MethodHandles.lookup());
  private static final int L = S.length();

  @Override
  public void sigmoid(float[] x, int from, int count) {
    FloatVector limit = FloatVector.broadcast(S, LIMIT);
    FloatVector lower = FloatVector.broadcast(S, -LIMIT);
    FloatVector round = FloatVector.broadcast(S, ROUND);
    FloatVector one = FloatVector.broadcast(S, 1);
    FloatVector e1 = FloatVector.broadcast(S, E1);
    FloatVector e2 = FloatVector.broadcast(S, E2);
    FloatVector e3 = FloatVector.broadcast(S, E3);
    FloatVector e4 = FloatVector.broadcast(S, E4);
    FloatVector e5 = FloatVector.broadcast(S, E5);
    FloatVector e6 = FloatVector.broadcast(S, E6);
    for (int i = from; i < from + count; i += L) {
      FloatVector z = FloatVector.fromArray(S, x, i).mul(MINUS_LOG2_E);
      // Compare and blend: min and max carry Java's rules for NaN and −0 and cost twice as much.
      z = z.blend(limit, z.compare(VectorOperators.GT, limit));
      z = z.blend(lower, z.compare(VectorOperators.LT, lower));
      FloatVector rounded = z.add(round);
      FloatVector r = z.sub(rounded.sub(round));
      FloatVector p = e6.fma(r, e5).fma(r, e4).fma(r, e3).fma(r, e2).fma(r, e1).fma(r, one);
      FloatVector power =
          p.viewAsIntegralLanes()
              .lanewise(
                  VectorOperators.ADD,
                  rounded.viewAsIntegralLanes().lanewise(VectorOperators.LSHL, FRACTION))
              .viewAsFloatingLanes()
              .reinterpretAsFloats();
      one.div(power.add(one)).intoArray(x, i);
    }
  }

  @Override
  public void tanh(float[] x, int from, int count) {
    FloatVector limit = FloatVector.broadcast(S, LIMIT);
    FloatVector lower = FloatVector.broadcast(S, -LIMIT);
    FloatVector round = FloatVector.broadcast(S, ROUND);
    FloatVector one = FloatVector.broadcast(S, 1);
    FloatVector e1 = FloatVector.broadcast(S, E1);
    FloatVector e2 = FloatVector.broadcast(S, E2);
    FloatVector e3 = FloatVector.broadcast(S, E3);
    FloatVector e4 = FloatVector.broadcast(S, E4);
    FloatVector e5 = FloatVector.broadcast(S, E5);
    FloatVector e6 = FloatVector.broadcast(S, E6);
    FloatVector t1 = FloatVector.broadcast(S, T1);
    FloatVector t2 = FloatVector.broadcast(S, T2);
    FloatVector t3 = FloatVector.broadcast(S, T3);
    FloatVector t4 = FloatVector.broadcast(S, T4);
    for (int i = from; i < from + count; i += L) {
      FloatVector v = FloatVector.fromArray(S, x, i);
      FloatVector z = v.mul(TWICE_LOG2_E);
      z = z.blend(limit, z.compare(VectorOperators.GT, limit));
      z = z.blend(lower, z.compare(VectorOperators.LT, lower));
      FloatVector rounded = z.add(round);
      FloatVector r = z.sub(rounded.sub(round));
      FloatVector p = e6.fma(r, e5).fma(r, e4).fma(r, e3).fma(r, e2).fma(r, e1).fma(r, one);
      FloatVector power =
          p.viewAsIntegralLanes()
              .lanewise(
                  VectorOperators.ADD,
                  rounded.viewAsIntegralLanes().lanewise(VectorOperators.LSHL, FRACTION))
              .viewAsFloatingLanes()
              .reinterpretAsFloats();
      FloatVector inverse = one.div(power.add(one));
      FloatVector large = one.sub(inverse.add(inverse));
      FloatVector y = v.mul(v);
      FloatVector small = t4.fma(y, t3).fma(y, t2).fma(y, t1).mul(y).fma(v, v);
      large.blend(small, v.abs().compare(VectorOperators.LT, SMALL)).intoArray(x, i);
    }
  }
}
