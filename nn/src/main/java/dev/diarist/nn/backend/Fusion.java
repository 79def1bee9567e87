package dev.diarist.nn.backend;

import dev.diarist.nn.graph.Graph;
import dev.diarist.nn.graph.Node;
import dev.diarist.nn.graph.Op;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which nodes run as one: a node and those after it that are applied to its values while these are
 * at hand. A node is absorbed only if nobody else reads what it reads. For backends that compute
 * more than one node at a time.
 */
public final class Fusion {
  private final Graph graph;

  /** Nodes whose value must exist. */
  private final Set<Node> kept;

  private final Map<Node, List<Node>> readers = new HashMap<>();

  /**
   * @param head what is computed
   * @param absorbed what is applied to it, in order
   */
  public record Unit(Node head, List<Node> absorbed) {
    /** The node whose value the unit gives. */
    public Node last() {
      return absorbed.isEmpty() ? head : absorbed.getLast();
    }

    /** The absorbed node of that kind, or null. */
    public Node absorbed(Class<? extends Op> kind) {
      return absorbed.stream().filter(node -> kind.isInstance(node.op())).findFirst().orElse(null);
    }

    /** By which negative results are multiplied: 1 where no activation was absorbed. */
    public float slope() {
      Node leaky = absorbed(Op.LeakyRelu.class);
      if (leaky != null) {
        return (float) ((Op.LeakyRelu) leaky.op()).slope();
      }
      return absorbed(Op.Relu.class) != null ? 0 : 1;
    }

    /** Nodes that the unit reads, once for each time. */
    public List<Node> reads() {
      List<Node> reads = new ArrayList<>(head.inputs());
      for (Node node : absorbed) {
        reads.addAll(node.inputs().subList(1, node.inputs().size()));
      }
      return reads;
    }
  }

  private Fusion(Graph graph, Set<Node> kept) {
    this.graph = graph;
    this.kept = kept;
  }

  /**
   * The units that the output and the {@code kept} nodes need, each after those it reads.
   *
   * @param kept nodes that are not to be absorbed into
   */
  public static List<Unit> of(Graph graph, Set<Node> kept) {
    Set<Node> wanted = new HashSet<>(kept);
    wanted.add(graph.output());
    return new Fusion(graph, wanted).units();
  }

  private List<Unit> units() {
    Set<Node> needed = needed();
    for (Node node : graph.nodes()) {
      if (needed.contains(node)) {
        node.inputs().forEach(in -> readers.computeIfAbsent(in, n -> new ArrayList<>()).add(node));
      }
    }
    Set<Node> absorbed = new HashSet<>();
    Map<Node, Unit> byLast = new HashMap<>();
    for (Node node : graph.nodes()) {
      if (needed.contains(node) && !absorbed.contains(node)) {
        Unit unit = unit(node);
        absorbed.addAll(unit.absorbed());
        byLast.put(unit.last(), unit);
      }
    }
    return graph.nodes().stream().filter(byLast::containsKey).map(byLast::get).toList();
  }

  private Set<Node> needed() {
    Set<Node> needed = new HashSet<>(kept);
    for (Node node : graph.nodes().reversed()) {
      if (needed.contains(node) || node.op() instanceof Op.Input) {
        needed.add(node);
        needed.addAll(node.inputs());
      }
    }
    return needed;
  }

  private Unit unit(Node head) {
    List<Node> absorbed = new ArrayList<>();
    Node last = head;
    for (Node next = onlyReader(last); next != null; next = onlyReader(last)) {
      if (!absorbs(head, absorbed, last, next)) {
        break;
      }
      absorbed.add(next);
      last = next;
    }
    return new Unit(head, absorbed);
  }

  private Node onlyReader(Node node) {
    List<Node> all = readers.getOrDefault(node, List.of());
    return kept.contains(node) || all.size() != 1 ? null : all.getFirst();
  }

  private static boolean absorbs(Node head, List<Node> absorbed, Node last, Node next) {
    if (next.inputs().getFirst() != last) {
      return false; // the second summand of a sum: it is read by the unit of the first one
    }
    Class<?> before = absorbed.isEmpty() ? null : last.op().getClass();
    return switch (head.op()) {
      case Op.Conv2d conv ->
          switch (next.op()) {
            case Op.BatchNorm norm -> before == null;
            case Op.Add add -> before == null || before == Op.BatchNorm.class;
            case Op.Relu relu -> before != Op.Relu.class;
            default -> false;
          };
      case Op.SincConv conv -> absorbsAfterRows(before, next);
      case Op.Conv1d conv -> absorbsAfterRows(before, next);
      case Op.Linear linear -> before == null && isActivation(next);
      case Op.InstanceNorm norm -> before == null && isActivation(next);
      default -> false;
    };
  }

  private static boolean absorbsAfterRows(Class<?> before, Node next) {
    return switch (next.op()) {
      case Op.Abs abs -> before == null;
      case Op.MaxPool1d pool -> before == null || before == Op.Abs.class;
      default ->
          isActivation(next)
              && (before == null || before == Op.Abs.class || before == Op.MaxPool1d.class);
    };
  }

  private static boolean isActivation(Node node) {
    return node.op() instanceof Op.Relu || node.op() instanceof Op.LeakyRelu;
  }
}
