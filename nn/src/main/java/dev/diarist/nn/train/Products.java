package dev.diarist.nn.train;

import dev.diarist.nn.backend.MatrixKernels;
import java.util.Arrays;

/**
 * The three products of a layer y = x·Wᵀ + b over rows, on the kernels of a backend.
 *
 * <p>Letters: {@code R} rows, {@code K} values of a row of x, {@code N} values of a row of y.
 */
final class Products {
  /** Rows in hand at a time, in whole tiles: with their products they stay in the level 2 cache. */
  private static final int TILES = 16;

  /** Rows of x that a product over rows reads at a time; a whole number of the kernels' blocks. */
  private static final int DEPTH = 256;

  private final MatrixKernels kernels;
  private final int tile;
  private final int width;

  Products(MatrixKernels kernels) {
    this.kernels = kernels;
    this.tile = kernels.tileRows();
    this.width = kernels.panelColumns();
  }

  MatrixKernels kernels() {
    return kernels;
  }

  int wholeTiles(int rows) {
    return Math.ceilDiv(rows, tile) * tile;
  }

  /** Floats of a partial sum of the gradient by a matrix. */
  int partialSize(WeightMatrix w) {
    return wholeTiles(w.rows()) * w.paddedDepth();
  }

  /**
   * y[r, 0..N) = start + x[r, :]·Wᵀ.
   *
   * @param bias the start of every row, (N in whole panels); null where it is what y holds already
   * @param y row r at {@code yOffset + r · yStride}; overwritten
   */
  void forward(
      Rows x, WeightMatrix w, float[] bias, float[] y, int yOffset, int yStride, Scratch scratch) {
    int columns = w.paddedRows();
    float[] out = scratch.floats(Scratch.Use.PRODUCT, TILES * tile * columns);
    boolean whole = columns == w.rows();
    for (int first = 0; first < x.count(); first += TILES * tile) {
      int count = Math.min(TILES * tile, x.count() - first);
      int full = count / tile * tile;
      int to = yOffset + first * yStride; // y[first,:]
      if (whole && full > 0) {
        int initStride = bias == null ? yStride : 0;
        float[] init = bias == null ? y : bias;
        int from = bias == null ? to : 0;
        tiles(x, first, full, w.forward(), w.depth(), init, from, initStride, y, to, yStride, w);
      } else if (full > 0) {
        start(bias, y, to, yStride, full, w.rows(), columns, out);
        tiles(x, first, full, w.forward(), w.depth(), out, 0, columns, out, 0, columns, w);
        store(out, columns, y, to, yStride, full, w.rows());
      }
      if (full < count) {
        int rest = count - full;
        int end = to + full * yStride;
        Rows last = copy(x, first + full, rest, w.depth(), scratch);
        start(bias, y, end, yStride, rest, w.rows(), columns, out);
        tiles(last, 0, tile, w.forward(), w.depth(), out, 0, columns, out, 0, columns, w);
        store(out, columns, y, end, yStride, rest, w.rows());
      }
    }
  }

  /** Whole tiles of rows against every panel of a matrix with {@code depth} rows. */
  private void tiles(
      Rows x,
      int first,
      int count,
      float[] panels,
      int depth,
      float[] init,
      int from,
      int initStride,
      float[] y,
      int to,
      int yStride,
      WeightMatrix w) {
    int columns = panels == w.forward() ? w.paddedRows() : w.paddedDepth();
    for (int n = 0; n < columns; n += width) {
      kernels.multiply(
          count / tile,
          depth,
          x.array(),
          x.at(first),
          x.stride(),
          panels,
          n * depth,
          init,
          from + n,
          initStride,
          y,
          to + n,
          yStride);
    }
  }

  private static void start(
      float[] bias, float[] y, int at, int yStride, int rows, int n, int columns, float[] out) {
    for (int r = 0; r < rows; r++) {
      float[] from = bias == null ? y : bias;
      System.arraycopy(from, bias == null ? at + r * yStride : 0, out, r * columns, n);
    }
  }

  private static void store(
      float[] out, int columns, float[] y, int at, int yStride, int rows, int n) {
    for (int r = 0; r < rows; r++) {
      System.arraycopy(out, r * columns, y, at + r * yStride, n);
    }
  }

  /** The last rows, where a whole tile would reach beyond them. */
  private Rows copy(Rows x, int first, int count, int depth, Scratch scratch) {
    float[] rows = scratch.floats(Scratch.Use.ROWS, tile * depth);
    for (int r = 0; r < count; r++) {
      System.arraycopy(x.array(), x.at(first + r), rows, r * depth, depth);
    }
    return new Rows(rows, 0, depth, tile);
  }

