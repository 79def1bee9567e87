package dev.diarist.weights.onnx;

import dev.diarist.nn.weights.Tensor;
import java.util.List;
import java.util.Set;

/**
 * A linear layer of an exported graph: a product with a stored matrix, and what is added to it.
 *
 * @param weight (Out, In)
 * @param bias (Out)
 */
record LinearLayer(Tensor weight, Tensor bias) {
  private static final Set<String> PRODUCTS = Set.of("MatMul", "MatMulInteger", "Gemm");

  static boolean is(OnnxNode node, FloatGraph graph) {
    return PRODUCTS.contains(node.op()) && node.hasInput(1) && graph.isConstant(node.input(1));
  }

  static LinearLayer of(OnnxNode node, FloatGraph graph) {
    boolean rowsOut = node.op().equals("Gemm") && node.integer("transB", 0) == 1;
    Tensor stored = graph.constant(node.input(1), rowsOut ? 0 : 1);
    graph.spend(stored.bytes().byteSize());
    Tensor weight = rowsOut ? stored : FloatGraph.transposed(stored);
    if (node.op().equals("Gemm") && node.hasInput(2)) {
      return new LinearLayer(
          weight, shifted(graph, node.output(), graph.constant(node.input(2), 0)));
    }
    List<OnnxNode> readers = graph.readers(node.output());
    if (readers.size() != 1 || !readers.getFirst().op().equals("Add")) {
      throw new IllegalArgumentException(node + " must be followed by its bias, found " + readers);
    }
    OnnxNode sum = readers.getFirst();
    int biasInput = graph.isConstant(sum.input(0)) ? 0 : 1;
    Tensor bias = graph.constant(sum.input(biasInput), 0);
    return new LinearLayer(weight, shifted(graph, sum.output(), bias));
  }

  /** Wespeaker may subtract the mean of its training embeddings, which is a part of the bias. */
  private static Tensor shifted(FloatGraph graph, String output, Tensor bias) {
    float[] values = bias.toFloats();
    List<OnnxNode> readers = graph.readers(output);
    if (readers.size() == 1
        && readers.getFirst().op().equals("Sub")
        && graph.isConstant(readers.getFirst().input(1))) {
      float[] mean = graph.constant(readers.getFirst().input(1), 0).toFloats();
      if (mean.length != values.length) {
        throw new IllegalArgumentException(
            "a mean of %d values is subtracted from %d".formatted(mean.length, values.length));
      }
      for (int i = 0; i < values.length; i++) {
        values[i] -= mean[i];
      }
    }
    return Tensor.of(values, values.length);
  }
}
