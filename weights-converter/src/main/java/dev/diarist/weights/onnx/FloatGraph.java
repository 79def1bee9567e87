package dev.diarist.weights.onnx;

import dev.diarist.nn.weights.DType;
import dev.diarist.nn.weights.Tensor;
import dev.diarist.nn.weights.WeightsException;
import dev.diarist.weights.archive.AllocationBudget;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * An ONNX graph seen as if it had never been quantised: the steps that turn numbers into integers
 * and back are looked through, and integer weights are turned back into numbers.
 *
 * <p>Source: the graphs that {@code quantize_dynamic} of onnxruntime makes.
 */
final class FloatGraph {
  private static final Set<String> SEEN_THROUGH =
      Set.of("DynamicQuantizeLinear", "QuantizeLinear", "Cast", "Identity");
  private static final Set<String> INTEGER_PRODUCTS = Set.of("MatMulInteger", "ConvInteger");
  private static final String QUANTISED = "_quantized";
  private static final int MAX_CHAIN = 16;

  private final OnnxModel model;
  private final Map<String, String> aliases = new HashMap<>();
  private final Map<String, OnnxNode> producers = new HashMap<>();
  private final Map<String, List<OnnxNode>> readers = new HashMap<>();
  private final Map<String, Optional<Tensor>> dequantised = new HashMap<>();
  private final AllocationBudget budget;

  /**
   * @param budget what the dequantised weights may take
   */
  FloatGraph(OnnxModel model, AllocationBudget budget) {
    this.model = model;
    this.budget = budget;
    for (OnnxNode node : model.nodes()) {
      if (node.outputs().isEmpty()) {
        continue;
      }
      Optional<String> same = sameAs(node);
      if (same.isPresent()) {
        aliases.put(node.output(), same.get());
      } else {
        producers.put(node.output(), node);
      }
      for (String input : same.isPresent() ? List.<String>of() : node.inputs()) {
        readers.computeIfAbsent(resolved(input), name -> new ArrayList<>()).add(node);
      }
    }
  }

  List<OnnxNode> nodes() {
    return model.nodes();
  }

  /** The nodes that read a value. */
  List<OnnxNode> readers(String value) {
    return readers.getOrDefault(resolved(value), List.of());
  }

  /**
   * The value whose numbers the output of {@code node} holds, scaled or not; empty if a new one.
   */
  private Optional<String> sameAs(OnnxNode node) {
    if (SEEN_THROUGH.contains(node.op()) && node.hasInput(0)) {
      return Optional.of(resolved(node.inputs().getFirst()));
    }
    if (node.op().equals("Mul")) { // by the scales, behind a product of integers
      for (String input : node.inputs()) {
        OnnxNode producer = producers.get(resolved(input));
        if (producer != null && INTEGER_PRODUCTS.contains(producer.op())) {
          return Optional.of(producer.output());
        }
      }
    }
    return Optional.empty();
  }

  private String resolved(String name) {
    return aliases.getOrDefault(name, name);
  }

  /** Whether a value is known without running the graph. */
  boolean isConstant(String name) {
    return shape(name).isPresent();
  }

  /**
   * The shape of a stored tensor, whatever its numbers and however it is turned; empty if there is
   * none of that name.
   */
  Optional<long[]> shape(String name) {
    return stored(resolved(name)).map(tensor -> tensor.shape().clone());
  }

  /** The tensor, quantised or not, from which a value is made by nothing but turning it. */
  private Optional<Tensor> stored(String name) {
    String at = name;
    for (int depth = 0; depth < MAX_CHAIN; depth++) {
      Tensor stored = model.constants().get(at);
      OnnxNode producer = producers.get(at);
      boolean turnsBack =
          producer != null
              && Set.of("Reshape", "Transpose", "DequantizeLinear").contains(producer.op())
              && producer.hasInput(0);
      if (stored != null || !turnsBack) {
        return Optional.ofNullable(stored);
      }
      at = resolved(producer.input(0));
    }
    return Optional.empty();
  }

  /**
   * A tensor that the graph stores, as floats where it was quantised.
   *
   * @param channelAxis of the quantisation where each channel has a scale of its own
   * @throws IllegalArgumentException if it stores none of that name, or it is too large
   */
  Tensor constant(String name, int channelAxis) {
    String resolved = resolved(name);
    Optional<Tensor> known = dequantised.get(resolved);
    if (known == null) {
      known = constant(resolved, channelAxis, 0);
      dequantised.put(resolved, known);
    }
    return known.orElseThrow(
        () -> new IllegalArgumentException("'%s' is no stored tensor".formatted(name)));
  }

