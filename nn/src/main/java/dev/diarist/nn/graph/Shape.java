package dev.diarist.nn.graph;

import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * The dimensions of one example, row-major, without the batch dimension {@code B} that every array
 * carries first.
 */
public final class Shape {
  private final int[] dimensions;

  private Shape(int[] dimensions) {
    this.dimensions = dimensions;
  }

  /**
   * @throws IllegalArgumentException if a dimension is below 1, or there are 2³¹ values or more
   */
  public static Shape of(int... dimensions) {
    long size = 1;
    for (int d : dimensions) {
      if (d < 1) {
        throw new IllegalArgumentException(
            "every dimension must be at least 1, got " + Arrays.toString(dimensions));
      }
      size *= d; // both below 2^31
      if (size > Integer.MAX_VALUE) {
        throw new IllegalArgumentException(
            "a shape must have fewer than 2^31 values, got " + Arrays.toString(dimensions));
      }
    }
    return new Shape(dimensions.clone());
  }

  public int rank() {
    return dimensions.length;
  }

  /** Dimension {@code i}; negative {@code i} counts from the last one. */
  public int dimension(int i) {
    return dimensions[i < 0 ? dimensions.length + i : i];
  }

  public int[] dimensions() {
    return dimensions.clone();
  }

  /** Number of values in one example. */
  public int size() {
    int size = 1;
    for (int d : dimensions) {
      size *= d;
    }
    return size;
  }

  /** The dimensions of {@code batch} examples together. */
  public long[] batched(int batch) {
    long[] batched = new long[dimensions.length + 1];
    batched[0] = batch;
    for (int i = 0; i < dimensions.length; i++) {
      batched[i + 1] = dimensions[i];
    }
    return batched;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Shape shape && Arrays.equals(dimensions, shape.dimensions);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(dimensions);
  }

  @Override
  public String toString() {
    return Arrays.stream(dimensions)
        .mapToObj(Integer::toString)
        .collect(Collectors.joining(", ", "(", ")"));
  }
}
