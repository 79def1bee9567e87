package dev.diarist.clustering;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Expected orders are those of {@code numpy.argsort} 2.4.6 on x86-64 with AVX-512. */
class NumpyArgsortTest {

  private static int[] descending(double... values) {
    return NumpyArgsort.argsort(Arrays.stream(values).map(v -> -v).toArray(), values.length);
  }

  @Test
  void tiesLeaveTheNetworkAsTheyDoInNumpy() {
    assertArrayEquals(new int[] {1, 2, 0, 3}, descending(0, 5, 5, 0));
    assertArrayEquals(new int[] {3, 2, 1, 0}, descending(0, 0, 5, 5));
    assertArrayEquals(new int[] {0, 3, 1, 2}, descending(5, 0, 0, 5));
    assertArrayEquals(new int[] {1, 3, 0, 2}, descending(0, 5, 0, 5));
    assertArrayEquals(new int[] {1, 3, 0, 2, 4}, descending(0, 1, 0, 1, 0));
    assertArrayEquals(new int[] {0, 2, 4, 5, 3, 1, 6}, descending(2, 0, 2, 0, 2, 1, 0));
  }

  @Test
  void rowsOfOneOrNoneAreSorted() {
    assertArrayEquals(new int[0], descending());
    assertArrayEquals(new int[] {0}, descending(3));
  }

  @ParameterizedTest
  @CsvSource({
    "300, 3, 50, 45, 43, 6804999",
    "537, 4, 536, 36, 37, 38177087",
    "5000, 50, 784, 746, 701, 31218305374"
  })
  void longTiedRowsAreSplitAsInNumpy(
      int count, int values, int first, int second, int third, long checksum) {
    double[] keys = new double[count];
    int state = 12345;
    for (int i = 0; i < count; i++) {
      state = state * 1103515245 + 12345 & Integer.MAX_VALUE;
      keys[i] = -((state >> 16) % values);
    }
    int[] order = NumpyArgsort.argsort(keys, count);
    assertArrayEquals(new int[] {first, second, third}, Arrays.copyOf(order, 3));
    long sum = 0;
    for (int i = 0; i < count; i++) {
      sum += (long) order[i] * (i + 1);
    }
    assertEquals(checksum, sum);
  }

  @Test
  void keysOfTwoValuesAreSortedWhereThePivotIsTheSmallest() {
    double[] keys = new double[4000];
    for (int i = 0; i < keys.length; i++) {
      keys[i] = i % 997 == 5 ? 1 : 0;
    }
    int[] order = NumpyArgsort.argsort(keys, keys.length);
    for (int i = 1; i < order.length; i++) {
      assertEquals(true, keys[order[i - 1]] <= keys[order[i]]);
    }
    assertEquals(4000, Arrays.stream(order).distinct().count());
  }
}
