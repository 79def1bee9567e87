package dev.diarist.clustering;

/**
 * Sums of float32 rows in numpy's order of summation.
 *
 * <p>(n, D): n rows of D values.
 */
final class FloatRows {
  /** numpy sums up to this many values in eight accumulators, and halves what is longer. */
  private static final int PAIRWISE_BLOCK = 128;

  private FloatRows() {}

  /** New rows of length 1; a zero row becomes NaN. {@code rows} is not modified. */
  static float[][] normalized(float[][] rows) {
    float[][] unit = new float[rows.length][];
    for (int i = 0; i < rows.length; i++) {
      float norm = norm(rows[i]);
      unit[i] = new float[rows[i].length];
      for (int d = 0; d < unit[i].length; d++) {
        unit[i][d] = rows[i][d] / norm;
      }
    }
    return unit;
  }

  /**
   * The mean of the rows i with {@code clusters[i] == cluster}: float32 sum in the order of the
   * rows, then one division; NaN without rows.
   */
  static float[] mean(float[][] rows, int[] clusters, int cluster, int dimension) {
    float[] mean = new float[dimension];
    int count = 0;
    for (int i = 0; i < rows.length; i++) {
      if (clusters[i] == cluster) {
        count++;
        for (int d = 0; d < dimension; d++) {
          mean[d] += rows[i][d];
        }
      }
    }
    for (int d = 0; d < dimension; d++) {
      mean[d] /= count;
    }
    return mean;
  }

  /** |row| in float32. */
  static float norm(float[] row) {
    float[] squares = new float[row.length];
    for (int d = 0; d < row.length; d++) {
      squares[d] = row[d] * row[d];
    }
    return (float) Math.sqrt(pairwiseSum(squares, 0, squares.length));
  }

  private static float pairwiseSum(float[] x, int from, int count) {
    if (count < 8) {
      float sum = 0;
      for (int i = 0; i < count; i++) {
        sum += x[from + i];
      }
      return sum;
    }
    if (count > PAIRWISE_BLOCK) {
      int half = count / 2 - count / 2 % 8;
      return pairwiseSum(x, from, half) + pairwiseSum(x, from + half, count - half);
    }
    float[] r = new float[8];
    System.arraycopy(x, from, r, 0, 8);
    int i = 8;
    for (; i < count - count % 8; i += 8) {
      for (int lane = 0; lane < 8; lane++) {
        r[lane] += x[from + i + lane];
      }
    }
    float sum = ((r[0] + r[1]) + (r[2] + r[3])) + ((r[4] + r[5]) + (r[6] + r[7]));
    for (; i < count; i++) {
      sum += x[from + i];
    }
    return sum;
  }

  static boolean holdsNan(float[] row) {
    for (float value : row) {
      if (Float.isNaN(value)) {
        return true;
      }
    }
    return false;
  }
}
