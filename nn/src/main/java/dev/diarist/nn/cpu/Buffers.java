package dev.diarist.nn.cpu;

import java.util.ArrayList;
import java.util.List;

/**
 * The arrays that hold the values of a program's nodes. One is handed out again once its last
 * reader has read it.
 */
final class Buffers {
  private final int slack;
  private final List<Buffer> all = new ArrayList<>();
  private final List<Buffer> free = new ArrayList<>();

  /**
   * @param slack floats after the values of each example that a kernel may read (and ignore)
   */
  Buffers(int slack) {
    this.slack = slack;
  }

  /**
   * A buffer for values of that layout; an image keeps to buffers with zeros in the same places.
   */
  Buffer take(Layout layout) {
    for (Buffer buffer : free) {
      boolean fits =
          layout instanceof Layout.Image || buffer.layout instanceof Layout.Image
              ? buffer.layout.equals(layout)
              : buffer.layout.size() == layout.size();
      if (fits) {
        free.remove(buffer);
        buffer.holders = 1;
        return buffer;
      }
    }
    Buffer buffer = new Buffer(layout);
    all.add(buffer);
    return buffer;
  }

  /** Makes room for {@code batch} examples. */
  void reserve(int batch) {
    all.forEach(buffer -> buffer.reserve(batch));
  }

  /** Floats held for each example. */
  long floatsPerExample() {
    return all.stream().mapToLong(buffer -> buffer.layout.size() + slack).sum();
  }

  /** An array for each example. */
  final class Buffer {
    private final Layout layout;
    private int holders = 1;
    private float[][] examples = new float[0][];

    private Buffer(Layout layout) {
      this.layout = layout;
    }

    float[] example(int b) {
      return examples[b];
    }

    Buffer share() {
      holders++;
      return this;
    }

    void release() {
      if (--holders == 0) {
        free.add(this);
      }
    }

    private void reserve(int batch) {
      int have = examples.length;
      if (have < batch) {
        examples = java.util.Arrays.copyOf(examples, batch);
        for (int b = have; b < batch; b++) {
          examples[b] = new float[layout.size() + slack];
        }
      }
    }
  }
}
