package dev.diarist.nn.cpu;

import dev.diarist.nn.graph.Graph;
import dev.diarist.nn.graph.Node;
import dev.diarist.nn.graph.Op;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which columns of the images before a {@link Hearing} reach its result: what no mask or weight
 * counts is not read, nor what only that would read. In front of the pooling of a chunk in which
 * speakers pause, a part of every convolution need not be computed.
 *
 * <p>Goes from the listener back through the convolutions, by the reach of their kernels. Anything
 * that other steps read is computed whole.
 */
final class HeardColumns {
  /** Everything is computed. */
  static final HeardColumns ALL = new HeardColumns(null, List.of());

  private final Hearing listener;

  /** In the order in which they run; the last one makes what is heard. */
  private final List<Link> links;

  /**
   * @param x number of the convolution that makes what this one reads; −1 where another step does
   * @param residual the same of what is added
   */
  private record Link(ImageStep step, int x, int residual) {}

  private HeardColumns(Hearing listener, List<Link> links) {
    this.listener = listener;
    this.links = links;
  }

  /** Of a graph and the steps that it was lowered to. */
  static HeardColumns of(Graph graph, List<Step> steps) {
    if (!endsInListening(graph)) {
      return ALL;
    }
    List<ImageStep> convolutions = new ArrayList<>();
    for (int i = steps.size() - 1; i >= 0; i--) {
      if (steps.get(i) instanceof Hearing listener) {
        for (int j = i - 1; j >= 0 && steps.get(j) instanceof ImageStep step; j--) {
          convolutions.add(step);
        }
        Collections.reverse(convolutions);
        return of(listener, convolutions);
      }
    }
    return ALL;
  }

  private static HeardColumns of(Hearing listener, List<ImageStep> convolutions) {
    Map<Buffers.Buffer, Integer> makers = new HashMap<>();
    List<Link> links = new ArrayList<>();
    for (ImageStep step : convolutions) {
      int x = makers.getOrDefault(step.x().buffer(), -1);
      int residual =
          step.residual() == null ? -1 : makers.getOrDefault(step.residual().buffer(), -1);
      makers.put(step.y().buffer(), links.size());
      links.add(new Link(step, x, residual));
    }
    boolean heard = makers.getOrDefault(listener.x().buffer(), -1) == links.size() - 1;
    return !links.isEmpty() && heard ? new HeardColumns(listener, links) : ALL;
  }

  /** Whether what comes after the one op that weighs times reads nothing else from before it. */
  private static boolean endsInListening(Graph graph) {
    Set<Node> after = new HashSet<>();
    for (Node node : graph.nodes()) {
      boolean reads = node.inputs().stream().anyMatch(after::contains);
      if (!after.isEmpty() && !(reads && after.containsAll(node.inputs()))) {
        return false;
      }
      if (weighs(node) || reads) {
        after.add(node);
      }
    }
    return after.contains(graph.output());
  }

  /** Whether a node weighs times, by what is known before a run. */
  private static boolean weighs(Node node) {
    boolean weighs = node.op() instanceof Op.StatsPool || node.op() instanceof Op.Weigh;
    return weighs && node.inputs().size() > 1 && isGiven(node.inputs().get(1));
  }

  private static boolean isGiven(Node node) {
    return node.op() instanceof Op.Input
        || node.op() instanceof Op.Reshape && isGiven(node.input());
  }

  /** The steps, with what is not computed made 0. */
  List<Step> clearing(List<Step> steps) {
    if (links.isEmpty()) {
      return List.copyOf(steps);
    }
    List<Step> all = new ArrayList<>();
    for (Step step : steps) {
      all.add(step);
      if (step instanceof ImageStep image) {
        all.add(new ClearColumns(image.y(), image.columns()));
      }
    }
    return all;
  }

  /** Reads the masks or weights of a run and tells the convolutions what to compute. */
  void listen(int examples) {
    if (links.isEmpty()) {
      return;
    }
    boolean[][][] needed = new boolean[links.size()][][]; // (convolutions, examples, columns)
    for (int i = 0; i < needed.length; i++) {
      needed[i] = new boolean[examples][links.get(i).step().columns().width()];
    }
    for (int b = 0; b < examples; b++) {
      needed[needed.length - 1][b] = listener.heard(b);
      for (int i = needed.length - 1; i >= 0; i--) {
        passOn(links.get(i), needed, i, b);
      }
    }
    for (int i = 0; i < links.size(); i++) {
      links.get(i).step().columns().need(needed[i]);
    }
  }

  /** What a convolution reads to compute what is needed of it. */
  private static void passOn(Link link, boolean[][][] needed, int number, int b) {
    ImageStep step = link.step();
    boolean[] own = needed[number][b];
    for (int column = 0; column < own.length; column++) {
      if (own[column] && link.residual() >= 0) {
        needed[link.residual()][b][column] = true;
      }
      if (own[column] && link.x() >= 0) {
        boolean[] read = needed[link.x()][b];
        int first = column * step.stride() - step.padding();
        int end = Math.min(first + step.kernel(), read.length);
        for (int c = Math.max(first, 0); c < end; c++) {
          read[c] = true;
        }
      }
    }
  }
}
