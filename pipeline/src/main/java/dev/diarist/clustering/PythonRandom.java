package dev.diarist.clustering;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.apache.commons.math3.random.MersenneTwister;

/**
 * What Python's {@code random} draws.
 *
 * <p>Source: CPython 3.11, Lib/random.py and Modules/_randommodule.c.
 */
final class PythonRandom {
  private PythonRandom() {}

  /**
   * {@code random.seed(seed)}, then the first {@code size} of {@code list(range(of))} shuffled, in
   * ascending order.
   *
   * @param seed at least 0, of one word
   */
  static int[] subset(int of, int size, int seed) {
    MersenneTwister random = new MersenneTwister(new int[] {seed});
    int[] numbers = IntStream.range(0, of).toArray();
    for (int i = of - 1; i >= 1; i--) {
      int j = below(i + 1, random);
      int swapped = numbers[i];
      numbers[i] = numbers[j];
      numbers[j] = swapped;
    }
    int[] subset = Arrays.copyOf(numbers, size);
    Arrays.sort(subset);
    return subset;
  }

  /** From 0 to {@code bound} - 1: as many bits as the bound has, again while they are too large. */
  private static int below(int bound, MersenneTwister random) {
    int unused = Integer.numberOfLeadingZeros(bound);
    int drawn;
    do {
      drawn = random.nextInt() >>> unused;
    } while (drawn >= bound);
    return drawn;
  }
}
