package dev.diarist.clustering;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Short float copies of centroids, whose distances are lower bounds of those of the centroids: they
 * tell which of many are worth a look.
 *
 * <p>M values are the centroid in the directions along which the points vary most, and the length
 * of the rest. Live slots stand in columns in their order, in blocks of (M, COLUMNS). The details
 * of a slot, (M + 1), are the rest in as many directions more, the length of what then remains, and
 * that of the rest once more.
 */
final class Sketches {
  private static final int M = 64;

  /** Directions of a sketch and its details. */
  private static final int DIRECTIONS = 2 * M - 2;

  /** A block of 64 KiB stays in the second-level cache. */
  private static final int COLUMNS = 256;

  /** Columns worth a second thread. */
  private static final int MANY = 1 << 14;

  /** Relative error of a float sum of squares, and of the square root of what it bounds. */
  private static final double RELATIVE = 1e-5;

  /** Error of two sketches in float, in lengths of the longest point. */
  private static final double ROUNDING = 4e-7;

  /** Squares below this length vanish in float. */
  private static final double SMALLEST = 1e-18;

  /** Limits above this one let everything pass, whatever overflows in float. */
  private static final double LARGEST = 1e36;

  private final double[][] directions; // at most DIRECTIONS orthonormal rows of D values
  private final double error;
  private final float[][] blocks;
  private final float[][] details; // (slot, M + 1)
  private final int[] slotOfColumn;
  private final int[] columnOfSlot;
  private int columns;
  private int live;

  Sketches(float[][] rows, Centroids centroids, Cancellation cancellation) {
    directions = PrincipalDirections.of(rows, DIRECTIONS);
    error = ROUNDING * centroids.longest() + SMALLEST;
    int slots = rows.length;
    blocks = new float[(slots + COLUMNS - 1) / COLUMNS][M * COLUMNS];
    details = new float[slots][];
    slotOfColumn = new int[slots];
    columnOfSlot = new int[slots];
    columns = slots;
    live = slots;
    Arrays.setAll(slotOfColumn, column -> column);
    Arrays.setAll(columnOfSlot, slot -> slot);
    Arrays.stream(slotOfColumn)
        .parallel()
        .forEach(
            slot -> {
              cancellation.check();
              put(slot, centroids.get(slot));
            });
  }

  /** Columns in use, dead ones included. */
  int columns() {
    return columns;
  }

  /** The columns of all blocks. */
  int paddedColumns() {
    return blocks.length * COLUMNS;
  }

  int column(int slot) {
    return columnOfSlot[slot];
  }

  int slot(int column) {
    return slotOfColumn[column];
  }

  /** Sets the sketch and the details of a live slot. */
  void put(int slot, double[] centroid) {
    double[] rest = centroid.clone();
    float[] sketch = new float[M];
    float[] detail = new float[M + 1];
    project(rest, 0, sketch);
    project(rest, M - 1, detail);
    detail[M] = sketch[M - 1];
    details[slot] = detail;
    int column = columnOfSlot[slot];
    for (int m = 0; m < M; m++) {
      blocks[column / COLUMNS][m * COLUMNS + column % COLUMNS] = sketch[m];
    }
  }

  /** Takes M - 1 directions out of {@code rest}; {@code sketch} ends with the length left. */
  private void project(double[] rest, int firstDirection, float[] sketch) {
    int count = Math.max(0, Math.min(M - 1, directions.length - firstDirection));
    for (int m = 0; m < count; m++) {
      double[] direction = directions[firstDirection + m];
      double along = 0;
      for (int d = 0; d < rest.length; d++) {
        along += direction[d] * rest[d];
      }
      for (int d = 0; d < rest.length; d++) {
        rest[d] -= along * direction[d];
      }
      sketch[m] = (float) along;
    }
    double square = 0;
    for (double value : rest) {
      square += value * value;
    }
    sketch[M - 1] = (float) Math.sqrt(square);
  }

  /** The sketch (M) of the centroid in a live slot. */
  private float[] get(int slot) {
    int column = columnOfSlot[slot];
    float[] sketch = new float[M];
    for (int m = 0; m < M; m++) {
      sketch[m] = blocks[column / COLUMNS][m * COLUMNS + column % COLUMNS];
    }
    return sketch;
  }

