package dev.diarist.nn.train;

import dev.diarist.nn.backend.MatrixKernels;
import java.util.Arrays;

/**
 * A matrix W (N, K) made of the values of a parameter, packed for products with rows of K values
 * (on the way forward) and with rows of N values (on the way back). Packed columns come in panels
 * of two vectors, row-major; the last panel has one where that is enough.
 *
 * <p>Element (n, k) is value {@code rowOf[n] + columnOf[k]} of the parameter; a row or column below
 * 0 is one of zeros, which fills up a vector.
 */
final class WeightMatrix {
  private final float[] parameter;
  private final int[] rowOf;
  private final int[] columnOf;
  private final int width;
  private final float[] forward;
  private float[] backward;

  WeightMatrix(float[] parameter, int[] rowOf, int[] columnOf, MatrixKernels kernels) {
    this.parameter = parameter;
    this.rowOf = rowOf;
    this.columnOf = columnOf;
    this.width = kernels.panelColumns();
    forward = new float[depth() * paddedRows()];
  }

  /** A matrix stored row by row. */
  static WeightMatrix plain(float[] parameter, int rows, int depth, MatrixKernels kernels) {
    return new WeightMatrix(parameter, steps(rows, depth), steps(depth, 1), kernels);
  }

  /** 0, step, 2·step, …. */
  static int[] steps(int count, int step) {
    int[] steps = new int[count];
    Arrays.setAll(steps, i -> i * step);
    return steps;
  }

  /** N. */
  int rows() {
    return rowOf.length;
  }

  /** K. */
  int depth() {
    return columnOf.length;
  }

  /** N in whole vectors. */
  int paddedRows() {
    return wholeVectors(rows());
  }

  /** K in whole vectors. */
  int paddedDepth() {
    return wholeVectors(depth());
  }

  private int wholeVectors(int columns) {
    int vector = width / 2;
    return Math.ceilDiv(columns, vector) * vector;
  }

  /** Where a packed column begins, of {@code columns} with {@code depth} values each. */
  private int start(int column, int depth) {
    return column / width * width * depth + column % width;
  }

  /** How far the values of a packed column lie apart. */
  private int step(int column, int columns) {
    return Math.min(width, columns - column / width * width);
  }

  /** Wᵀ (K, N) in panels. */
  float[] forward() {
    return forward;
  }

  /** W (N, K) in panels, once they were packed. */
  float[] backward() {
    return backward;
  }

  /** Reads the parameter again, which a step of the optimiser has changed. */
  void pack(boolean withBackward) {
    int depth = depth();
    int rows = rows();
    for (int n = 0; n < rows; n++) {
      int start = start(n, depth);
      int step = step(n, paddedRows());
      for (int k = 0; k < depth; k++) {
        forward[start + k * step] = at(n, k);
      }
    }
    if (!withBackward) {
      return;
    }
    if (backward == null) {
      backward = new float[rows * paddedDepth()];
    }
    for (int k = 0; k < depth; k++) {
      int start = start(k, rows);
      int step = step(k, paddedDepth());
      for (int n = 0; n < rows; n++) {
        backward[start + n * step] = at(n, k);
      }
    }
  }

  private float at(int n, int k) {
    return rowOf[n] < 0 || columnOf[k] < 0 ? 0 : parameter[rowOf[n] + columnOf[k]];
  }

  /**
   * Adds partial sums of the gradient by this matrix, in their order, to that by the parameter.
   *
   * @param partials each (K in whole tiles, {@link #paddedRows}), not modified
   * @param gradient of the parameter, modified
   */
  void addGradient(float[][] partials, float[] gradient, Threads threads) {
    int stride = paddedRows();
    threads.each(
        rows(),
        (n, scratch) -> {
          if (rowOf[n] < 0) {
            return;
          }
          for (int k = 0; k < depth(); k++) {
            if (columnOf[k] >= 0) {
              double sum = 0;
              for (float[] partial : partials) {
                sum += partial[k * stride + n];
              }
              gradient[rowOf[n] + columnOf[k]] += (float) sum;
            }
          }
        });
  }
}
