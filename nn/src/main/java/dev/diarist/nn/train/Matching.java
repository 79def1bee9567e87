package dev.diarist.nn.train;

/** The one-to-one assignment of rows to columns of the smallest total cost. */
@FunctionalInterface
public interface Matching {

  /**
   * @param cost (S, S), not modified
   * @return the column of each row
   */
  int[] of(double[][] cost);
}
