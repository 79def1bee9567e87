package dev.diarist.weights;

import dev.diarist.nn.graph.Graph;
import dev.diarist.nn.graph.Shape;
import dev.diarist.nn.weights.DType;
import dev.diarist.nn.weights.Weights;
import dev.diarist.nn.weights.WeightsException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
    List<String> findings = findings(graph);
    if (!findings.isEmpty()) {
      throw new WeightsException(where + ": " + findings.getFirst());
    }
  }

  /** A sentence for each tensor that is missing, left over, or of another type or shape. */
  List<String> findings(Graph graph) {
    List<String> findings = new ArrayList<>();
    Map<String, Shape> expected = graph.parameters();
    for (Map.Entry<String, Shape> tensor : expected.entrySet()) {
      finding(tensor.getKey(), tensor.getValue().dimensions()).ifPresent(findings::add);
    }
    for (String name : weights.names()) {
      if (!expected.containsKey(name)) {
        findings.add("tensor '%s' is none of this network's".formatted(name));
      }
    }
    return findings;
  }

  private Optional<String> finding(String name, int[] shape) {
    if (!weights.contains(name)) {
      return Optional.of("tensor '%s' is missing".formatted(name));
    }
    if (!Arrays.equals(weights.shape(name), Arrays.stream(shape).asLongStream().toArray())) {
      return Optional.of(
          "tensor '%s' must have shape %s, has %s"
              .formatted(name, Arrays.toString(shape), Arrays.toString(weights.shape(name))));
    }
    DType type = weights.tensor(name).type();
    Set<DType> types = name.endsWith(COUNTER) ? EnumSet.of(DType.I64) : REAL;
    return types.contains(type)
        ? Optional.empty()
        : Optional.of(
            "tensor '%s' must have one of the types %s, has %s".formatted(name, types, type));
  }
}
