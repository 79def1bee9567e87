package dev.diarist.weights.pickle;

import java.util.HashMap;
import java.util.Map;

/** The values that a pickle numbers in order to refer to them again; bounded. */
final class Memo {
  static final int MAX_VALUES = 200_000;

  private final Map<Long, Object> values = new HashMap<>();

  void put(long index, Object value) {
    if (values.size() == MAX_VALUES && !values.containsKey(index)) {
      throw new IllegalArgumentException(
          "the memo must hold at most %d values".formatted(MAX_VALUES));
    }
    values.put(index, value);
  }

  Object get(long index) {
    Object value = values.get(index);
    if (value == null && !values.containsKey(index)) {
      throw new IllegalArgumentException("nothing has the memo number " + index);
    }
    return value;
  }

  /** The number that MEMOIZE gives: the count of values so far. */
  void append(Object value) {
    put(values.size(), value);
  }
}
