package dev.diarist.weights.pickle;

import java.util.List;
import java.util.Map;

/** Names the kind of an unpickled value for messages, without looking into it. */
public final class Kind {
  private Kind() {}

  public static String of(Object value) {
    return switch (value) {
      case null -> "None";
      case Boolean _ -> "a boolean";
      case Long _ -> "an integer";
      case Double _ -> "a number";
      case String _ -> "text";
      case byte[] _ -> "bytes";
      case Tuple _ -> "a tuple";
      case List<?> _ -> "a list";
      case Map<?, ?> _ -> "a dictionary";
      case Global global -> "the name " + global.name();
      case PickledObject object -> "an object of " + object.type();
      default -> "a " + value.getClass().getSimpleName();
    };
  }
}
