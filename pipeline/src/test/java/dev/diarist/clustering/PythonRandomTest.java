package dev.diarist.clustering;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import org.junit.jupiter.api.Test;

class PythonRandomTest {

  @Test
  void theSubsetIsTheOneThatPythonShuffles() {
    // random.seed(7); l = list(range(10)); random.shuffle(l)
    assertArrayEquals(new int[] {1, 3, 4, 8}, PythonRandom.subset(10, 4, 7));
    assertArrayEquals(
        new int[] {124, 160, 237, 290, 389, 392, 439, 507, 549, 621, 658, 975},
        PythonRandom.subset(1000, 12, 0));
  }

  @Test
  void aSubsetOfAllIsAll() {
    assertArrayEquals(new int[] {0, 1, 2}, PythonRandom.subset(3, 3, 1));
  }
}
