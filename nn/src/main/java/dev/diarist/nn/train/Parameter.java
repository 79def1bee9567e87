package dev.diarist.nn.train;

import dev.diarist.nn.graph.Shape;
import dev.diarist.nn.weights.DType;
import dev.diarist.nn.weights.Tensor;
import java.util.Arrays;

/**
 * A named array of a network: learned, or a buffer that no gradient reaches, such as the running
 * mean of a batch norm.
 */
public final class Parameter {
  private final String name;
  private final Shape shape;
  private final DType type;
  private final boolean learned;
  private final float[] value;
  private final float[] gradient;
  private boolean frozen;

  /**
   * @param type in which it is stored: F32 for all but counters
   * @param learned whether a gradient by it can be had
   * @param value the parameter's from now on
   */
  Parameter(String name, Shape shape, DType type, boolean learned, float[] value) {
    if (value.length != shape.size()) {
      throw new IllegalArgumentException(
          "parameter %s must have the %d values of %s, got %d"
              .formatted(name, shape.size(), shape, value.length));
    }
    this.name = name;
    this.shape = shape;
    this.type = type;
    this.learned = learned;
    this.value = value;
    this.gradient = learned ? new float[value.length] : new float[0];
  }

  /** A learned parameter that belongs to a loss rather than to a network. */
  public static Parameter learned(String name, Shape shape, float[] value) {
    return new Parameter(name, shape, DType.F32, true, value);
  }

  public String name() {
    return name;
  }

  public Shape shape() {
    return shape;
  }

  /** The array that the network reads; whoever trains it modifies it. */
  public float[] value() {
    return value;
  }

  /** The gradient of the loss by the value, which passes back add to; empty for a buffer. */
  public float[] gradient() {
    return gradient;
  }

  /** Whether it is learned and not frozen. */
  public boolean trainable() {
    return learned && !frozen;
  }

  void freeze(boolean frozen) {
    this.frozen = frozen;
  }

  void clearGradient() {
    Arrays.fill(gradient, 0);
  }

  /** A copy to be stored. */
  Tensor tensor() {
    long[] dimensions = Arrays.stream(shape.dimensions()).asLongStream().toArray();
    if (type != DType.I64) {
      return Tensor.of(value, dimensions);
    }
    long[] longs = new long[value.length];
    for (int i = 0; i < longs.length; i++) {
      longs[i] = (long) value[i]; // counters of batches: exact below 2^24
    }
    return Tensor.of(longs, dimensions);
  }
}
