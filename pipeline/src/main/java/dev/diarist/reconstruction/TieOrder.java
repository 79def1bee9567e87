package dev.diarist.reconstruction;

import dev.diarist.clustering.NumpyArgsort;
import java.util.Comparator;
import java.util.Locale;
import java.util.stream.IntStream;

/** Which of equally supported clusters come first. */
public enum TieOrder {
  /**
   * The order of numpy's sort with vector instructions, which pyannote mostly runs with: numpy 2 on
   * x86 processors, numpy 1.26 on those with AVX-512.
   */
  NUMPY_X86,

  /** The lowest cluster first: the order of numpy without them, up to 16 clusters. */
  LOWEST_FIRST;

  /**
   * The order of a name in any case.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static TieOrder of(String name) {
    for (TieOrder order : values()) {
      if (order.toString().equals(name.toLowerCase(Locale.ROOT))) {
        return order;
      }
    }
    throw new IllegalArgumentException("ties must be numpy-x86 or lowest-first, got " + name);
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The clusters by descending votes. {@code votes} is not modified. */
  int[] descending(double[] votes) {
    double[] keys = new double[votes.length];
    for (int k = 0; k < keys.length; k++) {
      keys[k] = -votes[k];
    }
    return switch (this) {
      case NUMPY_X86 -> NumpyArgsort.argsort(keys, keys.length);
      case LOWEST_FIRST ->
          IntStream.range(0, keys.length)
              .boxed()
              .sorted(Comparator.comparingDouble(k -> keys[k]))
              .mapToInt(Integer::intValue)
              .toArray();
    };
  }
}