  /**
   * Takes a slot out of the live ones. Its column stays until a quarter of the columns is dead.
   *
   * @return whether the columns moved
   */
  boolean remove(int slot) {
    live--;
    int dead = columnOfSlot[slot];
    blocks[dead / COLUMNS][(M - 1) * COLUMNS + dead % COLUMNS] = Float.POSITIVE_INFINITY;
    columnOfSlot[slot] = -1;
    details[slot] = null;
    if (live > columns - columns / 4) {
      return false;
    }
    int to = 0;
    for (int from = 0; from < columns; from++) {
      int moved = slotOfColumn[from];
      if (columnOfSlot[moved] == from) {
        for (int m = 0; m < M; m++) {
          blocks[to / COLUMNS][m * COLUMNS + to % COLUMNS] =
              blocks[from / COLUMNS][m * COLUMNS + from % COLUMNS];
        }
        slotOfColumn[to] = moved;
        columnOfSlot[moved] = to++;
      }
    }
    columns = to;
    return true;
  }

  /** Whether the slot of a column is live. */
  boolean isLive(int column) {
    return columnOfSlot[slotOfColumn[column]] == column;
  }

  /**
   * What {@link #squares} does not exceed for centroids whose squared distance is {@code limit}.
   */
  double limit(double limit) {
    double distance = (Math.sqrt(limit) + error) * (1 + RELATIVE);
    double square = distance * distance;
    return square < LARGEST ? square : Double.POSITIVE_INFINITY;
  }

  /**
   * The squared distance of the sketches of two live slots, details included.
   *
   * @param square without them, as {@link #squares} has it
   */
  double squareWithDetails(int x, int y, double square) {
    float[] a = details[x];
    float[] b = details[y];
    float rest = a[M] - b[M];
    double sum = square - rest * rest; // in their place, the details
    for (int m = 0; m < M; m += 4) {
      float difference0 = a[m] - b[m];
      float difference1 = a[m + 1] - b[m + 1];
      float difference2 = a[m + 2] - b[m + 2];
      float difference3 = a[m + 3] - b[m + 3];
      sum +=
          (difference0 * difference0 + difference1 * difference1)
              + (difference2 * difference2 + difference3 * difference3);
    }
    return sum;
  }

  /**
   * Squared distances of the sketch of a slot to those of the columns from {@code firstColumn} on.
   *
   * @param squares (columns of all blocks), overwritten from the block of that column on
   */
  void squares(int slot, int firstColumn, double[] squares) {
    float[] sketch = get(slot);
    IntStream range = IntStream.range(firstColumn / COLUMNS, endBlock());
    (columns - firstColumn >= MANY ? range.parallel() : range)
        .forEach(block -> squares(sketch, block, squares));
  }

  /**
   * The same for the slots from {@code firstSlot} on, as long as none has moved or died: each is
   * compared with those above it. A block is read once for all of them.
   */
  void squaresAbove(int firstSlot, int slots, double[][] squares) {
    float[][] sketch = new float[slots][];
    for (int i = 0; i < slots; i++) {
      sketch[i] = get(firstSlot + i);
    }
    for (int block = firstSlot / COLUMNS; block < endBlock(); block++) {
      for (int i = 0; i < slots; i++) {
        squares(sketch[i], block, squares[i]);
      }
    }
  }

  private int endBlock() {
    return (columns - 1) / COLUMNS + 1;
  }

  /**
   * Sums are double so that C2, which keeps the order of loads and stores of one type, sees that
   * they do not touch {@code values}.
   */
  private void squares(float[] sketch, int block, double[] squares) {
    int first = block * COLUMNS;
    Arrays.fill(squares, first, first + COLUMNS, 0);
    float[] values = blocks[block];
    for (int m = 0; m < M; m += 4) {
      float x0 = sketch[m];
      float x1 = sketch[m + 1];
      float x2 = sketch[m + 2];
      float x3 = sketch[m + 3];
      int row0 = m * COLUMNS;
      int row1 = row0 + COLUMNS;
      int row2 = row1 + COLUMNS;
      int row3 = row2 + COLUMNS;
      for (int j = 0; j < COLUMNS; j++) {
        float difference0 = x0 - values[row0 + j];
        float difference1 = x1 - values[row1 + j];
        float difference2 = x2 - values[row2 + j];
        float difference3 = x3 - values[row3 + j];
        squares[first + j] +=
            (difference0 * difference0 + difference1 * difference1)
                + (difference2 * difference2 + difference3 * difference3);
      }
    }
  }
}
