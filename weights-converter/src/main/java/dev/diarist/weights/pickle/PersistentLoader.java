package dev.diarist.weights.pickle;

/** Resolves what a pickle keeps outside itself, such as the storages of a PyTorch checkpoint. */
@FunctionalInterface
public interface PersistentLoader {
  /**
   * @throws IllegalArgumentException if there is nothing by that id; the message says why
   */
  Object load(Object id);
}
