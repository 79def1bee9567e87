package dev.diarist.clustering;

/**
 * Centroids of clusters in double, and how far their distances may be from those of the Lance–
 * Williams recursion, which are equal to them but for rounding.
 *
 * <p>With ε = 2⁻⁵³, D values, and t the true distance of two centroids, the recursion gives E with
 * |E² - t²| ≤ η:
 *
 * <ul>
 *   <li>a distance of points is off by (D + 8)·ε·t² in its square;
 *   <li>an update rounds its square by at most 16·ε·L², where L bounds all distances between parts
 *       of the two clusters, and passes the mean error of the distances it is made of on, so that g
 *       merges on the way of the mean point add up to 16·ε·L²·g for each side;
 *   <li>and it passes on the error of the height, weighted by nx·ny / (nx + ny)²: the drift.
 * </ul>
 *
 * η = ε·L²·(16·(g + g') + D + 8) + drift + drift', and the centroids are 6·ε·R·g off, where R is
 * the length of the longest point.
 *
 * <p>No square in the recursion can be negative. The two clusters that merge are the nearest, at h,
 * so x and y are at least h from any other, which gives a square of at least ¾·h².
 */
final class Centroids {
  private static final double EPSILON = 0x1p-53;

  /** Covers products of two errors, and the rounding of the bounds themselves. */
  private static final double MARGIN = 1.01;

  /** Values between looks at whether a distance is too large already. */
  private static final int STRETCH = 64;

  private final double[][] centroid;
  private final double[] merges; // g, of the mean point
  private final double[] drift;
  private final double[] radius; // of a ball around the centroid that holds all points
  private final double longest;
  private final int dimension;
  private double mostMerges;
  private double mostDrift;

  /**
   * @param rows (n, D); not modified
   */
  Centroids(float[][] rows) {
    int slots = rows.length;
    dimension = rows[0].length;
    centroid = new double[slots][dimension];
    merges = new double[slots];
    drift = new double[slots];
    radius = new double[slots];
    double longestSquare = 0;
    for (int i = 0; i < slots; i++) {
      double square = 0;
      for (int d = 0; d < dimension; d++) {
        centroid[i][d] = rows[i][d];
        square += centroid[i][d] * centroid[i][d];
      }
      longestSquare = Math.max(longestSquare, square);
    }
    longest = Math.sqrt(longestSquare) * MARGIN;
  }

  /** The centroid of the cluster in a slot (D); not to be modified. */
  double[] get(int slot) {
    return centroid[slot];
  }

  /** R, or a little more. */
  double longest() {
    return longest;
  }

  /** |x - y|², or some value above {@code limit} if it is larger than that. */
  double squaredDistance(int x, int y, double limit) {
    double[] a = centroid[x];
    double[] b = centroid[y];
    double sum = 0;
    int d = 0;
    while (d + STRETCH <= a.length && sum <= limit) {
      sum += squares(a, b, d, d + STRETCH);
      d += STRETCH;
    }
    return sum <= limit ? sum + squares(a, b, d, a.length) : sum;
  }

  private static double squares(double[] a, double[] b, int from, int to) {
    double sum0 = 0;
    double sum1 = 0;
    double sum2 = 0;
    double sum3 = 0;
    int d = from;
    for (; d + 4 <= to; d += 4) {
      double difference0 = a[d] - b[d];
      double difference1 = a[d + 1] - b[d + 1];
      double difference2 = a[d + 2] - b[d + 2];
      double difference3 = a[d + 3] - b[d + 3];
      sum0 += difference0 * difference0;
      sum1 += difference1 * difference1;
      sum2 += difference2 * difference2;
      sum3 += difference3 * difference3;
    }
    for (; d < to; d++) {
      double difference = a[d] - b[d];
      sum0 += difference * difference;
    }
    return (sum0 + sum1) + (sum2 + sum3);
  }

  /** The distance of the clusters in two slots, which are nodes u and v, from its square. */
  UncertainDistance distance(int x, int y, double square, int u, int v) {
    double t = Math.sqrt(square);
    // Rounding of the sum of squares, then that of the centroids.
    double off = MARGIN * EPSILON * ((dimension + 8) * t + 6 * longest * (merges[x] + merges[y]));
    double eta = eta(x, y, t + off);
    double least = Math.max(0, t - off);
    double low = Math.sqrt(Math.max(0, least * least - eta)) * (1 - 4 * EPSILON);
    double high = Math.sqrt((t + off) * (t + off) + eta) * (1 + 4 * EPSILON);
    return new UncertainDistance(u, v, low, high);
  }

  private double eta(int x, int y, double distance) {
    double largest = distance + radius[x] + radius[y]; // L
    double rounding = 16 * (merges[x] + merges[y]) + dimension + 8;
    return MARGIN * (EPSILON * largest * largest * rounding + drift[x] + drift[y]);
  }

  /** η and the errors of centroids for any two slots, as an error of a square. */
  double largestError() {
    double square = 4 * longest * longest;
    double rounding = 64 * mostMerges + 4 * dimension + 64;
    return MARGIN * (EPSILON * square * rounding + 2 * mostDrift);
  }

  /**
   * Slot y takes the union of x and y.
   *
   * @param weight of x, that of y being 1 - weight
   * @param height at most their distance
   */
  void merge(int x, int y, double weight, double height) {
    double rest = 1 - weight;
    double eta = eta(x, y, height);
    for (int d = 0; d < dimension; d++) {
      centroid[y][d] = weight * centroid[x][d] + rest * centroid[y][d];
    }
    centroid[x] = null;
    merges[y] = weight * merges[x] + rest * merges[y] + 1;
    drift[y] = weight * drift[x] + rest * drift[y] + weight * rest * eta;
    radius[y] = Math.max(radius[x] + rest * height, radius[y] + weight * height);
    mostMerges = Math.max(mostMerges, merges[y]);
    mostDrift = Math.max(mostDrift, drift[y]);
  }
}
