package dev.diarist.nn.weights;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Named tensors and the string metadata that came with them; immutable. */
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
    throw new IllegalStateException("helper");
  }

  /** A new array with the values of a tensor converted to float, row-major. */
  public float[] floats(String name) {
    throw new IllegalStateException("helper");
  }

  /** A new float INDArray with the shape and values of a tensor. */
  public INDArray array(String name) {
    throw new IllegalStateException("helper");
  }

  /** The shape of a tensor. */
  public long[] shape(String name) {
    throw new IllegalStateException("helper");
  }
}
