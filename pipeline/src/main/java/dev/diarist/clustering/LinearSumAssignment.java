package dev.diarist.clustering;

import java.util.Arrays;

/**
 * The one-to-one assignment of rows to columns of the smallest total cost, by shortest augmenting
 * paths; where several are smallest, the one scipy finds.
 *
 * <p>Source: scipy {@code linear_sum_assignment}; D. Crouse, "On implementing 2D rectangular
 * assignment algorithms", 2016.
 */
public final class LinearSumAssignment {
  /** The column of a row that has none, where there are more rows than columns. */
  public static final int UNASSIGNED = -1;

  private final double[][] cost;
  private final int columns;
  private final double[] rowPotential;
  private final double[] columnPotential;
  private final int[] columnOfRow;
  private final int[] rowOfColumn;

  /** For each column, the row before it on the shortest path, and the path's length. */
  private final int[] path;

  private final double[] pathCost;
  private final boolean[] seenRow;
  private final boolean[] seenColumn;

  /**
   * The column of each row, or {@link #UNASSIGNED}, at the smallest total cost.
   *
   * @param cost (rows, columns), finite; not modified
   * @throws IllegalArgumentException if a cost is NaN or infinite
   */
  public static int[] minimize(double[][] cost) {
    int rows = cost.length;
    int columns = rows == 0 ? 0 : cost[0].length;
    for (double[] row : cost) {
      for (double value : row) {
        if (!Double.isFinite(value)) {
          throw new IllegalArgumentException("costs must be finite, got " + value);
        }
      }
    }
    if (columns >= rows) {
      return new LinearSumAssignment(cost, rows, columns).solve();
    }
    double[][] transposed = new double[columns][rows];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        transposed[j][i] = cost[i][j];
      }
    }
    int[] rowOfColumn = new LinearSumAssignment(transposed, columns, rows).solve();
    int[] columnOfRow = new int[rows];
    Arrays.fill(columnOfRow, UNASSIGNED);
    for (int j = 0; j < columns; j++) {
      columnOfRow[rowOfColumn[j]] = j;
    }
    return columnOfRow;
  }

  /** The column of each row, or {@link #UNASSIGNED}, at the largest total score. */
  public static int[] maximize(double[][] score) {
    double[][] cost = new double[score.length][];
    for (int i = 0; i < score.length; i++) {
      cost[i] = Arrays.stream(score[i]).map(value -> -value).toArray();
    }
    return minimize(cost);
  }

  private LinearSumAssignment(double[][] cost, int rows, int columns) {
    this.cost = cost;
    this.columns = columns;
    rowPotential = new double[rows];
    columnPotential = new double[columns];
    columnOfRow = new int[rows];
    rowOfColumn = new int[columns];
    path = new int[columns];
    pathCost = new double[columns];
    seenRow = new boolean[rows];
    seenColumn = new boolean[columns];
    Arrays.fill(columnOfRow, UNASSIGNED);
    Arrays.fill(rowOfColumn, UNASSIGNED);
  }

  private int[] solve() {
    for (int row = 0; row < columnOfRow.length; row++) {
      augment(row, shortestPath(row));
    }
    return columnOfRow;
  }

  /** Searches the shortest path from {@code start} to a free column, which it returns. */
  private int shortestPath(int start) {
    Arrays.fill(seenRow, false);
    Arrays.fill(seenColumn, false);
    Arrays.fill(pathCost, Double.POSITIVE_INFINITY);
    int[] remaining = new int[columns];
    for (int k = 0; k < columns; k++) {
      remaining[k] = columns - 1 - k; // from the last: equal costs then give the identity
    }
    int count = columns;
    double reached = 0;
    int row = start;
    while (true) {
      seenRow[row] = true;
      double lowest = Double.POSITIVE_INFINITY;
      int best = -1;
      for (int k = 0; k < count; k++) {
        int column = remaining[k];
        double length = reached + cost[row][column] - rowPotential[row] - columnPotential[column];
        if (length < pathCost[column]) {
          pathCost[column] = length;
          path[column] = row;
        }
        boolean free = rowOfColumn[column] == UNASSIGNED;
        if (pathCost[column] < lowest || pathCost[column] == lowest && free) {
          lowest = pathCost[column];
          best = k;
        }
      }
      reached = lowest;
      int column = remaining[best];
      seenColumn[column] = true;
      remaining[best] = remaining[--count];
      if (rowOfColumn[column] == UNASSIGNED) {
        updatePotentials(start, reached);
        return column;
      }
      row = rowOfColumn[column];
    }
  }

  private void updatePotentials(int start, double reached) {
    rowPotential[start] += reached;
    for (int i = 0; i < seenRow.length; i++) {
      if (seenRow[i] && i != start) {
        rowPotential[i] += reached - pathCost[columnOfRow[i]];
      }
    }
    for (int j = 0; j < columns; j++) {
      if (seenColumn[j]) {
        columnPotential[j] -= reached - pathCost[j];
      }
    }
  }

  /** Exchanges assigned and free edges along the path that ends in {@code sink}. */
  private void augment(int start, int sink) {
    int column = sink;
    while (true) {
      int row = path[column];
      rowOfColumn[column] = row;
      int next = columnOfRow[row];
      columnOfRow[row] = column;
      if (row == start) {
        return;
      }
      column = next;
    }
  }
}
