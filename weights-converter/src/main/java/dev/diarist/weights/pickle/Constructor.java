package dev.diarist.weights.pickle;

import java.util.List;

/** Stands in for one Python callable: makes plain data from its arguments. */
@FunctionalInterface
public interface Constructor {
  /**
   * @throws IllegalArgumentException if the arguments are not what the callable takes; the message
   *     says why
   */
  Object construct(List<Object> arguments);
}
