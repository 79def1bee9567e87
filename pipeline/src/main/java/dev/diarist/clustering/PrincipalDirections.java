package dev.diarist.clustering;

import java.util.Arrays;
import java.util.Random;

/**
 * Orthonormal directions along which points vary much: those of the largest eigenvalues of their
 * covariance, nearly, by subspace iteration on a sample of them.
 */
final class PrincipalDirections {
  private static final int SAMPLE = 1024;
  private static final int ITERATIONS = 3;
  private static final long SEED = 1;

  private PrincipalDirections() {}

  /**
   * At most {@code count} rows of D values; the axes where D is not larger. A direction may be zero
   * where the points do not vary in that many.
   *
   * @param rows (n, D); not modified
   */
  static double[][] of(float[][] rows, int count) {
    int dimension = rows[0].length;
    double[][] directions = new double[Math.min(count, dimension)][dimension];
    if (dimension <= count) {
      for (int d = 0; d < dimension; d++) {
        directions[d][d] = 1;
      }
      return directions;
    }
    double[][] sample = centered(rows);
    Random random = new Random(SEED);
    for (double[] direction : directions) {
      Arrays.setAll(direction, d -> random.nextGaussian());
    }
    orthonormalize(directions);
    for (int i = 0; i < ITERATIONS; i++) {
      multiply(sample, directions);
      orthonormalize(directions);
    }
    return directions;
  }

  /** Up to SAMPLE rows, evenly spaced, less their mean. */
  private static double[][] centered(float[][] rows) {
    int dimension = rows[0].length;
    int count = Math.min(SAMPLE, rows.length);
    double[][] sample = new double[count][dimension];
    double[] mean = new double[dimension];
    for (int i = 0; i < count; i++) {
      float[] row = rows[(int) ((long) i * rows.length / count)];
      for (int d = 0; d < dimension; d++) {
        sample[i][d] = row[d];
        mean[d] += sample[i][d] / count;
      }
    }
    for (double[] point : sample) {
      add(point, -1, mean);
    }
    return sample;
  }

  /** Each direction becomes its product with sampleᵀ·sample. */
  private static void multiply(double[][] sample, double[][] directions) {
    double[][] products = new double[directions.length][directions[0].length];
    for (double[] point : sample) {
      for (int m = 0; m < directions.length; m++) {
        add(products[m], dot(point, directions[m]), point);
      }
    }
    System.arraycopy(products, 0, directions, 0, directions.length);
  }

  /** Gram–Schmidt, twice so that the directions are orthogonal to the last bits. */
  private static void orthonormalize(double[][] directions) {
    for (int m = 0; m < directions.length; m++) {
      double before = Math.sqrt(dot(directions[m], directions[m]));
      for (int pass = 0; pass < 2; pass++) {
        for (int k = 0; k < m; k++) {
          add(directions[m], -dot(directions[m], directions[k]), directions[k]);
        }
      }
      double norm = Math.sqrt(dot(directions[m], directions[m]));
      // What is left below this is rounding: it would not be orthogonal.
      double scale = norm > 1e-6 * before ? 1 / norm : 0;
      for (int d = 0; d < directions[m].length; d++) {
        directions[m][d] *= scale;
      }
    }
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int d = 0; d < a.length; d++) {
      sum += a[d] * b[d];
    }
    return sum;
  }

  private static void add(double[] a, double scale, double[] b) {
    for (int d = 0; d < a.length; d++) {
      a[d] += scale * b[d];
    }
  }
}
