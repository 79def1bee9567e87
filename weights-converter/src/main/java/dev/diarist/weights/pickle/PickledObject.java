package dev.diarist.weights.pickle;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An instance of a Python class as data: the class by name, the arguments it was made with, and the
 * attributes set afterwards. Nothing of the class itself exists here.
 */
public final class PickledObject {
  private final String type;
  private final List<Object> arguments;
  private final Map<Object, Object> state = new LinkedHashMap<>();

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
  public Map<Object, Object> state() {
    return Collections.unmodifiableMap(state);
  }

  void setState(Map<?, ?> attributes) {
    state.putAll(attributes);
  }
}
