package dev.diarist.nn.train;

import dev.diarist.nn.backend.WinogradTransforms;
import dev.diarist.nn.graph.Shape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Where the values of one example lie: element (i, j, …) at offset + i·strides[0] + j·strides[1] +
 * …. A dimension of length 1 has stride 0, so that layouts of the same places are equal.
 *
 * @param shape of the example
 * @param size floats of one example, those of a border included
 */
record Layout(int offset, Shape shape, List<Integer> strides, int size) {

  Layout {
    strides = List.copyOf(strides);
  }

  private static Layout of(int offset, Shape shape, int size, Integer... strides) {
    List<Integer> own = new ArrayList<>();
    for (int i = 0; i < strides.length; i++) {
      own.add(shape.dimension(i) == 1 ? Integer.valueOf(0) : strides[i]);
    }
    return new Layout(offset, shape, own, size);
  }

  /** Row-major, without a border. */
  static Layout rowMajor(Shape shape) {
    Integer[] strides = new Integer[shape.rank()];
    int stride = 1;
    for (int i = shape.rank() - 1; i >= 0; i--) {
      strides[i] = stride;
      stride *= shape.dimension(i);
    }
    return of(0, shape, shape.size(), strides);
  }

  /**
   * The channels of one time or pixel side by side: (C) as it is, (C, T) as (T, C), (C, H, W) as
   * (H, W, C). Where images have a border, for the padding of convolutions, it is {@code border}
   * pixels wide on each side, and at the end as much wider as makes whole Winograd tiles.
   *
   * @throws IllegalArgumentException if the shape has more than three dimensions
   */
  static Layout channelsLast(Shape shape, int border) {
    int channels = shape.dimension(0);
    return switch (shape.rank()) {
      case 1 -> rowMajor(shape);
      case 2 -> of(0, shape, shape.size(), 1, channels);
      case 3 -> {
        int row = bordered(shape.dimension(2), border) * channels;
        int size = Math.multiplyExact(bordered(shape.dimension(1), border), row);
        yield of(border * row + border * channels, shape, size, 1, row, channels);
      }
      default ->
          throw new IllegalArgumentException("at most 3 dimensions can be trained, got " + shape);
    };
  }

  /** Pixels of a row or column of {@code count} with its border. */
  static int bordered(int count, int border) {
    int tile = border == 0 ? 1 : WinogradTransforms.TILE;
    return Math.ceilDiv(count, tile) * tile + 2 * border;
  }

  /** The same places with the last two dimensions swapped. */
  Layout transposed(Shape swapped) {
    List<Integer> own = new ArrayList<>(strides);
    Collections.swap(own, own.size() - 1, own.size() - 2);
    return new Layout(offset, swapped, own, size);
  }

  /** The place of the value that comes {@code index}-th in row-major order. */
  int place(int index) {
    int at = offset;
    int rest = index;
    for (int i = shape.rank() - 1; i >= 0; i--) {
      at += rest % shape.dimension(i) * strides.get(i);
      rest /= shape.dimension(i);
    }
    return at;
  }
}
