package dev.diarist.reconstruction;

import dev.diarist.clustering.NumpyArgsort;
import java.util.Comparator;
import java.util.stream.IntStream;

/** Which of equally supported clusters come first. */
public enum TieOrder {
  /** The order that numpy leaves on x86 processors, where pyannote is mostly run. */
  NUMPY_X86,
  /** The lowest cluster first. */
  LOWEST_FIRST;

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
