package dev.diarist.nn.cpu;

import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** {@link ScalarRowFinish}, a vector at a time. */
final class VectorRowFinish implements RowFinish {
  private static final VectorSpecies<Float> F = Species.of(MethodHandles.lookup());
  private static final int L = F.length();

  @Override
  public void image(
      int rows,
      int channels,
      float[] sums,
      int from,
      int width,
      float[] residual,
      boolean relu,
      float[] y,
      int at,
      int pixel) {
    FloatVector floor = FloatVector.broadcast(F, relu ? 0 : Float.NEGATIVE_INFINITY);
    for (int r = 0; r < rows; r++) {
      int row = from + r * width; // sums[r,:]
      int to = at + r * pixel; // y[r,:]
      for (int c = 0; c < channels; c += L) {
        FloatVector sum = FloatVector.fromArray(F, sums, row + c);
        if (residual != null) {
          sum = sum.add(FloatVector.fromArray(F, residual, to + c));
        }
        sum.blend(floor, sum.compare(VectorOperators.LT, floor)).intoArray(y, to + c);
      }
    }
  }

  @Override
  public void pool(
      int rows,
      int columns,
      int pool,
      boolean abs,
      float slope,
      float[] x,
      int from,
      int width,
      float[] y,
      int at,
      int stride) {
    int whole = columns / L * L;
    FloatVector negative = FloatVector.broadcast(F, slope);
    FloatVector zero = FloatVector.zero(F); // added, it makes a −0 of a slope of 0 a 0
    for (int r = 0; r < rows; r++) {
      int row = from + r * pool * width; // x[r·pool,:]
      int to = at + r * stride; // y[r,:]
      for (int c = 0; c < whole; c += L) {
        FloatVector largest = FloatVector.fromArray(F, x, row + c);
        largest = abs ? largest.abs() : largest;
        for (int p = 1; p < pool; p++) {
          FloatVector v = FloatVector.fromArray(F, x, row + p * width + c);
          largest = largest.max(abs ? v.abs() : v);
        }
        largest
            .blend(largest.fma(negative, zero), largest.compare(VectorOperators.LT, zero))
            .intoArray(y, to + c);
      }
      ScalarRowFinish.column(columns, whole, pool, abs, slope, x, row, width, y, to);
    }
  }
}
