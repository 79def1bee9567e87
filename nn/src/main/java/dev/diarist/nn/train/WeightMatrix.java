package dev.diarist.nn.train;

import dev.diarist.nn.backend.MatrixKernels;
import java.util.Arrays;

/**
 * A matrix W (N, K) made of the values of a parameter, packed for products with rows of K values
 * (on the way forward) and with rows of N values (on the way back).
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
  private final float[] backward;

  WeightMatrix(float[] parameter, int[] rowOf, int[] columnOf, MatrixKernels kernels) {
    this.parameter = parameter;
    this.rowOf = rowOf;
    this.columnOf = columnOf;
    this.width = kernels.panelColumns();
    forward = new float[depth() * paddedRows()];
    backward = new float[rows() * paddedDepth()];
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

  /** N in whole panels. */
  int paddedRows() {
    return Math.ceilDiv(rows(), width) * width;
  }

  /** K in whole panels. */
  int paddedDepth() {
    return Math.ceilDiv(depth(), width) * width;
  }

  /** Wᵀ (K, N) in panels. */
  float[] forward() {
    return forward;
  }

  /** W (N, K) in panels. */
  float[] backward() {
    return backward;
  }

  /** Reads the parameter again, which a step of the optimiser has changed. */
  void pack(boolean withBackward) {
    int depth = depth();
    int rows = rows();
    for (int n = 0; n < rows; n++) {
      int panel = n / width * depth * width + n % width; // forward[:,n]
      for (int k = 0; k < depth; k++) {
        forward[panel + k * width] = at(n, k);
      }
    }
    if (!withBackward) {
      return;
    }
    for (int n = 0; n < rows; n++) {
      for (int k = 0; k < depth; k++) {
        backward[(k / width * rows + n) * width + k % width] = at(n, k);
      }
    }
  }

  private float at(int n, int k) {
    return rowOf[n] < 0 || columnOf[k] < 0 ? 0 : parameter[rowOf[n] + columnOf[k]];
  }

  /**
   * Adds partial sums of the gradient by this matrix, in their order, to that by the parameter.
   *
   * @param partials each (N in whole tiles, {@link #paddedDepth}), not modified
   * @param gradient of the parameter, modified
   */
  void addGradient(float[][] partials, float[] gradient, Threads threads) {
    int stride = paddedDepth();
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
                sum += partial[n * stride + k];
              }
              gradient[rowOf[n] + columnOf[k]] += (float) sum;
            }
          }
        });
  }
}
