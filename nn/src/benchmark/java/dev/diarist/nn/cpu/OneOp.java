package dev.diarist.nn.cpu;

import dev.diarist.nn.backend.Backends;
import dev.diarist.nn.backend.Execution;
import dev.diarist.nn.backend.Program;
import dev.diarist.nn.graph.Graph;
import dev.diarist.nn.graph.Node;
import dev.diarist.nn.graph.Op;
import dev.diarist.nn.graph.Shape;
import dev.diarist.nn.weights.Weights;

/** An op, and what the network applies to it at once, with seeded weights and input. */
final class OneOp implements AutoCloseable {
  private final Graph graph;
  private final Weights weights;
  private final int batch;
  private final float[][] inputs;
  private final Program reference;

  private OneOp(Graph graph, int batch, float[]... inputs) {
    this.graph = graph;
    this.weights = Networks.weights(graph, 1);
    this.batch = batch;
    this.inputs = inputs;
    this.reference = Backends.choose("nd4j").compile(graph, weights, new Execution(1, batch));
  }

  /** One op after the other on noise of that shape. */
  static OneOp of(int batch, Shape input, Op... ops) {
    Graph.Builder graph = Graph.builder("benchmark");
    Node x = graph.input("x", input.dimensions());
    for (int i = 0; i < ops.length; i++) {
      x = graph.add("op." + i, ops[i], x);
    }
    return new OneOp(graph.build(x), batch, Networks.noise(batch * input.size(), 2));
  }

  /** Statistics pooling of one example (C, T) with masks (S, M). */
  static OneOp pooling(
      int channels, int time, float[] x, int count, int maskFrames, float[] masks) {
    Graph.Builder graph = Graph.builder("benchmark");
    Node image = graph.input("x", channels, time);
    Node mask = graph.input("masks", count, maskFrames);
    return new OneOp(graph.build(graph.add("op", new Op.StatsPool(), image, mask)), 1, x, masks);
  }

  /** As the cpu backend runs it. */
  LoweredStep step(Class<? extends Step> kind, Kernels kernels) {
    return new LoweredStep(kind, kernels, graph, weights, batch, inputs);
  }

  /** The output of the reference backend. */
  float[] nd4j() {
    return reference.run(batch, inputs);
  }

  @Override
  public void close() {
    reference.close();
  }
}
