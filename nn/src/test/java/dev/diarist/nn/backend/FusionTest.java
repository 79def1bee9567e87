package dev.diarist.nn.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.diarist.nn.graph.Graph;
import dev.diarist.nn.graph.Node;
import dev.diarist.nn.graph.Op;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FusionTest {
  private final Graph.Builder builder = Graph.builder("block");
  private final Node x = builder.input("x", 4, 6, 6);
  private final Node conv = builder.add("conv", new Op.Conv2d(4, 3, 1, 1), x);
  private final Node norm = builder.add("norm", new Op.BatchNorm(1e-5), conv);
  private final Node shortcut = builder.add("shortcut", new Op.Conv2d(4, 1, 1, 0), x);
  private final Node sum = builder.add("sum", new Op.Add(), norm, shortcut);
  private final Graph graph = builder.build(builder.add("relu", new Op.Relu(), sum));

  private static List<String> names(List<Fusion.Unit> units) {
    return units.stream()
        .map(
            unit ->
                unit.head().name()
                    + unit.absorbed().stream().map(node -> "+" + node.name()).toList())
        .toList();
  }

  @Test
  void aResidualBlockIsOneConvolutionAfterItsShortcut() {
    assertEquals(
        List.of("x[]", "shortcut[]", "conv[+norm, +sum, +relu]"),
        names(Fusion.of(graph, Set.of())));
  }

  @Test
  void aNodeThatIsKeptEndsItsUnit() {
    assertEquals(
        List.of("x[]", "conv[+norm]", "shortcut[]", "sum[]", "relu[]"),
        names(Fusion.of(graph, Set.of(norm))));
  }

  @Test
  void aNodeWithTwoReadersEndsItsUnit() {
    Graph.Builder two = Graph.builder("two");
    Node in = two.input("in", 2, 9);
    Node linear = two.add("linear", new Op.Linear(3), in);
    Node relu = two.add("relu", new Op.Relu(), linear);
    Graph both = two.build(two.add("sum", new Op.Add(), relu, linear));
    assertEquals(List.of("in[]", "linear[]", "relu[]", "sum[]"), names(Fusion.of(both, Set.of())));
  }

  @Test
  void whatNobodyReadsDoesNotRun() {
    Graph.Builder dead = Graph.builder("dead");
    Node in = dead.input("in", 2, 9);
    dead.add("unread", new Op.Abs(), in);
    Graph graph = dead.build(dead.add("read", new Op.Relu(), in));
    assertEquals(List.of("in[]", "read[]"), names(Fusion.of(graph, Set.of())));
  }
}
