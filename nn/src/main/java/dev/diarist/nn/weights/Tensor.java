package dev.diarist.nn.weights;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A stored array: its type, its shape (empty for a scalar) and its row-major, little-endian bytes,
 * which may be memory-mapped. Neither shape nor bytes are ever modified.
 */
public record Tensor(DType type, long[] shape, MemorySegment bytes) {
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfDouble DOUBLE =
      ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /**
   * @throws IllegalArgumentException if a dimension is negative, or the number of bytes is not that
   *     of the shape and type
   */
  public Tensor {
    long expected = byteSize(type, shape);
    if (bytes.byteSize() != expected) {
      throw new IllegalArgumentException(
          "%s tensor of shape %s must have %d bytes, got %d"
              .formatted(type, Arrays.toString(shape), expected, bytes.byteSize()));
    }
    shape = shape.clone();
    bytes = bytes.asReadOnly();
  }

  /** An F32 tensor with a copy of {@code values}, row-major; no shape at all makes a scalar. */
  public static Tensor of(float[] values, long... shape) {
    MemorySegment bytes = allocate(DType.F32, values.length);
    MemorySegment.copy(values, 0, bytes, FLOAT, 0, values.length);
    return new Tensor(DType.F32, shape, bytes);
  }

  /** An I64 tensor with a copy of {@code values}, row-major; no shape at all makes a scalar. */
  public static Tensor of(long[] values, long... shape) {
    MemorySegment bytes = allocate(DType.I64, values.length);
    MemorySegment.copy(values, 0, bytes, LONG, 0, values.length);
    return new Tensor(DType.I64, shape, bytes);
  }

  /**
   * Bytes of a tensor of that type and shape.
   *
   * @throws IllegalArgumentException if a dimension is negative or the product exceeds a long
   */
  public static long byteSize(DType type, long... shape) {
    try {
      return Math.multiplyExact(elements(shape), type.bytes());
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException(
          "shape %s has more bytes than 2^63".formatted(Arrays.toString(shape)), e);
    }
  }

  /** Number of values; 1 for a scalar. */
  public long elements() {
    return bytes.byteSize() / type.bytes();
  }

  /**
   * A new array of the values, row-major, each converted to the nearest float; F16, BF16 and F32
   * exactly.
   *
   * @throws IllegalArgumentException if there are more values than a Java array holds
   */
  public float[] toFloats() {
    float[] values = new float[arrayLength()];
    if (type == DType.F32) {
      MemorySegment.copy(bytes, FLOAT, 0, values, 0, values.length);
      return values;
    }
    for (int i = 0; i < values.length; i++) {
      values[i] = floatAt(i);
    }
    return values;
  }

  /**
   * A new array of the values of an integer tensor, row-major; U64 values above 2⁶³ come out
   * negative.
   *
   * @throws IllegalArgumentException if the type is not an integer one, or there are more values
   *     than a Java array holds
   */
  public long[] toLongs() {
    long[] values = new long[arrayLength()];
    for (int i = 0; i < values.length; i++) {
      values[i] = longAt(i);
    }
    return values;
  }

  private float floatAt(long i) {
    return switch (type) {
      case F16 -> Float.float16ToFloat(bytes.getAtIndex(SHORT, i));
      // BF16 is the upper half of a float.
      case BF16 -> Float.intBitsToFloat(bytes.getAtIndex(SHORT, i) << 16);
      case F32 -> bytes.getAtIndex(FLOAT, i);
      case F64 -> (float) bytes.getAtIndex(DOUBLE, i);
      case U64 -> unsignedToFloat(longAt(i));
      case BOOL, U8, I8, U16, I16, U32, I32, I64 -> longAt(i);
    };
  }

  private long longAt(long i) {
    return switch (type) {
      case BOOL, U8 -> Byte.toUnsignedLong(bytes.get(ValueLayout.JAVA_BYTE, i));
      case I8 -> bytes.get(ValueLayout.JAVA_BYTE, i);
      case U16 -> Short.toUnsignedLong(bytes.getAtIndex(SHORT, i));
      case I16 -> bytes.getAtIndex(SHORT, i);
      case U32 -> Integer.toUnsignedLong(bytes.getAtIndex(INT, i));
      case I32 -> bytes.getAtIndex(INT, i);
      case I64, U64 -> bytes.getAtIndex(LONG, i);
      case F16, BF16, F32, F64 ->
          throw new IllegalArgumentException("an integer tensor is needed, got " + type);
    };
  }

  private static float unsignedToFloat(long value) {
    // Halved, with the lost bit kept sticky so that rounding is that of the whole number.
    return value >= 0 ? value : 2f * (float) ((value >>> 1) | (value & 1));
  }

  private int arrayLength() {
    if (elements() > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          "a Java array holds at most %d values, the tensor of shape %s has %d"
              .formatted(Integer.MAX_VALUE - 8, Arrays.toString(shape), elements()));
    }
    return (int) elements();
  }

  private static long elements(long[] shape) {
    long elements = 1;
    for (long dimension : shape) {
      if (dimension < 0) {
        throw new IllegalArgumentException(
            "every dimension must be at least 0, got shape " + Arrays.toString(shape));
      }
      elements = Math.multiplyExact(elements, dimension);
    }
    return elements;
  }

  private static MemorySegment allocate(DType type, long elements) {
    return Arena.ofAuto().allocate(elements * type.bytes(), Long.BYTES);
  }
}
