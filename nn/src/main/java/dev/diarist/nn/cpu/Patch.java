package dev.diarist.nn.cpu;

import dev.diarist.nn.graph.Node;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Replaces the value of a node by what its user makes of it; x and y are row-major. */
record Patch(Node node, UnaryOperator<INDArray> patch, Value x, Value y)
    implements Step.ForEachExample {
  @Override
  public void run(int b, int batch, Scratch scratch) {
    long[] shape = node.shape().batched(1);
    float[] values = Arrays.copyOf(x.example(b), node.shape().size());
    INDArray patched;
    synchronized (patch) {
      patched = patch.apply(Nd4j.create(values, shape, 'c'));
    }
    if (!Arrays.equals(patched.shape(), shape)) {
      throw new IllegalArgumentException(
          String.format(
              "a patch of %s must keep the shape %s, got %s",
              node.name(), Arrays.toString(shape), Arrays.toString(patched.shape())));
    }
    float[] changed = patched.castTo(DataType.FLOAT).dup('c').data().asFloat();
    System.arraycopy(changed, 0, y.example(b), 0, changed.length);
  }
}
