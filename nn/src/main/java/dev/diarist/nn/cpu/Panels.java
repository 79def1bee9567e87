package dev.diarist.nn.cpu;

import dev.diarist.nn.backend.CacheLine;

/**
 * A matrix (depth, columns) and a bias (columns), packed for {@link PanelProduct}: panels of {@code
 * 2·L} columns one after the other, each row-major (depth, 2·L), so that a product reads its panel
 * from one end to the other. Columns are filled up with zeros.
 *
 * @param width columns of a panel, 2·L
 * @param values (count, depth, width) from {@link CacheLine#START} on, not modified once packed
 * @param bias (count · width) from {@link CacheLine#START} on, not modified once packed
 */
record Panels(int depth, int columns, int width, float[] values, float[] bias) {

  /** An element of the matrix. */
  @FunctionalInterface
  interface Matrix {
    double at(int row, int column);
  }

  /** An element of the bias. */
  @FunctionalInterface
  interface Vector {
    double at(int column);
  }

  static Panels of(int depth, int columns, int lanes, Matrix matrix, Vector bias) {
    Panels panels = zeros(depth, columns, lanes);
    for (int n = 0; n < columns; n++) {
      int column = panels.index(0, n);
      for (int k = 0; k < depth; k++) {
        panels.values[column + k * panels.width] = (float) matrix.at(k, n);
      }
      panels.bias[CacheLine.START + n] = (float) bias.at(n);
    }
    return panels;
  }

  /** A matrix of zeros, to be filled before it is used. */
  static Panels zeros(int depth, int columns, int lanes) {
    int width = 2 * lanes;
    int padded = Math.ceilDiv(columns, width) * width;
    int size = Math.multiplyExact(padded, depth);
    float[] values = new float[Math.addExact(CacheLine.START, size)];
    return new Panels(depth, columns, width, values, new float[CacheLine.START + padded]);
  }

  /** Where an element of the matrix lies among the values. */
  int index(int row, int column) {
    return panel(column / width) + row * width + column % width;
  }

  /** Where panel {@code p} begins among the values. */
  int panel(int p) {
    return CacheLine.START + p * depth * width;
  }

  int count() {
    return Math.ceilDiv(columns, width);
  }

  /** Columns with those filled up. */
  int paddedColumns() {
    return count() * width;
  }

  /**
   * c = a · matrix + bias for the rows of a.
   *
   * @param c (rows rounded up to whole tiles, {@link #paddedColumns}) from {@link CacheLine#START}
   *     on, overwritten
   */
  void multiply(PanelProduct product, int rows, float[] a, int offset, int stride, float[] c) {
    int groups = Math.ceilDiv(rows, PanelProduct.ROWS);
    int padded = paddedColumns();
    for (int p = 0; p < count(); p++) {
      int n = CacheLine.START + p * width; // bias[n..], c[0,n..]
      product.multiply(
          groups, depth, a, offset, stride, values, panel(p), bias, n, 0, c, n, padded);
    }
  }
}
