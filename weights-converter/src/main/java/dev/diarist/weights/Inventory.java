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
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a network expects of a checkpoint, gathered name by name and then compared: exactly these
 * tensors, of exactly these shapes.
 */
final class Inventory {
  private static final Set<DType> REAL = EnumSet.of(DType.F16, DType.BF16, DType.F32, DType.F64);
  private static final Set<DType> COUNTER = EnumSet.of(DType.I64);

  /** Three digits exceed every network; a tensor of a larger number is left over. */
  private static final String NUMBER = "(0|[1-9][0-9]{0,2})(?![0-9])";

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

  boolean containsEnding(String prefix, String ending) {
    return weights.names().stream()
        .anyMatch(name -> name.startsWith(prefix) && name.endsWith(ending));
  }

  /** One more than the largest number that follows the prefix in a tensor's name. */
  int count(String prefix) {
    Pattern numbered = Pattern.compile(Pattern.quote(prefix) + NUMBER);
    int count = 0;
    for (String name : weights.names()) {
      Matcher matcher = numbered.matcher(name);
      if (matcher.lookingAt()) {
        count = Math.max(count, Integer.parseInt(matcher.group(1)) + 1);
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
