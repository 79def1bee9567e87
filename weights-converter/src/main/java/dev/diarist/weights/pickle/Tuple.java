package dev.diarist.weights.pickle;

import java.util.Collections;
import java.util.List;

/** A Python tuple; items may be null, which stands for None. */
public record Tuple(List<Object> items) {
  public Tuple {
    items = Collections.unmodifiableList(items);
  }

  public int size() {
    return items.size();
  }

  public Object get(int i) {
    return items.get(i);
  }
}
