package dev.diarist.weights.onnx;

import dev.diarist.nn.weights.Tensor;
import dev.diarist.weights.archive.AllocationBudget;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The weights of an exported ResNet, found by walking its blocks from the first convolution on,
 * since exporters join batch norms to convolutions and lose the names.
 */
final class EmbeddingExport {
  private static final Set<String> CONVOLUTIONS = Set.of("Conv", "ConvInteger");

  /** ONNX's own, and the function that PyTorch 2.5's exporter over torch.export writes for it. */
  private static final Set<String> NORMS =
      Set.of("BatchNormalization", "_aten_native_batch_norm_inference_onnx");

  /** PyTorch's default for normalisation layers. */
  private static final double EPSILON = 1e-5;

  /** The variance that a batch norm of this epsilon takes for 1. */
  private static final float UNIT_VARIANCE = (float) (1 - EPSILON);

  private static final int MAX_BLOCKS = 1_000;

  private final FloatGraph graph;
  private final Map<String, Tensor> tensors = new LinkedHashMap<>();

  private EmbeddingExport(FloatGraph graph) {
    this.graph = graph;
  }

  /** Whether the graph has convolutions over images. */
  static boolean is(OnnxModel model, AllocationBudget budget) {
    FloatGraph graph = new FloatGraph(model, budget);
    return model.nodes().stream().anyMatch(node -> isStem(node, graph));
  }

  private static boolean isStem(OnnxNode node, FloatGraph graph) {
    if (!CONVOLUTIONS.contains(node.op()) || !node.hasInput(1)) {
      return false;
    }
    long[] shape = graph.shape(node.input(1)).orElse(new long[0]);
    return shape.length == 4 && shape[1] == 1;
  }

  /**
   * @throws IllegalArgumentException if the graph is not that of such a ResNet
   */
  static Map<String, Tensor> tensors(OnnxModel model, AllocationBudget budget) {
    EmbeddingExport export = new EmbeddingExport(new FloatGraph(model, budget));
    export.walk();
    return export.tensors;
  }

  private void walk() {
    OnnxNode stem =
        graph.nodes().stream().filter(node -> isStem(node, graph)).findFirst().orElseThrow();
    String x = relu(convolution(stem, "resnet.conv1", "resnet.bn1"));
    int layer = 1;
    int block = 0;
    Set<OnnxNode> walked = new HashSet<>(List.of(stem));
    for (int blocks = 0; hasConvolution(x); blocks++) {
      if (blocks == MAX_BLOCKS) {
        throw new IllegalArgumentException("must have at most %d blocks".formatted(MAX_BLOCKS));
      }
      if (blocks > 0 && halves(x)) {
        layer++;
        block = 0;
      }
      x = block("resnet.layer%d.%d".formatted(layer, block++), x, walked);
    }
    List<OnnxNode> linears =
        graph.nodes().stream().filter(node -> LinearLayer.is(node, graph)).toList();
    if (linears.size() != 1) {
      throw new IllegalArgumentException(
          "one linear layer must follow the pooling, found " + linears);
    }
    LinearLayer last = LinearLayer.of(linears.getFirst(), graph);
    tensors.put("resnet.seg_1.weight", last.weight());
    tensors.put("resnet.seg_1.bias", last.bias());
  }

  private boolean hasConvolution(String x) {
    return graph.readers(x).stream().anyMatch(node -> CONVOLUTIONS.contains(node.op()));
  }

  /** Whether the block that reads {@code x} halves the image, as the first of a layer does. */
  private boolean halves(String x) {
    return shortcut(x) != null && shortcut(x).integer("strides", 1) == 2;
  }

  /** The convolution that leads from {@code x} to the sum of the block; null if there is none. */
  private OnnxNode shortcut(String x) {
    for (OnnxNode node : graph.readers(x)) {
      if (CONVOLUTIONS.contains(node.op()) && !isOp(outputOf(node), "Relu")) {
        return node;
      }
    }
    return null;
  }

  private String block(String name, String x, Set<OnnxNode> walked) {
    OnnxNode shortcut = shortcut(x);
    String y = x;
    for (int i = 1; i <= 3; i++) {
      OnnxNode conv =
          graph.readers(y).stream()
              .filter(node -> CONVOLUTIONS.contains(node.op()) && node != shortcut)
              .findFirst()
              .orElseThrow(() -> new IllegalArgumentException(name + " has no next convolution"));
      if (!walked.add(conv)) {
        throw new IllegalArgumentException(name + " leads back into itself");
      }
      y = convolution(conv, name + ".conv" + i, name + ".bn" + i);
      if (isOp(y, "Add")) {
        break;
      }
      y = relu(y);
    }
    if (shortcut != null) {
      convolution(shortcut, name + ".shortcut.0", name + ".shortcut.1");
    }
    if (!isOp(y, "Add")) {
      throw new IllegalArgumentException(name + " must end in a sum");
    }
    return relu(graph.readers(y).getFirst().output());
  }

