package dev.diarist.nn.graph;

import java.util.List;

/** The checks that shape inference shares. */
final class Shapes {
  private Shapes() {}

  static void require(boolean condition, String message, Object... arguments) {
    if (!condition) {
      throw new IllegalArgumentException(String.format(message, arguments));
    }
  }

  static void arity(List<Shape> inputs, int min, int max) {
    require(
        inputs.size() >= min && inputs.size() <= max,
        "%d to %d inputs are needed, got %d",
        min,
        max,
        inputs.size());
  }

  /** The only input, whose rank must lie in the range given. */
  static Shape only(List<Shape> inputs, int minRank, int maxRank) {
    arity(inputs, 1, 1);
    Shape in = inputs.getFirst();
    require(
        in.rank() >= minRank && in.rank() <= maxRank,
        "a shape of %d to %d dimensions is needed, got %s",
        minRank,
        maxRank,
        in);
    return in;
  }

  /** Positions of a kernel: 1 + ⌊(length + 2·padding − kernel) / stride⌋. */
  static int positions(int length, int kernel, int stride, int padding) {
    require(stride >= 1, "a stride of at least 1 is needed, got %d", stride);
    int room = length + 2 * padding - kernel;
    require(room >= 0, "at least %d positions are needed, got %d", kernel - 2 * padding, length);
    return 1 + room / stride;
  }
}