  private Optional<Tensor> constant(String alias, int channelAxis, int depth) {
    String name = resolved(alias);
    Tensor stored = model.constants().get(name);
    if (stored != null) {
      boolean quantised = name.endsWith(QUANTISED) && !stored.type().isReal();
      return Optional.of(quantised ? dequantised(name, stored, channelAxis) : stored);
    }
    OnnxNode producer = producers.get(name);
    if (producer == null || depth == MAX_CHAIN || !producer.hasInput(0)) {
      return Optional.empty();
    }
    return switch (producer.op()) {
      case "Reshape" -> constant(producer.input(0), channelAxis, depth + 1);
      case "Transpose" ->
          constant(producer.input(0), 1 - channelAxis, depth + 1)
              .map(
                  matrix -> {
                    spend(matrix.bytes().byteSize());
                    return transposed(matrix);
                  });
      case "DequantizeLinear" ->
          Optional.ofNullable(model.constants().get(producer.input(0)))
              .map(q -> dequantised(producer, q, (int) producer.integer("axis", channelAxis)));
      default -> Optional.empty();
    };
  }

  private Tensor dequantised(OnnxNode node, Tensor integers, int channelAxis) {
    Tensor scale = needed(node.input(1));
    Tensor zero = node.hasInput(2) ? needed(node.input(2)) : null;
    return dequantised(integers, scale, zero, channelAxis);
  }

  private Tensor dequantised(String name, Tensor integers, int channelAxis) {
    String base = name.substring(0, name.length() - QUANTISED.length());
    return dequantised(
        integers,
        needed(base + "_scale"),
        model.constants().get(base + "_zero_point"),
        channelAxis);
  }

  private Tensor needed(String name) {
    Tensor tensor = model.constants().get(name);
    if (tensor == null) {
      throw new IllegalArgumentException("'%s' is no stored tensor".formatted(name));
    }
    return tensor;
  }

  /**
   * (q − zero) · scale, with one scale for all, for each channel, or for each direction and gate of
   * an LSTM, its first and last axis.
   *
   * @param zero null for 0
   */
  private Tensor dequantised(Tensor integers, Tensor scale, Tensor zero, int channelAxis) {
    spend(Float.BYTES * integers.elements());
    float[] scales = scale.toFloats();
    long[] zeros = zero == null ? new long[scales.length] : zero.toLongs();
    long[] shape = integers.shape();
    int axis = channelAxis < 0 ? shape.length + channelAxis : channelAxis;
    int channels = axis >= 0 && axis < shape.length ? Math.toIntExact(shape[axis]) : 1;
    int last = shape.length == 0 ? 1 : Math.toIntExact(shape[shape.length - 1]);
    boolean both =
        scale.shape().length == 2 && scales.length == (long) channels * last && axis == 0;
    boolean each = scales.length > 1;
    if (zeros.length != scales.length
        || scales.length == 0
        || each && !both && scales.length != channels) {
      throw new IllegalArgumentException(
          "quantised weights need one scale and zero point, or one for each of %d channels; found"
                  .formatted(channels)
              + " %d and %d".formatted(scales.length, zeros.length));
    }
    long inner = 1; // numbers from one channel to the next
    for (int d = axis + 1; each && d < shape.length; d++) {
      inner *= shape[d];
    }
    long[] q = integers.toLongs();
    float[] values = new float[q.length];
    for (int i = 0; i < values.length; i++) {
      int c = each ? (int) (i / inner % channels) : 0;
      int s = both ? c * last + i % last : c;
      values[i] = (float) (q[i] - zeros[s]) * scales[s];
    }
    return Tensor.of(values, shape);
  }

  /**
   * @throws IllegalArgumentException if so many bytes are not in proportion to the file
   */
  void spend(long bytes) {
    try {
      budget.spend("its weights", bytes);
    } catch (WeightsException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  /** The rows of a matrix as columns. */
  static Tensor transposed(Tensor matrix) {
    long[] shape = matrix.shape();
    if (shape.length != 2 || matrix.type() != DType.F32) {
      throw new IllegalArgumentException("a matrix of F32 is needed, found " + matrix.type());
    }
    int rows = (int) shape[0];
    int columns = (int) shape[1];
    float[] from = matrix.toFloats();
    float[] to = new float[from.length];
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < columns; c++) {
        to[c * rows + r] = from[r * columns + c];
      }
    }
    return Tensor.of(to, columns, rows);
  }
}
