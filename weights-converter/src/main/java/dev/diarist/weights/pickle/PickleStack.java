package dev.diarist.weights.pickle;

import java.util.ArrayList;
import java.util.List;

/** The stack of an unpickler with its marks; both are bounded. */
final class PickleStack {
  static final int MAX_VALUES = 200_000;

  /** Marks nest as deep as the value being built; checkpoints stay below 20. */
  static final int MAX_MARKS = 1_000;

  private final List<Object> values = new ArrayList<>();
  private final List<Integer> marks = new ArrayList<>();

  void push(Object value) {
    if (values.size() == MAX_VALUES) {
      throw new IllegalArgumentException(
          "the stack must hold at most %d values".formatted(MAX_VALUES));
    }
    values.add(value);
  }

  Object pop() {
    Object top = peek();
    values.removeLast();
    return top;
  }

  /** The top value, which stays. */
  Object peek() {
    int floor = marks.isEmpty() ? 0 : marks.getLast();
    if (values.size() == floor) {
      throw new IllegalArgumentException("a value is needed and the stack holds none");
    }
    return values.getLast();
  }

  void mark() {
    if (marks.size() == MAX_MARKS) {
      throw new IllegalArgumentException("marks must nest at most %d deep".formatted(MAX_MARKS));
    }
    marks.add(values.size());
  }

  /** The values above the last mark, in order; they and the mark are removed. */
  List<Object> popToMark() {
    if (marks.isEmpty()) {
      throw new IllegalArgumentException("a mark is needed and the stack holds none");
    }
    List<Object> top = values.subList(marks.removeLast(), values.size());
    List<Object> popped = new ArrayList<>(top);
    top.clear();
    return popped;
  }

  /** The last {@code count} values, in order; they are removed. */
  List<Object> pop(int count) {
    List<Object> popped = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      popped.addFirst(pop());
    }
    return popped;
  }

  boolean isEmpty() {
    return values.isEmpty() && marks.isEmpty();
  }
}
