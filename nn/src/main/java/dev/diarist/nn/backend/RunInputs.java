package dev.diarist.nn.backend;

import dev.diarist.nn.graph.Graph;
import dev.diarist.nn.graph.Node;
import java.util.List;

/** What must hold of the inputs of a run, on every backend. */
public final class RunInputs {
  private RunInputs() {}

  /**
   * @param batch the most examples of one run
   * @throws IllegalArgumentException if {@code examples} is below 1 or above {@code batch}, there
   *     are more or fewer inputs than the graph has, or one is too short
   */
  public static void check(Graph graph, int batch, int examples, float[]... inputs) {
    List<Node> declared = graph.inputs();
    if (examples < 1 || examples > batch) {
      throw new IllegalArgumentException(
          "a run takes 1 to " + batch + " examples, got " + examples);
    }
    if (inputs.length != declared.size()) {
      throw new IllegalArgumentException(
          "graph " + graph.name() + " has inputs " + declared + ", got " + inputs.length);
    }
    for (int i = 0; i < inputs.length; i++) {
      int needed = Math.multiplyExact(examples, declared.get(i).shape().size());
      if (inputs[i].length < needed) {
        throw new IllegalArgumentException(
            String.format(
                "input %s needs %d values for %d examples, got %d",
                declared.get(i).name(), needed, examples, inputs[i].length));
      }
    }
  }
}
