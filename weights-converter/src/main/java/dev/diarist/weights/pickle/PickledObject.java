package dev.diarist.weights.pickle;

import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * An instance of a Python class as data: the class by name, the arguments it was made with, and the
 * attributes set afterwards. Nothing of the class itself exists here.
 */
public final class PickledObject {
  private final String type;
  private final List<Object> arguments;
  private Map<?, ?> state = Map.of();

  public PickledObject(String type, List<Object> arguments) {
    this.type = type;
    this.arguments = Collections.unmodifiableList(arguments);
  }

  /** Module and class, such as {@code pyannote.audio.core.task.Specifications}. */
  public String type() {
    return type;
  }

  public List<Object> arguments() {
    return arguments;
  }

  /** Attributes by name, in pickled order. */
  public Map<?, ?> state() {
    return Collections.unmodifiableMap(state);
  }

  /** Keeps the dictionary itself: copies of a shared one would fill the memory. */
  void setState(Map<?, ?> attributes) {
    if (!state.isEmpty()) {
      throw new IllegalArgumentException("the attributes of an object are set twice");
    }
    state = attributes;
  }
}
