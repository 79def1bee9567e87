package dev.diarist.nn.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * A network as data: nodes in an order in which each comes after its inputs. It holds no weights
 * and does no arithmetic; a {@link dev.diarist.nn.backend.Backend} runs it.
 */
public final class Graph {
  private final String name;
  private final Map<String, Node> nodes;
  private final Map<String, Node> modules;
  private final Node output;

  private Graph(Builder builder, Node output) {
    this.name = builder.name;
    this.nodes = Collections.unmodifiableMap(new LinkedHashMap<>(builder.nodes));
    this.modules = Collections.unmodifiableMap(new LinkedHashMap<>(builder.modules));
    this.output = output;
  }

  public static Builder builder(String name) {
    return new Builder(name);
  }

  public String name() {
    return name;
  }

  public List<Node> nodes() {
    return List.copyOf(nodes.values());
  }

  /** The nodes whose values a run is given, in the order they were declared. */
  public List<Node> inputs() {
    return nodes.values().stream().filter(node -> node.op() instanceof Op.Input).toList();
  }

  public Node output() {
    return output;
  }

  /**
   * The node of that name, or the last node of the module of that name.
   *
   * @throws IllegalArgumentException if there is neither
   */
  public Node node(String nameOrModule) {
    Node node = nodes.getOrDefault(nameOrModule, modules.get(nameOrModule));
    if (node == null) {
      throw new IllegalArgumentException(
          "graph " + name + " has no node or module " + nameOrModule);
    }
    return node;
  }

  /**
   * The nodes whose name, or whose module's name, matches a pattern in which {@code *} stands for
   * any characters; keyed by the name that matched.
   *
   * @throws IllegalArgumentException if none matches
   */
  public Map<String, Node> matching(String pattern) {
    Pattern regex = Pattern.compile(Pattern.quote(pattern).replace("*", "\\E.*\\Q"));
    Map<String, Node> matching = new LinkedHashMap<>();
    for (Map<String, Node> named : List.of(nodes, modules)) {
      named.forEach(
          (key, node) -> {
            if (regex.matcher(key).matches()) {
              matching.put(key, node);
            }
          });
    }
    if (matching.isEmpty()) {
      throw new IllegalArgumentException("graph " + name + " has no node or module " + pattern);
    }
    return matching;
  }

  /** Names and shapes of every tensor that the nodes read. */
  public Map<String, Shape> parameters() {
    Map<String, Shape> parameters = new LinkedHashMap<>();
    nodes.values().forEach(node -> parameters.putAll(node.parameters()));
    return parameters;
  }

  /** Collects nodes; each {@code add} infers and checks the shape of what it adds. */
  public static final class Builder {
    private final String name;
    private final Map<String, Node> nodes = new LinkedHashMap<>();
    private final Map<String, Node> modules = new LinkedHashMap<>();

    private Builder(String name) {
      this.name = name;
    }

    public Node input(String name, int... dimensions) {
      return add(name, new Op.Input(Shape.of(dimensions)));
    }

    /**
     * @throws IllegalArgumentException if the name is taken or the op does not fit its inputs
     */
    public Node add(String name, Op op, Node... inputs) {
      List<Node> from = new ArrayList<>(Arrays.asList(inputs));
      Shape shape;
      try {
        shape = op.infer(from.stream().map(Node::shape).toList());
      } catch (IllegalArgumentException e) {
        String kind = op.getClass().getSimpleName();
        throw new IllegalArgumentException(kind + " " + name + ": " + e.getMessage(), e);
      }
      Node node = new Node(name, op, from, shape);
      if (nodes.putIfAbsent(name, node) != null) {
        throw new IllegalArgumentException("graph " + this.name + " has two nodes " + name);
      }
      return node;
    }

    /** Gives the output of a module made of several nodes the module's name. */
    public Node module(String name, Node output) {
      modules.put(name, output);
      return output;
    }

    public Graph build(Node output) {
      return new Graph(this, output);
    }
  }
}
