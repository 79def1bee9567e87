package dev.diarist.clustering;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Random;
import org.junit.jupiter.api.Test;

class LinearSumAssignmentTest {

  @Test
  void totalIsTheSmallest() {
    assertArrayEquals(
        new int[] {1, 0, 2},
        LinearSumAssignment.minimize(new double[][] {{4, 1, 3}, {2, 0, 5}, {3, 2, 2}}));
  }

  @Test
  void totalIsTheLargestWhereMaximised() {
    assertArrayEquals(
        new int[] {0, 2, 1},
        LinearSumAssignment.maximize(new double[][] {{4, 1, 3}, {2, 0, 5}, {3, 2, 2}}));
  }

  @Test
  void aRowBeyondTheColumnsStaysUnassigned() {
    assertArrayEquals(new int[] {-1, 0}, LinearSumAssignment.minimize(new double[][] {{2}, {1}}));
  }

  @Test
  void equalCostsGiveTheIdentity() {
    assertArrayEquals(new int[] {0, 1, 2}, LinearSumAssignment.minimize(new double[3][5]));
    assertArrayEquals(new int[] {0, 1, -1}, LinearSumAssignment.minimize(new double[3][2]));
  }

  @Test
  void noMatchingIsCheaper() {
    Random random = new Random(2);
    for (int problem = 0; problem < 300; problem++) {
      double[][] cost = new double[1 + random.nextInt(5)][1 + random.nextInt(5)];
      for (double[] row : cost) {
        for (int j = 0; j < row.length; j++) {
          row[j] = random.nextInt(9);
        }
      }
      int[] columns = LinearSumAssignment.minimize(cost);
      double total = 0;
      int assigned = 0;
      boolean[] used = new boolean[cost[0].length];
      for (int i = 0; i < columns.length; i++) {
        if (columns[i] >= 0) {
          assertEquals(false, used[columns[i]]);
          used[columns[i]] = true;
          total += cost[i][columns[i]];
          assigned++;
        }
      }
      int pairs = Math.min(cost.length, cost[0].length);
      assertEquals(pairs, assigned);
      assertEquals(cheapest(cost, 0, new boolean[cost[0].length], pairs), total);
    }
  }

  private static double cheapest(double[][] cost, int row, boolean[] used, int pairs) {
    if (pairs == 0) {
      return 0;
    }
    if (cost.length - row < pairs) {
      return Double.POSITIVE_INFINITY;
    }
    double best = cheapest(cost, row + 1, used, pairs);
    for (int j = 0; j < used.length; j++) {
      if (!used[j]) {
        used[j] = true;
        best = Math.min(best, cost[row][j] + cheapest(cost, row + 1, used, pairs - 1));
        used[j] = false;
      }
    }
    return best;
  }

  @Test
  void notANumberIsRefused() {
    assertThrows(
        IllegalArgumentException.class,
        () -> LinearSumAssignment.minimize(new double[][] {{Double.NaN}}));
  }
}
