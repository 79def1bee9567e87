package dev.diarist.nn.tornado;

import dev.diarist.nn.graph.Node;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import uk.ac.manchester.tornado.api.KernelContext;

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

  /** An array for values; a border in it is zero. */
  Value take(Layout layout) {
    int before = buffers.count();
    Value value = new Value(layout, buffers.take(layout));
    boolean isNew = buffers.count() > before;
    if (isNew && layout instanceof Layout.Image image && image.border() > 0) {
      steps.add(zero(value));
    }
    return value;
  }

  /** TornadoVM moves nothing to an array that a kernel writes first, so zeros must be computed. */
  private static Step zero(Value y) {
    KernelContext context = new KernelContext();
    int size = y.layout().floats();
    return new Step.Launch(
        List.of(y),
        List.of(),
        Step.elements(size),
        (graph, name) -> graph.task(name, Elements::zero, context, y.array(), size));
  }

  void put(Node node, Value value) {
    known.put(node, new ArrayList<>(List.of(value)));
  }

  void expectRead(Node node) {
    pendingReads.merge(node, 1, Integer::sum);
  }

  /** After the last read expected the buffers of a node are free for others. */
  void read(Node node) {
    if (pendingReads.merge(node, -1, Integer::sum) == 0) {
      known.remove(node).forEach(value -> value.buffer().release());
    }
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
    if (layout instanceof Layout.Image && from.layout() instanceof Layout.Image) {
      from = rowMajor(node);
    }
    Value converted;
    if (sameOrder(layout) || sameOrder(from.layout())) {
      converted = new Value(layout, from.buffer().share());
    } else {
      converted = take(layout);
      steps.add(convert(from, converted));
    }
    known.get(node).add(converted);
    return converted;
  }

  /** Whether an image is the same array as its values in row-major order. */
  private static boolean sameOrder(Layout layout) {
    return layout instanceof Layout.Image image
        && image.border() == 0
        && (image.channels() == 1 || image.height() * image.width() == 1);
  }

  private static Step convert(Value x, Value y) {
    KernelContext context = new KernelContext();
    boolean pack = y.layout() instanceof Layout.Image;
    Layout.Image image = pack ? y.image() : x.image();
    int channels = image.channels();
    int height = image.height();
    int width = image.width();
    int origin = image.origin();
    int row = image.row();
    int example = image.floats();
    return new Step.Launch(
        List.of(x, y),
        List.of(),
        Step.elements(image.size()),
        pack
            ? (graph, name) ->
                graph.task(
                    name,
                    Elements::toImage,
                    context,
                    x.array(),
                    y.array(),
                    channels,
                    height,
                    width,
                    origin,
                    row,
                    example)
            : (graph, name) ->
                graph.task(
                    name,
                    Elements::fromImage,
                    context,
                    x.array(),
                    y.array(),
                    channels,
                    height,
                    width,
                    origin,
                    row,
                    example));
  }
}
