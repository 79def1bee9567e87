package dev.diarist.nn.model;

import dev.diarist.nn.weights.Weights;
import java.util.Arrays;

/** Reads the sizes of a network off the names and shapes of its tensors. */
final class Sizes {
  private final Weights weights;

  Sizes(Weights weights) {
    this.weights = weights;
  }

  /**
   * @throws IllegalArgumentException if the tensor is missing or its rank is another
   */
  int size(String name, int rank, int axis) {
    if (!weights.contains(name)) {
      throw new IllegalArgumentException("tensor '" + name + "' is missing");
    }
    long[] shape = weights.shape(name);
    if (shape.length != rank || shape[axis] < 1 || shape[axis] > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "tensor '%s' must have %d dimensions of at least 1, has shape %s"
              .formatted(name, rank, Arrays.toString(shape)));
    }
    return (int) shape[axis];
  }

  /**
   * One more than the largest number that follows {@code prefix} in a tensor's name, so that a gap
   * in the numbers is a missing tensor rather than the end.
   */
  int count(String prefix) {
    int count = 0;
    for (String name : weights.names()) {
      if (name.startsWith(prefix)) {
        String digits = name.substring(prefix.length()).split("[^0-9]", 2)[0];
        // Four digits exceed every network; what has more stays a tensor that nothing reads.
        if (digits.matches("0|[1-9][0-9]{0,3}")) {
          count = Math.max(count, Integer.parseInt(digits) + 1);
        }
      }
    }
    return count;
  }

  boolean anyWith(String prefix, String ending) {
    return weights.names().stream()
        .anyMatch(name -> name.startsWith(prefix) && name.endsWith(ending));
  }
}
