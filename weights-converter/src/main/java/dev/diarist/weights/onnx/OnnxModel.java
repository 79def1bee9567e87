package dev.diarist.weights.onnx;

import dev.diarist.nn.weights.Tensor;
import dev.diarist.nn.weights.WeightsException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An ONNX model as far as its weights need it.
 *
 * <p>Source: {@code ModelProto} and {@code GraphProto} in onnx.proto.
 *
 * @param nodes in an order in which each comes after its inputs
 * @param constants stored tensors by their names, and those of {@code Constant} nodes
 * @param metadata what the exporter wrote beside the graph
 */
record OnnxModel(
    List<OnnxNode> nodes, Map<String, Tensor> constants, Map<String, String> metadata) {
  /** The models of the pipeline have 600 nodes. */
  private static final int MAX_NODES = 100_000;

  private static final int MAX_METADATA = 1_000;

  /**
   * @param bytes of the model; the tensors are windows into them
   * @param file what messages call them
   * @param external where tensors may be instead
   * @throws WeightsException if they are no such model
   */
  static OnnxModel read(ByteBuffer bytes, String file, ExternalData external)
      throws WeightsException {
    OnnxModel model =
        new OnnxModel(new ArrayList<>(), new LinkedHashMap<>(), new LinkedHashMap<>());
    try {
      ProtoMessage message = new ProtoMessage(bytes);
      while (message.next()) {
        switch (message.field()) {
          case 7 -> model.readGraph(message.message(), external);
          case 14 -> model.readProperty(message.message());
          default -> message.skip();
        }
      }
    } catch (IllegalArgumentException e) {
      throw new WeightsException(file + ": broken or refused ONNX model: " + e.getMessage(), e);
    }
    return model;
  }

  private void readGraph(ProtoMessage message, ExternalData external) {
    while (message.next()) {
      switch (message.field()) {
        case 1 -> readNode(message.message(), external);
        case 5 -> {
          OnnxTensor.Named stored = OnnxTensor.read(message.message(), external);
          addConstant(stored.name(), stored.tensor());
        }
        default -> message.skip();
      }
    }
  }

  private void readNode(ProtoMessage message, ExternalData external) {
    OnnxNode node = OnnxNode.read(message, external);
    if (nodes.size() == MAX_NODES) {
      throw new IllegalArgumentException("must have at most %d nodes".formatted(MAX_NODES));
    }
    nodes.add(node);
    if (node.op().equals("Constant") && node.value() != null) {
      addConstant(node.output(), node.value());
    }
  }

  private void addConstant(String name, Tensor tensor) {
    if (constants.size() == MAX_NODES) {
      throw new IllegalArgumentException("must have at most %d tensors".formatted(MAX_NODES));
    }
    if (constants.putIfAbsent(name, tensor) != null) {
      throw new IllegalArgumentException("two tensors have the name '%s'".formatted(name));
    }
  }

  private void readProperty(ProtoMessage message) {
    String key = "";
    String value = "";
    while (message.next()) {
      switch (message.field()) {
        case 1 -> key = message.text();
        case 2 -> value = message.text();
        default -> message.skip();
      }
    }
    if (metadata.size() < MAX_METADATA) {
      metadata.put(key, value);
    }
  }
}
