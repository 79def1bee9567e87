package dev.diarist.nn.train;

import dev.diarist.nn.graph.Graph;
import dev.diarist.nn.graph.Shape;
import dev.diarist.nn.weights.DType;
import dev.diarist.nn.weights.Tensor;
import dev.diarist.nn.weights.Weights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** The parameters of a network, and of its loss where that has any, in the order of the graph. */
public final class Parameters {
  /** The last parts of the names of tensors that are not learned. */
  private static final Set<String> BUFFERS =
      Set.of("window_", "n_", "running_mean", "running_var", "num_batches_tracked");

  private final Map<String, Parameter> parameters = new LinkedHashMap<>();

  private Parameters(Collection<Parameter> parameters) {
    parameters.forEach(parameter -> this.parameters.put(parameter.name(), parameter));
  }

  /**
   * Copies of the tensors that a graph reads.
   *
   * @throws IllegalArgumentException if one is missing or has another shape
   */
  public static Parameters of(Graph graph, Weights weights) {
    List<Parameter> parameters = new ArrayList<>();
    graph
        .parameters()
        .forEach(
            (name, shape) -> {
              long[] expected = Arrays.stream(shape.dimensions()).asLongStream().toArray();
              if (!Arrays.equals(weights.shape(name), expected)) {
                throw new IllegalArgumentException(
                    "tensor %s must be %s, got %s"
                        .formatted(name, shape, Arrays.toString(weights.shape(name))));
              }
              boolean learned = !BUFFERS.contains(name.substring(name.lastIndexOf('.') + 1));
              DType type = weights.tensor(name).type() == DType.I64 ? DType.I64 : DType.F32;
              parameters.add(new Parameter(name, shape, type, learned, weights.floats(name)));
            });
    return new Parameters(parameters);
  }

  /** These parameters in this order. */
  public static Parameters of(List<Parameter> parameters) {
    return new Parameters(parameters);
  }

  /** These parameters and those of somebody else, such as a loss; the same arrays. */
  public Parameters and(Parameters others) {
    List<Parameter> both = new ArrayList<>(parameters.values());
    both.addAll(others.parameters.values());
    return new Parameters(both);
  }

  public Collection<Parameter> all() {
    return parameters.values();
  }

  /** Those that are learned and not frozen. */
  public List<Parameter> trainable() {
    return parameters.values().stream().filter(Parameter::trainable).toList();
  }

  /**
   * @throws IllegalArgumentException if there is none of that name
   */
  public Parameter get(String name) {
    Parameter parameter = parameters.get(name);
    if (parameter == null) {
      throw new IllegalArgumentException(
          "no parameter '%s' among %d".formatted(name, parameters.size()));
    }
    return parameter;
  }

  /**
   * Freezes every parameter whose name matches a pattern in which {@code *} stands for any
   * characters; to be called before a network is made of them, which then leaves out the arithmetic
   * that only they need.
   *
   * @throws IllegalArgumentException if none matches
   */
  public void freeze(String pattern) {
    Pattern regex = Pattern.compile(Pattern.quote(pattern).replace("*", "\\E.*\\Q"));
    List<Parameter> matching =
        parameters.values().stream().filter(p -> regex.matcher(p.name()).matches()).toList();
    if (matching.isEmpty()) {
      throw new IllegalArgumentException("no parameter matches " + pattern);
    }
    matching.forEach(parameter -> parameter.freeze(true));
  }

  /** Sets every gradient to 0. */
  public void clearGradients() {
    parameters.values().forEach(Parameter::clearGradient);
  }

  /** The learned values of all parameters. */
  public long learnedValues() {
    return parameters.values().stream().mapToLong(p -> p.gradient().length).sum();
  }

  /** A copy of the values as they are now. */
  public Weights weights(Map<String, String> metadata) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    parameters.forEach((name, parameter) -> tensors.put(name, parameter.tensor()));
    return Weights.of(tensors, metadata);
  }

  /**
   * Replaces every value by that of a tensor.
   *
   * @throws IllegalArgumentException if one is missing or has another number of values
   */
  public void load(Weights weights) {
    parameters.forEach((name, parameter) -> copy(weights.floats(name), parameter));
  }

  private static void copy(float[] values, Parameter parameter) {
    Shape shape = parameter.shape();
    if (values.length != shape.size()) {
      throw new IllegalArgumentException(
          "tensor %s must be %s, got %d values".formatted(parameter.name(), shape, values.length));
    }
    System.arraycopy(values, 0, parameter.value(), 0, values.length);
  }
}
