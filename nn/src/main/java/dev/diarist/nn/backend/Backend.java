package dev.diarist.nn.backend;

import dev.diarist.nn.graph.Graph;
import dev.diarist.nn.weights.Weights;
import java.util.List;
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
   * Whether it is there for GPUs. {@code auto} takes such a one only where a GPU answers, gives the
   * numbers of another backend and is faster, and has that other one finish what it cannot.
   */
  default boolean forGpus() {
    return false;
  }

  /**
   * The devices that it may compute on, the one it takes first; none for a backend that computes on
   * this process's own processors.
   */
  default List<Device> devices() {
    return List.of();
  }

  /**
   * Examples that a run should have, for whoever may choose.
   *
   * @param threads that compute at the same time
   */
  default int preferredBatch(int threads) {
    return threads;
  }

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
