package dev.diarist.weights;

import dev.diarist.nn.weights.DType;
import dev.diarist.nn.weights.Tensor;
import dev.diarist.nn.weights.Weights;
import dev.diarist.nn.weights.WeightsException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * What a network expects of a checkpoint, gathered name by name and then compared: exactly these
 * tensors, of exactly these shapes.
 */
final class Inventory {
  private static final Set<DType> REAL = EnumSet.of(DType.F16, DType.BF16, DType.F32, DType.F64);
  private static final Set<DType> COUNTER = EnumSet.of(DType.I64);

  private record Expected(Set<DType> types, long[] shape) {}

  private final Weights weights;
  private final String file;
  private final Architecture architecture;
  private final Map<String, Expected> expected = new LinkedHashMap<>();

  Inventory(Weights weights, String file, Architecture architecture) {
    this.weights = weights;
    this.file = file;
    this.architecture = architecture;
  }

  void expect(String name, long... shape) {
    expected.put(name, new Expected(REAL, shape));
  }

  /** A single 64-bit integer. */
  void expectCounter(String name) {
    expected.put(name, new Expected(COUNTER, new long[0]));
  }

  boolean contains(String name) {
    return weights.contains(name);
  }

  /**
   * A size that the checkpoint chooses itself.
   *
   * @throws WeightsException if the tensor is missing or its rank is another
   */
  long size(String name, int rank, int axis) throws WeightsException {
    if (!weights.contains(name)) {
      throw error(name, "is missing");
    }
    long[] shape = weights.shape(name);
    if (shape.length != rank || shape[axis] < 1) {
      throw error(
          name,
          "must have %d dimensions of at least 1, has shape %s"
              .formatted(rank, Arrays.toString(shape)));
    }
    return shape[axis];
  }

  /** One more than the largest number that stands between prefix and suffix in a tensor's name. */
  int count(String prefix, String suffix) {
    int count = 0;
    for (String name : weights.names()) {
      if (name.startsWith(prefix)
          && name.endsWith(suffix)
          && name.length() > prefix.length() + suffix.length()) {
        String digits = name.substring(prefix.length(), name.length() - suffix.length());
        // Four digits exceed every network; a larger number is left over in the comparison.
        if (digits.matches("0|[1-9][0-9]{0,3}")) {
          count = Math.max(count, Integer.parseInt(digits) + 1);
        }
      }
    }
    return count;
  }

  /**
   * @throws WeightsException if a tensor is missing, left over, or of another type or shape
   */
  void check() throws WeightsException {
    for (Map.Entry<String, Expected> entry : expected.entrySet()) {
      check(entry.getKey(), entry.getValue());
    }
    for (String name : weights.names()) {
      if (!expected.containsKey(name)) {
        throw error(name, "is none of this network's");
      }
    }
  }

  private void check(String name, Expected expectation) throws WeightsException {
    if (!weights.contains(name)) {
      throw error(name, "is missing");
    }
    Tensor tensor = weights.tensor(name);
    if (!Arrays.equals(tensor.shape(), expectation.shape)) {
      throw error(
          name,
          "must have shape %s, has %s"
              .formatted(Arrays.toString(expectation.shape), Arrays.toString(tensor.shape())));
    }
    if (!expectation.types.contains(tensor.type())) {
      throw error(
          name,
          "must have one of the types %s, has %s".formatted(expectation.types, tensor.type()));
    }
  }

  private WeightsException error(String tensor, String reason) {
    return new WeightsException(
        "%s: %s: tensor '%s' %s".formatted(file, architecture.className(), tensor, reason));
  }
}
