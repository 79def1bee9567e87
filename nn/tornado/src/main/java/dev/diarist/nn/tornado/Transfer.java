package dev.diarist.nn.tornado;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Moves examples between Java's arrays and those that the device reads and writes. */
final class Transfer {
  private Transfer() {}

  /** Copies {@code examples} examples of {@code from}, beginning with that one, to the value. */
  static void write(float[] from, int first, int examples, Value to, int toExample) {
    int size = to.layout().floats();
    MemorySegment.copy(
        from,
        first * size,
        to.array().getSegment(),
        ValueLayout.JAVA_FLOAT_UNALIGNED,
        (long) toExample * size * Float.BYTES,
        examples * size);
  }

  /** Copies {@code examples} examples of the value to {@code to}, from example {@code at} on. */
  static void read(Value from, int first, int examples, float[] to, int at) {
    int size = from.layout().floats();
    MemorySegment.copy(
        from.array().getSegment(),
        ValueLayout.JAVA_FLOAT_UNALIGNED,
        (long) first * size * Float.BYTES,
        to,
        at * size,
        examples * size);
  }
}
