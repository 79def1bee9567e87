package dev.diarist.weights.onnx;

import dev.diarist.nn.weights.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A step of an ONNX graph.
 *
 * <p>Source: {@code NodeProto} and {@code AttributeProto} in onnx.proto.
 *
 * @param op {@code Conv}, {@code Relu}, …
 * @param inputs names of values; an empty one is left out
 * @param integers attributes that are an integer or a list of them
 * @param numbers attributes that are a number
 * @param texts attributes that are text
 * @param value the tensor of a constant, otherwise null
 */
record OnnxNode(
    String op,
    List<String> inputs,
    List<String> outputs,
    Map<String, List<Long>> integers,
    Map<String, Float> numbers,
    Map<String, String> texts,
    Tensor value) {
  private static final int MAX_NAMES = 1_000;

  OnnxNode {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    integers = Collections.unmodifiableMap(integers);
    numbers = Collections.unmodifiableMap(numbers);
    texts = Collections.unmodifiableMap(texts);
  }

  static OnnxNode read(ProtoMessage message, ExternalData external) {
    List<String> inputs = new ArrayList<>();
    List<String> outputs = new ArrayList<>();
    Attributes attributes = new Attributes(external);
    String op = "";
    while (message.next()) {
      switch (message.field()) {
        case 1 -> add(inputs, message.text());
        case 2 -> add(outputs, message.text());
        case 4 -> op = message.text();
        case 5 -> attributes.read(message.message());
        default -> message.skip();
      }
    }
    return new OnnxNode(
        op,
        inputs,
        outputs,
        attributes.integers,
        attributes.numbers,
        attributes.texts,
        attributes.value);
  }

  private static void add(List<String> names, String name) {
    if (names.size() == MAX_NAMES) {
      throw new IllegalArgumentException(
          "a node must have at most %d inputs and outputs".formatted(MAX_NAMES));
    }
    names.add(name);
  }

  boolean hasInput(int i) {
    return i < inputs.size() && !inputs.get(i).isEmpty();
  }

  /**
   * @throws IllegalArgumentException if the node has no such input
   */
  String input(int i) {
    if (!hasInput(i)) {
      throw new IllegalArgumentException("%s has no input %d".formatted(this, i));
    }
    return inputs.get(i);
  }

  /**
   * @throws IllegalArgumentException if the node has no output
   */
  String output() {
    if (outputs.isEmpty()) {
      throw new IllegalArgumentException(op + " has no output");
    }
    return outputs.getFirst();
  }

  /** The first integer of an attribute, or {@code otherwise} where it is absent. */
  long integer(String attribute, long otherwise) {
    List<Long> found = integers.getOrDefault(attribute, List.of());
    return found.isEmpty() ? otherwise : found.getFirst();
  }

  @Override
  public String toString() {
    return "%s '%s'".formatted(op, outputs.isEmpty() ? "" : outputs.getFirst());
  }

  private static final class Attributes {
    private static final int MAX_INTEGERS = 10_000;

    private final Map<String, List<Long>> integers = new HashMap<>();
    private final Map<String, Float> numbers = new HashMap<>();
    private final Map<String, String> texts = new HashMap<>();
    private final ExternalData external;
    private Tensor value;

    Attributes(ExternalData external) {
      this.external = external;
    }

    void read(ProtoMessage message) {
      String name = "";
      while (message.next()) {
        switch (message.field()) {
          case 1 -> name = message.text();
          case 2 -> numbers.put(name, message.number());
          case 3 -> add(name, message.integer());
          case 4 -> texts.put(name, message.text());
          case 5 -> value = OnnxTensor.read(message.message(), external).tensor();
          case 8 -> {
            if (message.hasLength()) {
              var packed = message.window();
              while (packed.hasRemaining()) {
                add(name, ProtoMessage.varint(packed));
              }
            } else {
              add(name, message.integer());
            }
          }
          default -> message.skip();
        }
      }
    }

    private void add(String name, long integer) {
      List<Long> list = integers.computeIfAbsent(name, n -> new ArrayList<>());
      if (list.size() == MAX_INTEGERS) {
        throw new IllegalArgumentException("attribute '%s' is too long".formatted(name));
      }
      list.add(integer);
    }
  }
}
