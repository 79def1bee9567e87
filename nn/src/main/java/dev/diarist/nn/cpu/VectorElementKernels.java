package dev.diarist.nn.cpu;

import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link ScalarElementKernels}, a vector at a time and plain loops at the end. The JIT leaves the
 * plain loops as they are: of the first two because they choose, of the last because the rows might
 * be one.
 */
final class VectorElementKernels implements ElementKernels {
  private static final VectorSpecies<Float> F = Species.of(MethodHandles.lookup());
  private static final int L = F.length();

  @Override
  public void rectify(float slope, float[] x, float[] y, int from, int count) {
    FloatVector factor = FloatVector.broadcast(F, slope);
    int end = from + count;
    int i = from;
    for (; i <= end - L; i += L) {
      FloatVector v = FloatVector.fromArray(F, x, i);
      v.mul(factor).blend(v, v.compare(VectorOperators.GT, 0)).intoArray(y, i);
    }
    for (; i < end; i++) {
      y[i] = x[i] > 0 ? x[i] : slope * x[i];
    }
  }

  @Override
  public void rectifyGradient(float slope, float[] y, float[] g, int from, int count) {
    FloatVector factor = FloatVector.broadcast(F, slope);
    int end = from + count;
    int i = from;
    for (; i <= end - L; i += L) {
      FloatVector v = FloatVector.fromArray(F, g, i);
      FloatVector sign = FloatVector.fromArray(F, y, i);
      v.mul(factor).blend(v, sign.compare(VectorOperators.GT, 0)).intoArray(g, i);
    }
    for (; i < end; i++) {
      g[i] = y[i] > 0 ? g[i] : slope * g[i];
    }
  }

  @Override
  public void addRows(
      int rows, int columns, float[] x, int from, int xStride, float[] y, int to, int yStride) {
    for (int r = 0; r < rows; r++) {
      int row = from + r * xStride; // x[r,:]
      int at = to + r * yStride; // y[r,:]
      int c = 0;
      for (; c <= columns - L; c += L) {
        FloatVector.fromArray(F, y, at + c)
            .add(FloatVector.fromArray(F, x, row + c))
            .intoArray(y, at + c);
      }
      for (; c < columns; c++) {
        y[at + c] += x[row + c];
      }
    }
  }
}
