package dev.diarist.weights.onnx;

import dev.diarist.nn.weights.DType;
import dev.diarist.nn.weights.Tensor;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * A stored tensor of an ONNX model.
 *
 * <p>Source: {@code TensorProto} in onnx.proto.
 */
final class OnnxTensor {
  private static final int MAX_RANK = 32;
  private static final int EXTERNAL = 1;

  /** Location, offset, length, and a checksum that nobody writes. */
  private static final int MAX_PLACE_FIELDS = 4;

  private String name = "";
  private long[] shape = new long[0];
  private int type;
  private ByteBuffer raw;
  private ByteBuffer integers;
  private boolean isExternal;
  private final Map<String, String> place = new HashMap<>();

  private OnnxTensor() {}

  record Named(String name, Tensor tensor) {}

  /**
   * @param external where its data may be instead
   * @throws IllegalArgumentException if the tensor is malformed; the message names it
   */
  static Named read(ProtoMessage message, ExternalData external) {
    OnnxTensor tensor = new OnnxTensor();
    try {
      while (message.next()) {
        tensor.field(message);
      }
      return new Named(tensor.name, tensor.tensor(external));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "tensor '%s': %s".formatted(tensor.name, e.getMessage()), e);
    }
  }

  private void field(ProtoMessage message) {
    switch (message.field()) {
      case 1 -> dimension(message);
      case 2 -> type = (int) message.integer();
      case 4, 9, 10 -> raw = values(raw, message); // floats, any numbers, doubles as they lie
      case 5, 7, 11 -> integers = values(integers, message);
      case 8 -> name = message.text();
      case 13 -> readPlace(message.message());
      case 14 -> isExternal = message.integer() == EXTERNAL;
      default -> message.skip();
    }
  }

  /** One of {@code location}, {@code offset} and {@code length}. */
  private void readPlace(ProtoMessage message) {
    String key = "";
    String value = "";
    while (message.next()) {
      switch (message.field()) {
        case 1 -> key = message.text();
        case 2 -> value = message.text();
        default -> message.skip();
      }
    }
    if (place.size() == MAX_PLACE_FIELDS || place.put(key, value) != null) {
      throw new IllegalArgumentException("the place of its data is not understood");
    }
  }

  private ByteBuffer external(ExternalData external, long bytes) {
    if (raw != null || integers != null) {
      throw new IllegalArgumentException("its data are there twice");
    }
    if (number("length", bytes) != bytes) {
      throw new IllegalArgumentException(
          "its shape has %d bytes, its data %s".formatted(bytes, place.get("length")));
    }
    return external.bytes(place.getOrDefault("location", ""), number("offset", 0), bytes);
  }

  private long number(String key, long otherwise) {
    String text = place.getOrDefault(key, String.valueOf(otherwise));
    if (!text.matches("[0-9]{1,18}")) {
      throw new IllegalArgumentException("%s must be a number, found '%s'".formatted(key, text));
    }
    return Long.parseLong(text);
  }

  /** Single numbers, which nobody writes but the format allows, are refused by their wire type. */
  private ByteBuffer values(ByteBuffer before, ProtoMessage message) {
    if (before != null) {
      throw new IllegalArgumentException("its data are there twice");
    }
    return message.window();
  }

  private void dimension(ProtoMessage message) {
    if (message.hasLength()) {
      ByteBuffer packed = message.window();
      while (packed.hasRemaining()) {
        addDimension(ProtoMessage.varint(packed));
      }
    } else {
      addDimension(message.integer());
    }
  }

  private void addDimension(long size) {
    if (shape.length == MAX_RANK) {
      throw new IllegalArgumentException("must have at most %d dimensions".formatted(MAX_RANK));
    }
    shape = Arrays.copyOf(shape, shape.length + 1);
    shape[shape.length - 1] = size;
  }

  private Tensor tensor(ExternalData external) {
    DType dtype = dtype();
    long bytes = Tensor.byteSize(dtype, shape);
    if (isExternal) {
      raw = external(external, bytes);
    }
    if (raw == null && integers == null) {
      raw = ByteBuffer.allocate(0);
    }
    ByteBuffer data = raw != null ? raw : unpack(dtype, bytes);
    return new Tensor(dtype, shape, MemorySegment.ofBuffer(data));
  }

  /** Types of 1, 2 and 4 bytes are stored as integers of any length where they are not raw. */
  private ByteBuffer unpack(DType dtype, long bytes) {
    // Each number takes at least one byte of the file, which bounds what is allocated.
    if (bytes > (long) dtype.bytes() * integers.remaining()) {
      throw new IllegalArgumentException(
          "shape %s has more numbers than are stored".formatted(Arrays.toString(shape)));
    }
    ByteBuffer data = ByteBuffer.allocate((int) bytes).order(ByteOrder.LITTLE_ENDIAN);
    while (data.hasRemaining()) {
      long value = ProtoMessage.varint(integers);
      switch (dtype.bytes()) {
        case 1 -> data.put((byte) value);
        case 2 -> data.putShort((short) value);
        case 4 -> data.putInt((int) value);
        default -> data.putLong(value);
      }
    }
    if (integers.hasRemaining()) {
      throw new IllegalArgumentException("more numbers than its shape has");
    }
    return data.flip();
  }

  private DType dtype() {
    return switch (type) {
      case 1 -> DType.F32;
      case 2 -> DType.U8;
      case 3 -> DType.I8;
      case 4 -> DType.U16;
      case 5 -> DType.I16;
      case 6 -> DType.I32;
      case 7 -> DType.I64;
      case 9 -> DType.BOOL;
      case 10 -> DType.F16;
      case 11 -> DType.F64;
      case 12 -> DType.U32;
      case 13 -> DType.U64;
      case 16 -> DType.BF16;
      default ->
          throw new IllegalArgumentException("numbers of the type " + type + " are not read");
    };
  }
}
