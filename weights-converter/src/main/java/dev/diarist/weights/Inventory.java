package dev.diarist.weights;

import dev.diarist.nn.graph.Graph;
import dev.diarist.nn.graph.Shape;
import dev.diarist.nn.weights.DType;
import dev.diarist.nn.weights.Weights;
import dev.diarist.nn.weights.WeightsException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/** Compares a checkpoint with what its network reads: exactly these tensors, of these shapes. */
final class Inventory {
  private static final Set<DType> REAL = EnumSet.of(DType.F16, DType.BF16, DType.F32, DType.F64);

  /** A batch norm's number of training steps, which comes with it and means nothing here. */
  private static final String COUNTER = ".num_batches_tracked";

  private final Weights weights;

  /** What messages begin with: file and network. */
  private final String where;

  Inventory(Weights weights, String where) {
    this.weights = weights;
    this.where = where;
  }

  /**
   * @throws WeightsException if a tensor is missing, left over, or of another type or shape
   */
  void check(Graph graph) throws WeightsException {
    Map<String, Shape> expected = graph.parameters();
    for (Map.Entry<String, Shape> tensor : expected.entrySet()) {
      check(tensor.getKey(), tensor.getValue().dimensions());
    }
    for (String name : weights.names()) {
      if (!expected.containsKey(name)) {
        throw error(name, "is none of this network's");
      }
    }
  }

  private void check(String name, int[] shape) throws WeightsException {
    if (!weights.contains(name)) {
      throw error(name, "is missing");
    }
    if (!Arrays.equals(weights.shape(name), Arrays.stream(shape).asLongStream().toArray())) {
      throw error(
          name,
          "must have shape %s, has %s"
              .formatted(Arrays.toString(shape), Arrays.toString(weights.shape(name))));
    }
    DType type = weights.tensor(name).type();
    Set<DType> types = name.endsWith(COUNTER) ? EnumSet.of(DType.I64) : REAL;
    if (!types.contains(type)) {
      throw error(name, "must have one of the types %s, has %s".formatted(types, type));
    }
  }

  private WeightsException error(String tensor, String reason) {
    return new WeightsException("%s: tensor '%s' %s".formatted(where, tensor, reason));
  }
}
