package dev.diarist.weights.pickle;

import java.util.Map;

/**
 * The allow-list: every Python name that a pickle may use, with what stands in for it. A name off
 * the list is an error, and no name ever leads to a Java class.
 */
public final class Globals {
  /** Keeps hostile names from filling messages. */
  private static final int MAX_NAME_CHARACTERS = 200;

  private final Map<String, Constructor> constructors;

  public Globals(Map<String, Constructor> constructors) {
    this.constructors = Map.copyOf(constructors);
  }

  /**
   * @throws IllegalArgumentException if the name is not on the list
   */
  Global find(String module, String name) {
    String fullName = module + "." + name;
    if (fullName.length() > MAX_NAME_CHARACTERS) {
      throw new IllegalArgumentException(
          "a name must have at most %d characters, found %d"
              .formatted(MAX_NAME_CHARACTERS, fullName.length()));
    }
    Constructor constructor = constructors.get(fullName);
    if (constructor == null) {
      throw new IllegalArgumentException(
          "the class or function '%s' is not on the list of what a checkpoint may hold"
              .formatted(fullName));
    }
    return new Global(fullName, constructor);
  }
}
