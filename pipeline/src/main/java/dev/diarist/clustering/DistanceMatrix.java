package dev.diarist.clustering;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Distances between n points, upper triangle only.
 *
 * <p>Row i holds the distances of point i to points i + 1 to n - 1, so that no array grows with n².
 */
final class DistanceMatrix {
  /** Columns computed side by side: with 256 values each, they stay in the second-level cache. */
  private static final int BLOCK = 128;

  private final double[][] upper;

  private DistanceMatrix(double[][] upper) {
    this.upper = upper;
  }

  /**
   * |u - v| in double, squares added in the order of the D values.
   *
   * <p>Source: scipy {@code pdist(…, "euclidean")}.
   *
   * @param rows (n, D); not modified
   * @throws IllegalArgumentException if a distance is not finite
   * @throws IllegalArgumentException if the distances do not fit in memory
   */
  static DistanceMatrix euclidean(float[][] rows) {
    double[][] upper = allocate(rows.length);
    int blocks = (rows.length + BLOCK - 1) / BLOCK;
    Cancellation cancellation = new Cancellation();
    IntStream.range(0, blocks)
        .parallel()
        .forEach(
            block -> {
              cancellation.check();
              fillColumns(rows, block * BLOCK, upper);
            });
    return new DistanceMatrix(upper).requireFinite();
  }

  /**
   * The cosine distances of {@link Cosine}.
   *
   * @param rows (n, D); not modified
   * @throws IllegalArgumentException if a distance is not finite
   * @throws IllegalArgumentException if the distances do not fit in memory
   */
  static DistanceMatrix cosine(float[][] rows) {
    double[][] upper = allocate(rows.length);
    double[] norms = Cosine.norms(rows);
    Cancellation cancellation = new Cancellation();
    IntStream.range(0, upper.length)
        .parallel()
        .forEach(
            i -> {
              cancellation.check();
              for (int j = i + 1; j < rows.length; j++) {
                upper[i][j - i - 1] = Cosine.distance(rows[i], norms[i], rows[j], norms[j]);
              }
            });
    return new DistanceMatrix(upper).requireFinite();
  }

  /** Distances of {@code i < j} as scipy lists them: (0,1), (0,2), …, (1,2), …. */
  static DistanceMatrix condensed(int points, double... distances) {
    double[][] upper = allocate(points);
    int k = 0;
    for (double[] row : upper) {
      for (int j = 0; j < row.length; j++) {
        row[j] = distances[k++];
      }
    }
    return new DistanceMatrix(upper);
  }

  /** The size of the matrix of that many points. */
  static double bytes(int points) {
    return 4.0 * points * (points - 1);
  }

  /** n. */
  int points() {
    return upper.length + 1;
  }

  double get(int i, int j) {
    return i < j ? upper[i][j - i - 1] : upper[j][i - j - 1];
  }

  void set(int i, int j, double distance) {
    if (i < j) {
      upper[i][j - i - 1] = distance;
    } else {
      upper[j][i - j - 1] = distance;
    }
  }

  /** The distances of all points to points {@code first} to {@code first + BLOCK - 1}. */
  private static void fillColumns(float[][] rows, int first, double[][] upper) {
    int end = Math.min(first + BLOCK, rows.length);
    int dimension = rows[0].length;
    double[] columns = new double[dimension * BLOCK]; // (D, BLOCK): points run along memory
    for (int j = first; j < end; j++) {
      for (int d = 0; d < dimension; d++) {
        columns[d * BLOCK + j - first] = rows[j][d];
      }
    }
    double[] squares = new double[BLOCK];
    for (int i = 0; i < end - 1; i++) {
      Arrays.fill(squares, 0);
      for (int d = 0; d < dimension; d++) {
        addSquares(rows[i][d], columns, d * BLOCK, squares);
      }
      for (int j = Math.max(first, i + 1); j < end; j++) {
        upper[i][j - i - 1] = Math.sqrt(squares[j - first]);
      }
    }
  }

  /** sums[j] += (x - columns[row + j])²: each sum takes its D values in order. */
  private static void addSquares(double x, double[] columns, int row, double[] sums) {
    for (int j = 0; j < BLOCK; j++) {
      double difference = x - columns[row + j];
      sums[j] += difference * difference;
    }
  }

  private static double[][] allocate(int points) {
    double bytes = bytes(points);
    double heap = Runtime.getRuntime().maxMemory();
    if (bytes > heap) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "clustering %d embeddings needs %.1f GiB for their distances, this JVM may use %.1f"
                  + " GiB: give it more with -Xmx",
              points,
              bytes / (1 << 30),
              heap / (1 << 30)));
    }
    double[][] upper = new double[points - 1][];
    for (int i = 0; i < upper.length; i++) {
      upper[i] = new double[points - 1 - i];
    }
    return upper;
  }

  static IllegalArgumentException notFinite(double distance, int i, int j) {
    return new IllegalArgumentException(
        "distances must be finite, got "
            + distance
            + " between training embeddings "
            + i
            + " and "
            + j
            + ": one of them is zero or not finite");
  }

  private DistanceMatrix requireFinite() {
    for (int i = 0; i < upper.length; i++) {
      for (int j = 0; j < upper[i].length; j++) {
        if (!Double.isFinite(upper[i][j])) {
          throw notFinite(upper[i][j], i, i + 1 + j);
        }
      }
    }
    return this;
  }
}
