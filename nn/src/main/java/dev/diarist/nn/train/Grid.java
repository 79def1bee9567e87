package dev.diarist.nn.train;

import dev.diarist.nn.graph.Shape;

/**
 * A value with its channels last as rows of pixels: a (C, T) has one row, a (C) one pixel.
 *
 * @param offset where the first channel of the first pixel lies
 * @param row floats from one row of pixels to the next
 */
record Grid(int channels, int height, int width, int offset, int row) {

  /** The pixels of a value of that shape in {@link Layout#channelsLast}. */
  static Grid of(Shape shape, int border) {
    int channels = shape.dimension(0);
    return switch (shape.rank()) {
      case 1 -> new Grid(channels, 1, 1, 0, channels);
      case 2 -> new Grid(channels, 1, shape.dimension(1), 0, channels * shape.dimension(1));
      default -> {
        int row = Layout.bordered(shape.dimension(2), border) * channels;
        int offset = border * row + border * channels;
        yield new Grid(channels, shape.dimension(1), shape.dimension(2), offset, row);
      }
    };
  }

  int pixels() {
    return height * width;
  }

  /** Where the first channel of the first pixel of a row lies; rows may be those of the border. */
  int at(int y) {
    return offset + y * row;
  }
}
