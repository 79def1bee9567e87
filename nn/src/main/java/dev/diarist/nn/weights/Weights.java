package dev.diarist.nn.weights;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Named tensors and the string metadata that came with them; immutable. Only {@link #array} touches
 * ND4J, so that weights can be read where its native library is absent.
 */
public final class Weights {
  private final Map<String, Tensor> tensors;
  private final Map<String, String> metadata;

  private Weights(Map<String, Tensor> tensors, Map<String, String> metadata) {
    this.tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
    this.metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
  }

  /** Weights over {@code tensors}, in that order. */
  public static Weights of(Map<String, Tensor> tensors, Map<String, String> metadata) {
    return new Weights(tensors, metadata);
  }

  /** Tensor names in stored order. */
  public Set<String> names() {
    return tensors.keySet();
  }

  public boolean contains(String name) {
    return tensors.containsKey(name);
  }

  public Map<String, String> metadata() {
    return metadata;
  }

  /**
   * @throws IllegalArgumentException if there is no tensor of that name
   */
  public Tensor tensor(String name) {
    Tensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new IllegalArgumentException(
          "no tensor '%s' among the %d tensors of %s"
              .formatted(name, tensors.size(), metadata.getOrDefault("source", "these weights")));
    }
    return tensor;
  }

  /**
   * A new array with the values of a tensor converted to float, row-major; see {@link
   * Tensor#toFloats}.
   *
   * @throws IllegalArgumentException if there is no tensor of that name
   */
  public float[] floats(String name) {
    return tensor(name).toFloats();
  }

  /**
   * A new array with the values of an integer tensor, row-major; see {@link Tensor#toLongs}.
   *
   * @throws IllegalArgumentException if there is no tensor of that name or it is no integer tensor
   */
  public long[] longs(String name) {
    return tensor(name).toLongs();
  }

  /**
   * A new float INDArray with the shape and values of a tensor; a scalar stays a scalar.
   *
   * @throws IllegalArgumentException if there is no tensor of that name
   */
  @SuppressWarnings("exports") // whoever calls this has ND4J
  public INDArray array(String name) {
    Tensor tensor = tensor(name);
    long[] shape = tensor.shape();
    if (tensor.elements() == 0) {
      return Nd4j.create(DataType.FLOAT, shape);
    }
    float[] values = tensor.toFloats();
    return shape.length == 0 ? Nd4j.scalar(values[0]) : Nd4j.create(values, shape, 'c');
  }

  /**
   * A copy of the shape of a tensor; empty for a scalar.
   *
   * @throws IllegalArgumentException if there is no tensor of that name
   */
  public long[] shape(String name) {
    return tensor(name).shape().clone();
  }
}
