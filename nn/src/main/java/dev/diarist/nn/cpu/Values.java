package dev.diarist.nn.cpu;

import dev.diarist.nn.graph.Node;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The values of a graph's nodes while it is lowered: where they lie, in which layouts, and how long
 * they are needed.
 */
final class Values {
  private final Buffers buffers;
  private final List<Step> steps;

  /** The value of a node in each layout that somebody asked for, the original first. */
  private final Map<Node, List<Value>> known = new HashMap<>();

  private final Map<Node, Integer> pendingReads = new HashMap<>();

  /**
   * @param steps to which the conversions are added that somebody asks for
   */
  Values(Buffers buffers, List<Step> steps) {
    this.buffers = buffers;
    this.steps = steps;
  }

  Buffers buffers() {
    return buffers;
  }

  Value take(Layout layout) {
    return new Value(layout, buffers.take(layout));
  }

  void put(Node node, Value value) {
    known.put(node, new ArrayList<>(List.of(value)));
  }

  void replace(Node node, Value value) {
    release(node);
    put(node, value);
  }

  void expectRead(Node node) {
    pendingReads.merge(node, 1, Integer::sum);
  }

  /** After the last read expected the buffers of a node are free for others. */
  void read(Node node) {
    if (pendingReads.merge(node, -1, Integer::sum) == 0) {
      release(node);
    }
  }

  private void release(Node node) {
    known.remove(node).forEach(value -> value.buffer().release());
  }

  /** The value of a node in the layout it was computed in. */
  Value asIs(Node node) {
    return known.get(node).getFirst();
  }

  Value rowMajor(Node node) {
    return in(new Layout.RowMajor(node.shape().size()), node);
  }

  /** The value of a node (C, T) as (T, C). */
  Value channelsLast(Node node) {
    return in(Layout.channelsLast(node.shape().dimension(0), node.shape().dimension(1)), node);
  }

  /** The value of a node in that layout, by way of row-major order if need be. */
  Value in(Layout layout, Node node) {
    for (Value value : known.get(node)) {
      if (value.layout().equals(layout)) {
        return value;
      }
    }
    Value from = asIs(node);
    if (!(layout instanceof Layout.RowMajor) && !(from.layout() instanceof Layout.RowMajor)) {
      from = rowMajor(node);
    }
    Value converted = take(layout);
    steps.add(new Pointwise.Convert(from, converted));
    known.get(node).add(converted);
    return converted;
  }
}
