package dev.diarist.nn.nd4j;

import dev.diarist.nn.backend.Execution;
import dev.diarist.nn.backend.Program;
import dev.diarist.nn.backend.RunInputs;
import dev.diarist.nn.graph.Graph;
import dev.diarist.nn.graph.Node;
import dev.diarist.nn.graph.Op;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Walks the graph node by node and frees each value after its last reader. Each example is walked
 * on its own, by one of the program's threads: ND4J's matrix products round differently for other
 * numbers of rows and threads, and no result may depend on either.
 */
final class Nd4jProgram implements Program {
  private final Graph graph;
  private final Nd4jOps ops;
  private final int batch;
  private final ExecutorService threads;
  private final boolean forked;
  private final Map<Node, Node> lastReader = new HashMap<>();
  private final Map<Node, List<NamedTap>> taps = new HashMap<>();
  private final Map<Node, UnaryOperator<INDArray>> patches = new HashMap<>();

  private record NamedTap(String name, Tap tap) {}

  /** The output of one example, and what the taps saw of it. */
  private record Walked(float[] output, Map<NamedTap, INDArray> seen) {}

  Nd4jProgram(Graph graph, Nd4jOps ops, Execution execution) {
    this.graph = graph;
    this.ops = ops;
    this.batch = execution.batch();
    this.threads =
        Executors.newFixedThreadPool(
            execution.threads(), Thread.ofPlatform().daemon().name("nd4j-", 0).factory());
    this.forked = false;
    for (Node node : graph.nodes()) {
      node.inputs().forEach(input -> lastReader.put(input, node));
      ops.load(node);
    }
  }

  /** A fork of {@code first}. */
  private Nd4jProgram(Nd4jProgram first) {
    graph = first.graph;
    ops = first.ops;
    batch = first.batch;
    threads = first.threads;
    forked = true;
    lastReader.putAll(first.lastReader);
  }

  @Override
  public Graph graph() {
    return graph;
  }

  @Override
  public int batch() {
    return batch;
  }

  @Override
  public float[] run(int examples, float[]... inputs) {
    RunInputs.check(graph, batch, examples, inputs);
    if (threads.isShutdown()) {
      throw new IllegalStateException("the program is closed");
    }
    List<Future<Walked>> running = new ArrayList<>();
    for (int b = 0; b < examples; b++) {
      int example = b;
      running.add(threads.submit(() -> walk(example, inputs)));
    }
    int size = graph.output().shape().size();
    float[] outputs = new float[examples * size];
    Map<NamedTap, List<INDArray>> seen = new LinkedHashMap<>();
    List<Walked> all = all(running);
    for (int b = 0; b < examples; b++) {
      Walked walked = all.get(b);
      System.arraycopy(walked.output(), 0, outputs, b * size, size);
      walked
          .seen()
          .forEach((tap, value) -> seen.computeIfAbsent(tap, t -> new ArrayList<>()).add(value));
    }
    seen.forEach(
        (tap, values) ->
            tap.tap().value(tap.name(), Nd4j.concat(0, values.toArray(INDArray[]::new))));
    return outputs;
  }

  /**
   * Waits for all, whatever happens: what still walks would use weights that are closed meanwhile.
   */
  private static List<Walked> all(List<Future<Walked>> running) {
    List<Walked> all = new ArrayList<>();
    RuntimeException failure = null;
    for (Future<Walked> future : running) {
      try {
        all.add(get(future));
      } catch (RuntimeException e) {
        failure = failure == null ? e : failure;
      }
    }
    if (failure != null) {
      throw failure;
    }
    return all;
  }

  private static Walked get(Future<Walked> future) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return future.get();
        } catch (InterruptedException e) {
          interrupted = true;
        } catch (ExecutionException e) {
          if (e.getCause() instanceof RuntimeException failure) {
            throw failure;
          }
          throw new IllegalStateException(e.getCause());
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private Walked walk(int example, float[][] inputs) {
    Map<Node, INDArray> values = new HashMap<>();
    Map<NamedTap, INDArray> seen = new LinkedHashMap<>();
    int given = 0;
    for (Node node : graph.nodes()) {
      INDArray value =
          node.op() instanceof Op.Input
              ? input(node, example, inputs[given++])
              : ops.apply(node, node.inputs().stream().map(values::get).toList());
      value = patched(node, value);
      values.put(node, value);
      for (NamedTap tap : taps.getOrDefault(node, List.of())) {
        seen.put(tap, value.dup('c'));
      }
      for (Node input : node.inputs()) {
        if (lastReader.get(input) == node && values.get(input).closeable()) {
          values.get(input).close();
        }
      }
    }
    try (INDArray output = values.get(graph.output())) {
      return new Walked(output.dup('c').data().asFloat(), seen);
    }
  }

  private static INDArray input(Node node, int example, float[] values) {
    int size = node.shape().size();
    float[] own = Arrays.copyOfRange(values, example * size, (example + 1) * size);
    return Nd4j.create(own, node.shape().batched(1), 'c');
  }

  private INDArray patched(Node node, INDArray value) {
    UnaryOperator<INDArray> patch = patches.get(node);
    if (patch == null) {
      return value;
    }
    INDArray patched;
    synchronized (patch) {
      patched = patch.apply(value.dup('c')).dup('c');
    }
    if (!Arrays.equals(patched.shape(), value.shape())) {
      throw new IllegalArgumentException(
          String.format(
              "a patch of %s must keep the shape %s, got %s",
              node.name(), Arrays.toString(value.shape()), Arrays.toString(patched.shape())));
    }
    return patched;
  }

  @Override
  public void tap(String pattern, Tap tap) {
    graph
        .matching(pattern)
        .forEach(
            (name, node) ->
                taps.computeIfAbsent(node, absent -> new ArrayList<>())
                    .add(new NamedTap(name, tap)));
  }

  @Override
  public void patch(String name, UnaryOperator<INDArray> patch) {
    patches.put(graph.node(name), patch);
  }

  @Override
  public Program fork() {
    return new Nd4jProgram(this);
  }

  @Override
  public void close() {
    if (!forked) {
      threads.shutdownNow();
      ops.close();
    }
  }
}
