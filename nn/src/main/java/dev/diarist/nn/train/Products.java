package dev.diarist.nn.train;

import dev.diarist.nn.backend.MatrixKernels;
import java.util.Arrays;

/**
 * The three products of a layer y = x·Wᵀ + b over rows, on the kernels of a backend.
 *
 * <p>Letters: {@code R} rows, {@code K} values of a row of x, {@code N} values of a row of y.
 */
final class Products {
  /** Partial sums of a gradient by weights: a number that does not depend on the threads. */
  static final int PARTIALS = 8;

  /** Rows in hand at a time, in whole tiles: with their products they stay in the level 2 cache. */
  private static final int TILES = 16;

  /**
   * Rows that a product over rows reads at a time; a whole number of the kernels' blocks. One
   * column of tiles of x, a cache line for each row, and a panel of gy stay in the level 1 cache.
   */
  private static final int DEPTH = 128;

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

  /**
   * Floats of a partial sum of the gradient by a matrix: (K in whole tiles, N in whole vectors).
   */
  int partialSize(WeightMatrix w) {
    return wholeTiles(w.depth()) * w.paddedRows();
  }

  /**
   * y[r, 0..N) = start + x[r, :]·Wᵀ.
   *
   * @param bias the start of every row, (N in whole vectors); null where it is what y holds already
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
        forward(x, first, full, w, init, from, initStride, y, to, yStride);
      } else if (full > 0) {
        start(bias, y, to, yStride, full, w.rows(), columns, out);
        forward(x, first, full, w, out, 0, columns, out, 0, columns);
        store(out, columns, y, to, yStride, full, w.rows());
      }
      if (full < count) {
        int rest = count - full;
        int end = to + full * yStride;
        Rows last = copy(x, first + full, rest, w.depth(), scratch);
        start(bias, y, end, yStride, rest, w.rows(), columns, out);
        forward(last, 0, tile, w, out, 0, columns, out, 0, columns);
        store(out, columns, y, end, yStride, rest, w.rows());
      }
    }
  }

  /**
   * y[r, :] = init[r, :] + a[r, :]·B for whole tiles of rows, where B (depth, columns) is packed.
   *
   * @param a row r at {@code aOffset + r · aStride}
   * @param panels as {@link WeightMatrix} packs them
   * @param columns whole vectors of them
   * @param init row r at {@code from + r · initStride}
   * @param y row r at {@code to + r · yStride}; overwritten
   */
  void multiply(
      int tiles,
      int depth,
      float[] a,
      int aOffset,
      int aStride,
      float[] panels,
      int columns,
      float[] init,
      int from,
      int initStride,
      float[] y,
      int to,
      int yStride) {
    for (int n = 0; n < columns; n += width) {
      int panel = Math.min(width, columns - n);
      panel(
          tiles,
          depth,
          a,
          aOffset,
          aStride,
          panels,
          n * depth,
          panel,
          init,
          from + n,
          initStride,
          y,
          to + n,
          yStride);
    }
  }

  /**
   * The same for one panel of {@code columns} columns, one or two vectors, that begins at {@code
   * panel}.
   */
  void panel(
      int tiles,
      int depth,
      float[] a,
      int aOffset,
      int aStride,
      float[] panels,
      int panel,
      int columns,
      float[] init,
      int from,
      int initStride,
      float[] y,
      int to,
      int yStride) {
    if (columns == width) {
      kernels.multiply(
          tiles, depth, a, aOffset, aStride, panels, panel, init, from, initStride, y, to, yStride);
    } else {
      kernels.multiplyStrided(
          1,
          tiles,
          depth,
          a,
          aOffset,
          aStride,
          1,
          panels,
          panel,
          columns,
          init,
          from,
          initStride,
          y,
          to,
          yStride);
    }
  }

