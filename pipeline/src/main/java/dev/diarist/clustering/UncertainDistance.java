package dev.diarist.clustering;

/**
 * The distance between two nodes, known to lie in an interval until a comparison depends on more.
 *
 * <p>Comparisons have the result that the exact distances give.
 */
final class UncertainDistance {
  private static final int NONE = -1;

  /** Of a row that has no neighbour yet. */
  static final UncertainDistance INFINITE =
      new UncertainDistance(NONE, NONE, Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY);

  private final int u;
  private final int v;
  private double low;
  private double high;

  UncertainDistance(int u, int v, double low, double high) {
    this.u = u;
    this.v = v;
    this.low = low;
    this.high = high;
  }

  /** At most this. */
  double high() {
    return high;
  }

  /** NaN as long as it is uncertain. */
  double exactOrNaN() {
    return low == high ? low : Double.NaN;
  }

  boolean isBetween(int u, int v) {
    return Math.min(u, v) == Math.min(this.u, this.v) && Math.max(u, v) == Math.max(this.u, this.v);
  }

  boolean less(UncertainDistance other, ExactDistances exact) {
    if (high < other.low) {
      return true;
    }
    if (low >= other.high || isBetween(other.u, other.v)) {
      return false;
    }
    settle(exact);
    other.settle(exact);
    return low < other.low;
  }

  boolean isEqual(UncertainDistance other, ExactDistances exact) {
    if (isBetween(other.u, other.v)) {
      return true;
    }
    if (high < other.low || low > other.high) {
      return false;
    }
    settle(exact);
    other.settle(exact);
    return low == other.low;
  }

  private void settle(ExactDistances exact) {
    if (low != high) {
      low = exact.between(u, v);
      high = low;
    }
  }
}
