package dev.diarist.nn.graph;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One step of a network.
 *
 * @param name the PyTorch module path, {@code resnet.layer3.2.conv1}; the node's tensors are named
 *     after it
 * @param inputs the nodes it reads
 * @param shape of the output for one example
 */
public record Node(String name, Op op, List<Node> inputs, Shape shape) {

  public Node {
    inputs = List.copyOf(inputs);
  }

  public Node input() {
    return inputs.getFirst();
  }

  public List<Shape> inputShapes() {
    return inputs.stream().map(Node::shape).toList();
  }

  /** Full names and shapes of the tensors the node reads. */
  public Map<String, Shape> parameters() {
    Map<String, Shape> named = new LinkedHashMap<>();
    op.parameters(inputShapes()).forEach((part, shape) -> named.put(name + "." + part, shape));
    return named;
  }

  /** Identity: two nodes are equal only if they are the same node. */
  @Override
  public boolean equals(Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return name.hashCode();
  }

  @Override
  public String toString() {
    return name + " " + op + " → " + shape;
  }
}
