package dev.diarist.clustering;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class FloatRowsTest {

  @Test
  void normSumsInNumpysOrder() {
    float[] row = new float[256];
    for (int i = 0; i < row.length; i++) {
      row[i] = (float) (i * 37 % 101 / 7.0);
    }
    // numpy.linalg.norm; a sum from left to right gives 131.95803833007812.
    assertEquals(131.95802307128906, FloatRows.norm(row));
  }

  @Test
  void shortAndOddRowsHaveTheirNorm() {
    assertEquals(5, FloatRows.norm(new float[] {3, 4}));
    float[] ones = new float[300];
    Arrays.fill(ones, 1);
    assertEquals((float) Math.sqrt(300), FloatRows.norm(ones));
    assertEquals(3, FloatRows.norm(new float[] {1, 1, 1, 1, 1, 1, 1, 1, 1}));
  }

  @Test
  void meanAddsRowsInOrderInFloat() {
    float[][] rows = {{1e8f, 1}, {5, 5}, {1, 2}, {-1e8f, 3}};
    int[] clusters = {0, 1, 0, 0};
    assertArrayEquals(new float[] {0, 2}, FloatRows.mean(rows, clusters, 0, 2));
    assertArrayEquals(new float[] {5, 5}, FloatRows.mean(rows, clusters, 1, 2));
    assertArrayEquals(new float[] {Float.NaN, Float.NaN}, FloatRows.mean(rows, clusters, 2, 2));
  }
}
