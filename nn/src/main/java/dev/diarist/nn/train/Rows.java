package dev.diarist.nn.train;

/**
 * Rows of floats that lie at even distances in an array and may overlap, as the windows of a
 * convolution do.
 *
 * @param array not modified
 * @param offset where the first row begins
 * @param stride floats from one row to the next
 */
record Rows(float[] array, int offset, int stride, int count) {
  /** Where a row begins. */
  int at(int row) {
    return offset + row * stride;
  }
}
