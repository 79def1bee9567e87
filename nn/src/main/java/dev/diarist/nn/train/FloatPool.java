package dev.diarist.nn.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Arrays that are needed for a part of a pass, kept for the next one that needs as much. */
final class FloatPool {
  /** An array this many times as large as what is asked for is left for somebody else. */
  private static final int WASTE = 2;

  private final List<float[]> free = new ArrayList<>();

  /** At least {@code size} floats with whatever the last user left in them. */
  float[] take(int size) {
    float[] best = null;
    for (float[] candidate : free) {
      boolean fits = candidate.length >= size && candidate.length / WASTE <= size;
      if (fits && (best == null || candidate.length < best.length)) {
        best = candidate;
      }
    }
    if (best == null) {
      return new float[size];
    }
    float[] taken = best;
    free.removeIf(array -> array == taken);
    return taken;
  }

  /** At least {@code size} floats, the first {@code size} of them 0. */
  float[] takeZeros(int size) {
    float[] taken = take(size);
    Arrays.fill(taken, 0, size, 0);
    return taken;
  }

  void give(float[] array) {
    free.add(array);
  }
}
