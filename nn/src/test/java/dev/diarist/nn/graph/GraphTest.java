package dev.diarist.nn.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Set;
import org.junit.jupiter.api.Test;

class GraphTest {

  @Test
  void shapesFollowFromTheOps() {
    Graph.Builder graph = Graph.builder("test");
    Node x = graph.input("x", 1, 160000);
    x = graph.add("sinc", new Op.SincConv(80, 251, 10, 16000), x);
    assertEquals(Shape.of(80, 15975), x.shape());
    x = graph.add("pool", new Op.MaxPool1d(3), x);
    assertEquals(Shape.of(80, 5325), x.shape());
    x = graph.add("conv", new Op.Conv1d(60, 5, 1), x);
    assertEquals(Shape.of(60, 5321), x.shape());
    x = graph.add("turn", new Op.Transpose(), x);
    assertEquals(Shape.of(5321, 60), x.shape());
    x = graph.add("lstm", new Op.Lstm(128, 4, true), x);
    assertEquals(Shape.of(5321, 256), x.shape());
  }

  @Test
  void aConvolutionOfStrideTwoHalvesAnImageRoundingUp() {
    Graph.Builder graph = Graph.builder("test");
    Node image = graph.input("x", 32, 80, 125);
    Node half = graph.add("conv", new Op.Conv2d(64, 3, 2, 1), image);
    assertEquals(Shape.of(64, 40, 63), half.shape());
  }

  @Test
  void anOpThatDoesNotFitNamesItselfAndTheShapes() {
    Graph.Builder graph = Graph.builder("test");
    Node x = graph.input("x", 2, 100);
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> graph.add("sincnet.conv1d.0", new Op.SincConv(80, 251, 10, 16000), x));
    assertEquals(
        "SincConv sincnet.conv1d.0: one input channel is needed, got (2, 100)", e.getMessage());
    e =
        assertThrows(
            IllegalArgumentException.class, () -> graph.add("conv", new Op.Conv1d(60, 101, 1), x));
    assertEquals("Conv1d conv: at least 101 positions are needed, got 100", e.getMessage());
  }

  @Test
  void namesAreUnique() {
    Graph.Builder graph = Graph.builder("test");
    Node x = graph.input("x", 2, 100);
    assertThrows(IllegalArgumentException.class, () -> graph.add("x", new Op.Relu(), x));
  }

  @Test
  void aModuleIsANameForItsLastNode() {
    Graph.Builder graph = Graph.builder("test");
    Node x = graph.input("x", 4);
    Node first = graph.add("layer1.0", new Op.Relu(), x);
    Node last = graph.module("layer1", graph.add("layer1.1", new Op.Abs(), first));
    Graph built = graph.build(last);
    assertSame(last, built.node("layer1"));
    assertEquals(Set.of("layer1", "layer1.0", "layer1.1"), built.matching("layer1*").keySet());
    assertEquals(Set.of("layer1.0", "layer1.1"), built.matching("layer1.*").keySet());
    assertThrows(IllegalArgumentException.class, () -> built.matching("layer2*"));
  }

  @Test
  void parametersAreNamedAndShapedAsInPyTorch() {
    Graph.Builder graph = Graph.builder("test");
    Node x = graph.input("x", 7, 60);
    Node y = graph.add("lstm", new Op.Lstm(8, 2, true), x);
    Graph built = graph.build(y);
    assertEquals(16, built.parameters().size());
    assertEquals(Shape.of(32, 60), built.parameters().get("lstm.weight_ih_l0"));
    assertEquals(Shape.of(32, 16), built.parameters().get("lstm.weight_ih_l1_reverse"));
    assertEquals(Shape.of(32, 8), built.parameters().get("lstm.weight_hh_l1"));
  }

  @Test
  void masksAreSampledAtTheNearestFrameInFloat32() {
    int[] expected = {0, 4, 9, 14, 18, 23, 28, 32};
    for (int frame = 0; frame < expected.length; frame++) {
      assertEquals(expected[frame], Op.StatsPool.nearest(frame, 125, 589));
    }
    assertEquals(584, Op.StatsPool.nearest(124, 125, 589));
    assertEquals(57, Op.StatsPool.nearest(57, 589, 589));
  }
}