  private void forward(
      Rows x,
      int first,
      int count,
      WeightMatrix w,
      float[] init,
      int from,
      int initStride,
      float[] y,
      int to,
      int yStride) {
    multiply(
        count / tile,
        w.depth(),
        x.array(),
        x.at(first),
        x.stride(),
        w.forward(),
        w.paddedRows(),
        init,
        from,
        initStride,
        y,
        to,
        yStride);
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
    float[] zeros = scratch.floats(Scratch.Use.PANEL, columns);
    Arrays.fill(zeros, 0, columns, 0);
    for (int first = 0; first < gy.count(); first += TILES * tile) {
      int count = Math.min(TILES * tile, gy.count() - first);
      int full = count / tile * tile;
      if (full > 0) {
        backward(gy, first, full, w, zeros, out, 0);
      }
      if (full < count) {
        Rows last = copy(gy, first + full, count - full, w.rows(), scratch);
        backward(last, 0, tile, w, zeros, out, full * columns);
      }
      int to = gxOffset + first * gxStride; // gx[first,:]
      kernels.addRows(count, depth, out, 0, columns, gx, to, gxStride);
    }
  }

  private void backward(
      Rows gy, int first, int count, WeightMatrix w, float[] zeros, float[] out, int to) {
    int columns = w.paddedDepth();
    multiply(
        count / tile,
        w.rows(),
        gy.array(),
        gy.at(first),
        gy.stride(),
        w.backward(),
        columns,
        zeros,
        0,
        0,
        out,
        to,
        columns);
  }

  /**
   * partials[i][k, n] += Σᵣ xs[i][r, k]·gy[r, n], summed in the order of r.
   *
   * @param partials each (K in whole tiles, N in whole vectors), modified; what lies beyond K and N
   *     has no meaning
   */
  void weightGradients(Rows gy, Rows[] xs, WeightMatrix[] ws, float[][] partials, Scratch scratch) {
    int outputs = ws[0].rows();
    for (int first = 0; first < gy.count(); first += DEPTH) {
      int count = Math.min(DEPTH, gy.count() - first);
      Rows right = whole(gy, first, count, outputs, ws[0].paddedRows(), Scratch.Use.PANEL, scratch);
      for (int i = 0; i < xs.length; i++) {
        int depth = ws[i].depth();
        Rows left = whole(xs[i], first, count, depth, wholeTiles(depth), Scratch.Use.ROWS, scratch);
        weightGradient(left, right, ws[i], partials[i], 0);
      }
    }
  }

  /**
   * Rows of which {@code padded} values may be read: where they lie, with whatever follows them, or
   * a copy where the array ends too early.
   */
  private static Rows whole(
      Rows rows, int first, int count, int size, int padded, Scratch.Use use, Scratch scratch) {
    if (rows.at(first + count - 1) + padded <= rows.array().length) {
      return new Rows(rows.array(), rows.at(first), rows.stride(), count);
    }
    float[] copy = scratch.floats(use, count * padded);
    for (int r = 0; r < count; r++) {
      System.arraycopy(rows.array(), rows.at(first + r), copy, r * padded, size);
    }
    return new Rows(copy, 0, padded, count);
  }

  /**
   * partial[k, n] += Σᵣ x[r, k]·gy[r, n], summed in the order of r.
   *
   * @param x with K in whole tiles values that may be read in each row
   * @param gy with N in whole vectors values that may be read in each row
   * @param partial (K in whole tiles, N in whole vectors) from {@code at} on, modified
   */
  void weightGradient(Rows x, Rows gy, WeightMatrix w, float[] partial, int at) {
    int tiles = wholeTiles(w.depth()) / tile;
    int columns = w.paddedRows();
    int vector = width / 2;
    for (int n = 0; n < columns; n += width) {
      kernels.multiplyStrided(
          Math.min(width, columns - n) / vector,
          tiles,
          x.count(),
          x.array(),
          x.offset(),
          1,
          x.stride(),
          gy.array(),
          gy.offset() + n,
          gy.stride(),
          partial,
          at + n,
          columns,
          partial,
          at + n,
          columns);
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
