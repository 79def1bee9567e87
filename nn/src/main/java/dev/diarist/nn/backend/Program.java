package dev.diarist.nn.backend;

import dev.diarist.nn.graph.Graph;
import dev.diarist.nn.graph.Node;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A graph made ready to run. It owns its buffers, is reusable, and serves one thread at a time;
 * {@link #fork} makes one for another thread.
 */
@SuppressWarnings("exports") // whoever calls what names ND4J has it
public interface Program extends AutoCloseable {

  Graph graph();

  /** The most examples of one run. */
  int batch();

  /**
   * Runs {@code batch} examples.
   *
   * @param inputs for each input of the graph an array that begins with its (batch, …) values,
   *     row-major; not modified
   * @return a new array (batch, …) with the output
   * @throws IllegalArgumentException if the batch is larger than {@link #batch()} or an input too
   *     short
   */
  float[] run(int batch, float[]... inputs);

  /**
   * The same over INDArrays (batch, …).
   *
   * @throws IllegalArgumentException as above, or if an input's shape is not the graph's
   */
  default INDArray run(INDArray... inputs) {
    List<Node> declared = graph().inputs();
    if (inputs.length != declared.size()) {
      throw new IllegalArgumentException(
          "graph " + graph().name() + " has inputs " + declared + ", got " + inputs.length);
    }
    int batch = Math.toIntExact(inputs[0].size(0));
    float[][] values = new float[inputs.length][];
    for (int i = 0; i < inputs.length; i++) {
      long[] expected = declared.get(i).shape().batched(batch);
      if (!Arrays.equals(inputs[i].shape(), expected)) {
        throw new IllegalArgumentException(
            String.format(
                "input %s must be %s, got %s",
                declared.get(i).name(),
                Arrays.toString(expected),
                Arrays.toString(inputs[i].shape())));
      }
      values[i] = inputs[i].castTo(DataType.FLOAT).dup('c').data().asFloat();
    }
    return Nd4j.create(run(batch, values), graph().output().shape().batched(batch), 'c');
  }

  /**
   * From now on hands the output (batch, …) of every node or module that matches {@code pattern},
   * in which {@code *} stands for any characters, to {@code tap}.
   *
   * @throws IllegalArgumentException if nothing matches
   */
  void tap(String pattern, Tap tap);

  /**
   * From now on replaces the output (1, …) of a node or module for each example by what {@code
   * patch} makes of it; the shape must stay.
   *
   * @throws IllegalArgumentException if there is no such node or module
   */
  void patch(String name, UnaryOperator<INDArray> patch);

  /**
   * Another program of the same graph, which may run on another thread at the same time: weights
   * and threads are those of this one, buffers, taps and patches are its own. The answers are the
   * same to the bit.
   *
   * <p>It runs until the program that was compiled is closed; closing a fork gives back nothing but
   * itself.
   */
  Program fork();

  @Override
  void close();

  /** Sees values on their way through a network. */
  @FunctionalInterface
  interface Tap {
    /**
     * @param name of the node or module, as matched
     * @param value its output (batch, …); the listener's to keep
     */
    void value(String name, INDArray value);
  }
}
