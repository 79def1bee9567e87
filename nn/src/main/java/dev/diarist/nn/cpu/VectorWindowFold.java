package dev.diarist.nn.cpu;

import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/** {@link ScalarWindowFold}, a vector at a time. */
final class VectorWindowFold implements WindowFold {
  private static final VectorSpecies<Float> F = Species.of(MethodHandles.lookup());
  private static final int L = F.length();

  /** Lane i becomes lane L − 1 − i. */
  private static final VectorShuffle<Float> REVERSE = VectorShuffle.iota(F, L - 1, -1, false);

  @Override
  public void fold(
      int rows,
      int half,
      float[] x,
      int from,
      int stride,
      float[] folded,
      int even,
      int odd,
      int apart) {
    int whole = half / L * L;
    for (int r = 0; r < rows; r++) {
      int row = from + r * stride; // x[r,:]
      int last = row + 2 * half - L + 1; // the vector that ends with x[r,2h]
      int toEven = even + r * apart;
      int toOdd = odd + r * apart;
      for (int k = 0; k < whole; k += L) {
        FloatVector left = FloatVector.fromArray(F, x, row + k);
        FloatVector right = FloatVector.fromArray(F, x, last - k).rearrange(REVERSE);
        left.add(right).intoArray(folded, toEven + k);
        left.sub(right).intoArray(folded, toOdd + k);
      }
      ScalarWindowFold.values(whole, half, x, row, folded, toEven, toOdd);
    }
  }
}
