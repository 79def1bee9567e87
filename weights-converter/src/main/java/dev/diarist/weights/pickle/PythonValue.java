package dev.diarist.weights.pickle;

import java.util.List;
import java.util.Map;

/** What a written pickle says to Python beyond plain data; reading never makes one. */
public sealed interface PythonValue {
  /** A class or function. */
  record Name(String module, String name) implements PythonValue {}

  /** What {@code callable} returns for the arguments. */
  record Call(Name callable, List<Object> arguments) implements PythonValue {
    public Call {
      arguments = List.copyOf(arguments);
    }
  }

  /** An instance made without its constructor, with these attributes. */
  record Instance(Name type, Map<String, Object> attributes) implements PythonValue {}

  /** What the reader finds elsewhere under {@code id}: for PyTorch, a storage. */
  record Persistent(Tuple id) implements PythonValue {}
}
