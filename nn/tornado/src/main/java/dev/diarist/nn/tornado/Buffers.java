package dev.diarist.nn.tornado;

import java.util.ArrayList;
import java.util.List;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/**
 * The arrays of a program. Values that are not needed at the same time share one, but only where
 * they have the same layout: the border of an image stays zero as nobody writes it. Transformed
 * tiles of any number share theirs.
 */
final class Buffers {
  private final int slack;
  private final List<Buffer> all = new ArrayList<>();
  private final List<Buffer> free = new ArrayList<>();

  /**
   * @param slack floats behind each array
   */
  Buffers(int slack) {
    this.slack = slack;
  }

  /** An array for values of one layout, once there is one. */
  final class Buffer {
    private final Layout layout;

    /** Of one example: those of the largest layout that was asked for. */
    private int floats;

    private int holders = 1;
    private FloatArray array;

    private Buffer(Layout layout) {
      this.layout = layout;
      this.floats = layout.floats();
    }

    FloatArray array() {
      return array;
    }

    /** The same values under another name. */
    Buffer share() {
      holders++;
      return this;
    }

    void release() {
      if (--holders == 0) {
        free.add(this);
      }
    }
  }

  Buffer take(Layout layout) {
    for (int i = free.size() - 1; i >= 0; i--) {
      if (fits(layout, free.get(i).layout)) {
        Buffer buffer = free.remove(i);
        buffer.holders = 1;
        buffer.floats = Math.max(buffer.floats, layout.floats());
        return buffer;
      }
    }
    Buffer buffer = new Buffer(layout);
    all.add(buffer);
    return buffer;
  }

  /** Tiles have no border, and the host never reads them: their arrays may grow. */
  private static boolean fits(Layout asked, Layout given) {
    return given.equals(asked) || given instanceof Layout.Tiles && asked instanceof Layout.Tiles;
  }

  int count() {
    return all.size();
  }

  /** Bytes of all arrays for one example. */
  long bytesPerExample() {
    return all.stream().mapToLong(buffer -> (long) buffer.floats * Float.BYTES).sum();
  }

  /** Floats of one example of the largest array. */
  int largest() {
    return all.stream().mapToInt(buffer -> buffer.floats).max().orElse(1);
  }

  int slack() {
    return slack;
  }

  /** Makes the arrays, all zero, for {@code examples} examples; earlier ones are dropped. */
  void allocate(int examples) {
    for (Buffer buffer : all) {
      buffer.array = new FloatArray(Math.addExact(examples * buffer.floats, slack));
      buffer.array.getSegment().fill((byte) 0);
    }
  }
}