  /**
   * gx[r, 0..K) += gy[r, :]·W. The rows of gx may overlap, so that one item must have all of them.
   *
   * @param gx row r at {@code gxOffset + r · gxStride}; modified
   */
  void inputGradient(
      Rows gy, WeightMatrix w, float[] gx, int gxOffset, int gxStride, Scratch scratch) {
    int columns = w.paddedDepth();
    int depth = w.depth();
    float[] out = scratch.floats(Scratch.Use.PRODUCT, TILES * tile * columns);
    float[] zeros = scratch.floats(Scratch.Use.PANEL, width);
    for (int first = 0; first < gy.count(); first += TILES * tile) {
      int count = Math.min(TILES * tile, gy.count() - first);
      int full = count / tile * tile;
      Arrays.fill(zeros, 0, width, 0);
      for (int k = 0; k < columns; k += width) {
        multiply(full / tile, gy, first, w, k, zeros, out, k, columns);
      }
      if (full < count) {
        Rows last = copy(gy, first + full, count - full, w.rows(), scratch);
        for (int k = 0; k < columns; k += width) {
          multiply(1, last, 0, w, k, zeros, out, full * columns + k, columns);
        }
      }
      int to = gxOffset + first * gxStride; // gx[first,:]
      kernels.addRows(count, depth, out, 0, columns, gx, to, gxStride);
    }
  }

  private void multiply(
      int groups,
      Rows gy,
      int first,
      WeightMatrix w,
      int k,
      float[] zeros,
      float[] out,
      int to,
      int columns) {
    if (groups > 0) {
      kernels.multiply(
          groups,
          w.rows(),
          gy.array(),
          gy.at(first),
          gy.stride(),
          w.backward(),
          k * w.rows(),
          zeros,
          0,
          0,
          out,
          to,
          columns);
    }
  }

  /**
   * partials[i][n, k] += Σᵣ gy[r, n]·xs[i][r, k], summed in the order of r.
   *
   * @param partials each (N in whole tiles, K in whole panels), modified
   */
  void weightGradients(Rows gy, Rows[] xs, WeightMatrix[] ws, float[][] partials, Scratch scratch) {
    int outputs = ws[0].rows();
    float[] turned = scratch.floats(Scratch.Use.TURNED, wholeTiles(outputs) * DEPTH);
    float[] panel = scratch.floats(Scratch.Use.PANEL, DEPTH * width);
    for (int first = 0; first < gy.count(); first += DEPTH) {
      int count = Math.min(DEPTH, gy.count() - first);
      turn(gy, first, count, outputs, turned);
      for (int i = 0; i < xs.length; i++) {
        weightGradient(turned, xs[i], first, count, ws[i], partials[i], panel);
      }
    }
  }

  private void weightGradient(
      float[] turned,
      Rows x,
      int first,
      int count,
      WeightMatrix w,
      float[] partial,
      float[] panel) {
    int groups = wholeTiles(w.rows()) / tile;
    int stride = w.paddedDepth();
    for (int k = 0; k < w.depth(); k += width) {
      int columns = Math.min(width, w.depth() - k);
      for (int r = 0; r < count; r++) {
        System.arraycopy(x.array(), x.at(first + r) + k, panel, r * width, columns);
      }
      kernels.multiply(
          groups, count, turned, 0, DEPTH, panel, 0, partial, k, stride, partial, k, stride);
    }
  }

  /** turned (N, {@link #DEPTH}) = the transpose of some rows; what lies beyond N is left alone. */
  private static void turn(Rows gy, int first, int count, int columns, float[] turned) {
    float[] from = gy.array();
    int block = 16; // a cache line of floats
    for (int n0 = 0; n0 < columns; n0 += block) {
      int end = Math.min(n0 + block, columns);
      for (int r = 0; r < count; r++) {
        int row = gy.at(first + r); // gy[first+r,:]
        for (int n = n0; n < end; n++) {
          turned[n * DEPTH + r] = from[row + n];
        }
      }
    }
  }

  /** sums[n] += Σᵣ gy[r, n]. */
  static void columnSums(Rows gy, int columns, double[] sums) {
    for (int r = 0; r < gy.count(); r++) {
      int row = gy.at(r); // gy[r,:]
      for (int n = 0; n < columns; n++) {
        sums[n] += gy.array()[row + n];
      }
    }
  }
}
