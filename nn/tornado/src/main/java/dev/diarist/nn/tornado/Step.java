package dev.diarist.nn.tornado;

import dev.diarist.nn.graph.Node;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.WorkerGrid3D;
import uk.ac.manchester.tornado.api.types.arrays.TornadoNativeArray;

/** A part of a run. */
sealed interface Step {

  /**
   * A launch of a kernel.
   *
   * @param values arrays that it reads or writes
   * @param constants arrays that never change: weights
   * @param grid its third dimension is the batch, which is set before each run; the code does not
   *     depend on it
   * @param adder adds the kernel under a name to a graph, once the arrays are allocated
   */
  record Launch(
      List<Value> values,
      List<TornadoNativeArray> constants,
      WorkerGrid3D grid,
      BiConsumer<TaskGraph, String> adder)
      implements Step {

    void setExamples(int examples) {
      long[] global = grid.getGlobalWork();
      grid.setGlobalWork(global[0], global[1], examples);
    }
  }

  /** Replaces the values of a node by what its user makes of them; x and y are row-major. */
  record Patch(Node node, UnaryOperator<INDArray> patch, Value x, Value y) implements Step {

    void run(int examples) {
      for (int b = 0; b < examples; b++) {
        long[] shape = node.shape().batched(1);
        float[] values = new float[node.shape().size()];
        Transfer.read(x, b, 1, values, 0);
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
        Transfer.write(patched.castTo(DataType.FLOAT).dup('c').data().asFloat(), 0, 1, y, b);
      }
    }
  }

  /** {@code x} and {@code y} threads of each example, rounded up to whole work-groups. */
  static WorkerGrid3D grid(int x, int localX, int y, int localY) {
    WorkerGrid3D grid =
        new WorkerGrid3D(Math.ceilDiv(x, localX) * localX, Math.ceilDiv(y, localY) * localY, 1);
    grid.setLocalWork(localX, localY, 1);
    return grid;
  }

  /** A thread for each of {@code elements} of each example. */
  static WorkerGrid3D elements(int elements) {
    int threads = 64; // a whole number of every GPU's widths
    return grid(elements, threads, 1, 1);
  }
}
