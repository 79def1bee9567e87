package dev.diarist.clustering;

/**
 * A binary min-heap of keys 0 to n-1 with changeable values.
 *
 * <p>The order of keys with equal values is part of the result. Source: scipy {@code
 * _structures.pxi}.
 */
final class BoundHeap {
  private final int[] indexOfKey;
  private final int[] keyAtIndex;
  private final double[] valueAtIndex;
  private int size;

  /** A heap of {@code values}, which are not modified. */
  BoundHeap(double[] values) {
    size = values.length;
    valueAtIndex = values.clone();
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

  double value(int key) {
    return valueAtIndex[indexOfKey[key]];
  }

  void removeMin() {
    size--;
    swap(0, size);
    siftDown(0);
  }

  void change(int key, double value) {
    int index = indexOfKey[key];
    double before = valueAtIndex[index];
    valueAtIndex[index] = value;
    if (value < before) {
      siftUp(index);
    } else {
      siftDown(index);
    }
  }

  private void siftUp(int from) {
    int index = from;
    while (index > 0 && valueAtIndex[(index - 1) / 2] > valueAtIndex[index]) {
      swap(index, (index - 1) / 2);
      index = (index - 1) / 2;
    }
  }

  private void siftDown(int from) {
    int index = from;
    for (int child = 2 * index + 1; child < size; child = 2 * index + 1) {
      if (child + 1 < size && valueAtIndex[child + 1] < valueAtIndex[child]) {
        child++;
      }
      if (!(valueAtIndex[index] > valueAtIndex[child])) {
        return;
      }
      swap(index, child);
      index = child;
    }
  }

  private void swap(int i, int j) {
    double value = valueAtIndex[i];
    valueAtIndex[i] = valueAtIndex[j];
    valueAtIndex[j] = value;
    int key = keyAtIndex[i];
    keyAtIndex[i] = keyAtIndex[j];
    keyAtIndex[j] = key;
    indexOfKey[keyAtIndex[i]] = i;
    indexOfKey[keyAtIndex[j]] = j;
  }
}
