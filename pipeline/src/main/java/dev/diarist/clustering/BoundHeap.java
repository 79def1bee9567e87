package dev.diarist.clustering;

/**
 * A binary min-heap of keys 0 to n-1, whose values the caller keeps and may change.
 *
 * <p>The order of keys with equal values is part of the result. Source: scipy {@code
 * _structures.pxi}.
 */
final class BoundHeap {
  /** Compares the values of two keys. */
  @FunctionalInterface
  interface Order {
    boolean less(int a, int b);
  }

  private final Order order;
  private final int[] indexOfKey;
  private final int[] keyAtIndex;
  private int size;

  BoundHeap(int keys, Order order) {
    this.order = order;
    size = keys;
    indexOfKey = new int[size];
    keyAtIndex = new int[size];
    for (int i = 0; i < size; i++) {
      indexOfKey[i] = i;
      keyAtIndex[i] = i;
    }
    for (int i = size / 2 - 1; i >= 0; i--) {
      siftDown(i);
    }
  }

  int minKey() {
    return keyAtIndex[0];
  }

  void removeMin() {
    size--;
    swap(0, size);
    siftDown(0);
  }

  /** To be called after each change of a value; {@code smaller} than it was, or not. */
  void changed(int key, boolean smaller) {
    if (smaller) {
      siftUp(indexOfKey[key]);
    } else {
      siftDown(indexOfKey[key]);
    }
  }

  private void siftUp(int from) {
    int index = from;
    while (index > 0 && order.less(keyAtIndex[index], keyAtIndex[(index - 1) / 2])) {
      swap(index, (index - 1) / 2);
      index = (index - 1) / 2;
    }
  }

  private void siftDown(int from) {
    int index = from;
    for (int child = 2 * index + 1; child < size; child = 2 * index + 1) {
      if (child + 1 < size && order.less(keyAtIndex[child + 1], keyAtIndex[child])) {
        child++;
      }
      if (!order.less(keyAtIndex[child], keyAtIndex[index])) {
        return;
      }
      swap(index, child);
      index = child;
    }
  }

  private void swap(int i, int j) {
    int key = keyAtIndex[i];
    keyAtIndex[i] = keyAtIndex[j];
    keyAtIndex[j] = key;
    indexOfKey[keyAtIndex[i]] = i;
    indexOfKey[keyAtIndex[j]] = j;
  }
}
