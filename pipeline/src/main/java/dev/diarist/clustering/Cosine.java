package dev.diarist.clustering;

/**
 * Cosine distance 1 - u·v / (|u||v|) of float rows, in double.
 *
 * <p>Sums run in two accumulators, over the even and the odd indices, added at the end; a last odd
 * one is added to their sum. The last bits decide between clusters that are equally near.
 *
 * <p>Source: scipy {@code cdist(…, "cosine")}.
 */
final class Cosine {
  private Cosine() {}

  /** NaN where u or v is zero or holds a NaN. */
  static double distance(float[] u, double normU, float[] v, double normV) {
    double cosine = dot(u, v) / (normU * normV);
    if (Math.abs(cosine) > 1) {
      cosine = Math.copySign(1, cosine); // parallel rows may round to more than 1
    }
    return 1 - cosine;
  }

  /** |u|. */
  static double norm(float[] u) {
    return Math.sqrt(dot(u, u));
  }

  /** |u| of each row. */
  static double[] norms(float[][] rows) {
    double[] norms = new double[rows.length];
    for (int i = 0; i < rows.length; i++) {
      norms[i] = norm(rows[i]);
    }
    return norms;
  }

  private static double dot(float[] u, float[] v) {
    double even = 0;
    double odd = 0;
    int d = 0;
    for (; d + 1 < u.length; d += 2) {
      even += (double) u[d] * v[d];
      odd += (double) u[d + 1] * v[d + 1];
    }
    double sum = even + odd;
    return d < u.length ? sum + (double) u[d] * v[d] : sum;
  }
}