  /** Adds a convolution and what normalises it; returns the name of the normalised value. */
  private String convolution(OnnxNode node, String name, String norm) {
    Tensor weight = graph.constant(node.input(1), 0);
    if (weight.shape().length != 4) {
      throw new IllegalArgumentException(name + " must have weights of 4 dimensions");
    }
    tensors.put(name + ".weight", weight);
    int channels = Math.toIntExact(weight.shape()[0]);
    graph.spend(4L * Float.BYTES * channels);
    OnnxNode batchNorm = batchNorm(node);
    if (batchNorm == null) {
      addUnitNorm(norm, channels, bias(node, channels));
    } else {
      addNorm(norm, batchNorm);
    }
    tensors.put(norm + ".num_batches_tracked", Tensor.of(new long[] {0}));
    return outputOf(node);
  }

  private void addNorm(String name, OnnxNode node) {
    float otherwise = node.numbers().getOrDefault("eps", (float) EPSILON);
    float epsilon = node.numbers().getOrDefault("epsilon", otherwise);
    if (Math.abs(epsilon - EPSILON) > 1e-9) {
      throw new IllegalArgumentException(name + " must have the epsilon 1e-5, found " + epsilon);
    }
    List<String> parts = List.of("weight", "bias", "running_mean", "running_var");
    for (int i = 0; i < parts.size(); i++) {
      tensors.put(name + "." + parts.get(i), graph.constant(node.input(i + 1), 0));
    }
  }

  private void addUnitNorm(String name, int channels, float[] bias) {
    tensors.put(name + ".weight", filled(channels, 1));
    tensors.put(name + ".bias", Tensor.of(bias, channels));
    tensors.put(name + ".running_mean", filled(channels, 0));
    tensors.put(name + ".running_var", filled(channels, UNIT_VARIANCE));
  }

  private static Tensor filled(int channels, float value) {
    float[] values = new float[channels];
    Arrays.fill(values, value);
    return Tensor.of(values, channels);
  }

  private float[] bias(OnnxNode node, int channels) {
    OnnxNode sum = biasSum(node);
    if (sum == null && (!node.op().equals("Conv") || !node.hasInput(2))) {
      return new float[channels];
    }
    String name = sum == null ? node.input(2) : sum.input(graph.isConstant(sum.input(0)) ? 0 : 1);
    float[] bias = graph.constant(name, 0).toFloats();
    if (bias.length != channels) {
      throw new IllegalArgumentException(node + " has a bias of %d values".formatted(bias.length));
    }
    return bias;
  }

  /** What a convolution's output is called behind its bias and its batch norm. */
  private String outputOf(OnnxNode node) {
    OnnxNode norm = batchNorm(node);
    OnnxNode sum = biasSum(node);
    return (norm != null ? norm : sum != null ? sum : node).output();
  }

  private OnnxNode batchNorm(OnnxNode node) {
    List<OnnxNode> readers = graph.readers(node.output());
    boolean follows = readers.size() == 1 && NORMS.contains(readers.getFirst().op());
    return follows ? readers.getFirst() : null;
  }

  /** The sum with a stored bias behind a convolution of integers; null if there is none. */
  private OnnxNode biasSum(OnnxNode node) {
    List<OnnxNode> readers = graph.readers(node.output());
    if (readers.size() != 1 || !readers.getFirst().op().equals("Add")) {
      return null;
    }
    OnnxNode sum = readers.getFirst();
    return graph.isConstant(sum.input(0)) || graph.isConstant(sum.input(1)) ? sum : null;
  }

  private boolean isOp(String value, String op) {
    List<OnnxNode> readers = graph.readers(value);
    return readers.size() == 1 && readers.getFirst().op().equals(op);
  }

  private String relu(String value) {
    if (!isOp(value, "Relu")) {
      throw new IllegalArgumentException(
          "'%s' must be followed by a Relu, found %s".formatted(value, graph.readers(value)));
    }
    return graph.readers(value).getFirst().output();
  }
}
