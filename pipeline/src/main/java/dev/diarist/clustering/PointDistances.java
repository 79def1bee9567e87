package dev.diarist.clustering;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Tiles of Euclidean distances between the points of a list: the values of {@link
 * DistanceMatrix#euclidean}, computed when they are needed.
 *
 * <p>D: values of a point.
 */
final class PointDistances {
  /** Points side by side; each sum takes its D squares in order, as scipy does. */
  private static final int LANES = 64;

  /** Points whose distances to a block are summed together. */
  private static final int SIDE_BY_SIDE = 4;

  /** Distances below which the sums side by side are not worth a sweep. */
  private static final int FEW = 8;

  /** Distances worth a second thread. */
  private static final int MANY = 1 << 14;

  private final float[][] points;
  private final int dimension;
  private final float[][] blocks; // each (D, LANES)

  /** Distances between {@code points} (n, D), which are not modified. */
  PointDistances(float[][] points) {
    this.points = points;
    dimension = points[0].length;
    blocks = new float[(points.length + LANES - 1) / LANES][];
    IntStream.range(0, blocks.length).parallel().forEach(this::fillBlock);
  }

  private void fillBlock(int block) {
    float[] columns = new float[dimension * LANES];
    int end = Math.min(LANES, points.length - block * LANES);
    for (int lane = 0; lane < end; lane++) {
      float[] point = points[block * LANES + lane];
      for (int d = 0; d < dimension; d++) {
        columns[d * LANES + lane] = point[d];
      }
    }
    blocks[block] = columns;
  }

  /**
   * The distances of points a … a + countA - 1 to points b … b + countB - 1.
   *
   * @param tile (countA, countB), overwritten
   */
  void fill(int a, int countA, int b, int countB, double[] tile) {
    if (countA * countB <= FEW) {
      for (int i = 0; i < countA; i++) {
        for (int j = 0; j < countB; j++) {
          tile[i * countB + j] = between(points[a + i], points[b + j]);
        }
      }
    } else if (countA >= countB) {
      sweep(b, countB, 1, a, countA, countB, tile);
    } else {
      sweep(a, countA, countB, b, countB, 1, tile);
    }
  }

  /** |u - v| as scipy computes it. */
  static double between(float[] u, float[] v) {
    double sum = 0;
    for (int d = 0; d < u.length; d++) {
      double difference = (double) u[d] - v[d];
      sum += difference * difference;
    }
    return Math.sqrt(sum);
  }

  /** Each point of a range against the blocks that hold another; strides are those of the tile. */
  private void sweep(
      int first, int count, int stride, int firstLane, int lanes, int laneStride, double[] tile) {
    int firstBlock = firstLane / LANES;
    int endBlock = (firstLane + lanes - 1) / LANES + 1;
    IntStream range = IntStream.range(firstBlock, endBlock);
    (count * lanes >= MANY ? range.parallel() : range)
        .forEach(
            block -> {
              int from = Math.max(firstLane, block * LANES);
              int to = Math.min(firstLane + lanes, (block + 1) * LANES);
              double[] sums = new double[SIDE_BY_SIDE * LANES];
              for (int i = 0; i < count; i += SIDE_BY_SIDE) {
                int points = Math.min(SIDE_BY_SIDE, count - i);
                sumSquares(first + i, points, blocks[block], sums);
                for (int k = 0; k < points; k++) {
                  int row = (i + k) * stride;
                  int shift = k * LANES - block * LANES;
                  for (int lane = from; lane < to; lane++) {
                    tile[row + (lane - firstLane) * laneStride] = Math.sqrt(sums[lane + shift]);
                  }
                }
              }
            });
  }

  /** Squared distances of {@code count} points to a block, into sums (count, LANES). */
  private void sumSquares(int first, int count, float[] columns, double[] sums) {
    Arrays.fill(sums, 0);
    if (count == 1) {
      addSquares(points[first], columns, sums);
    } else {
      int last = first + count - 1;
      addSquares(
          points[first],
          points[Math.min(first + 1, last)],
          points[Math.min(first + 2, last)],
          points[last],
          columns,
          sums);
    }
  }

  /** sums[j] += (point[d] - columns[d, j])² for one d after the other. */
  private static void addSquares(float[] point, float[] columns, double[] sums) {
    for (int d = 0; d < point.length; d++) {
      double x = point[d];
      int row = d * LANES;
      for (int j = 0; j < LANES; j++) {
        double difference = x - columns[row + j];
        sums[j] += difference * difference;
      }
    }
  }

  /** The same of four points: a column is read, and made double, once for all of them. */
  private static void addSquares(
      float[] a, float[] b, float[] c, float[] e, float[] columns, double[] sums) {
    for (int d = 0; d < a.length; d++) {
      double xa = a[d];
      double xb = b[d];
      double xc = c[d];
      double xe = e[d];
      int row = d * LANES;
      for (int j = 0; j < LANES; j++) {
        double column = columns[row + j];
        double differenceA = xa - column;
        double differenceB = xb - column;
        double differenceC = xc - column;
        double differenceE = xe - column;
        sums[j] += differenceA * differenceA;
        sums[j + LANES] += differenceB * differenceB;
        sums[j + 2 * LANES] += differenceC * differenceC;
        sums[j + 3 * LANES] += differenceE * differenceE;
      }
    }
  }
}
