package dev.diarist.nn.train;

/**
 * Whether a loss on held-out data still gets better.
 *
 * @param patience evaluations without improvement after which training stops
 * @param improvement by which a loss must be below the best one to count
 * @param best the lowest loss so far, infinite before the first
 * @param waited evaluations since the best one
 */
public record EarlyStopping(int patience, double improvement, double best, int waited) {

  public EarlyStopping {
    if (patience < 1 || !(improvement >= 0)) {
      throw new IllegalArgumentException(
          "patience must be at least 1 and improvement at least 0, got %d and %s"
              .formatted(patience, improvement));
    }
  }

  public static EarlyStopping after(int patience, double improvement) {
    return new EarlyStopping(patience, improvement, Double.POSITIVE_INFINITY, 0);
  }

  /** The state after one more evaluation; NaN is no improvement. */
  public EarlyStopping with(double loss) {
    return loss < best - improvement || (loss < best && improvement == 0)
        ? new EarlyStopping(patience, improvement, loss, 0)
        : new EarlyStopping(patience, improvement, best, waited + 1);
  }

  /** Whether the last evaluation was the best one. */
  public boolean improved() {
    return waited == 0;
  }

  public boolean over() {
    return waited >= patience;
  }
}
