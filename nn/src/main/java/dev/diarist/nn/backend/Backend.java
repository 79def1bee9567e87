package dev.diarist.nn.backend;

import dev.diarist.nn.graph.Graph;
import dev.diarist.nn.weights.Weights;
import java.util.Optional;

/** A way to run graphs; found through {@link java.util.ServiceLoader}. */
public interface Backend {

  /** The name a user chooses it by. */
  String name();

  /** Among the backends that work, {@code auto} takes the one of the highest rank. */
  int rank();

  /** Why it cannot run on this machine; empty if it can. */
  Optional<String> unavailable();

  /**
   * Begins, in the background, what makes the first run faster; returns at once. No result depends
   * on it, and a second call does nothing.
   */
  default void warmUp() {}

  /**
   * Prepares a graph for runs of up to {@code execution.batch()} examples.
   *
   * @throws IllegalArgumentException if a tensor the graph reads is missing or has another shape
   */
  Program compile(Graph graph, Weights weights, Execution execution);
}
