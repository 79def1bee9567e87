package dev.diarist.weights.onnx;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * The fields of one protobuf message, one after the other; every read is checked against its end.
 *
 * <p>Source: the description of the protocol buffers wire format.
 */
final class ProtoMessage {
  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int LENGTH = 2;
  private static final int FIXED32 = 5;
  private static final int MAX_TEXT_BYTES = 10_000;

  private final ByteBuffer bytes;
  private int field;
  private int wire;

  /**
   * @param bytes read from its beginning; its position is not moved
   */
  ProtoMessage(ByteBuffer bytes) {
    this.bytes = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Goes to the next field; false at the end. The value must be read or skipped. */
  boolean next() {
    if (!bytes.hasRemaining()) {
      return false;
    }
    long tag = varint();
    field = (int) (tag >>> 3);
    wire = (int) (tag & 7);
    if (tag >>> 3 != field || field <= 0) {
      throw new IllegalArgumentException("a field must have a number from 1 on");
    }
    return true;
  }

  int field() {
    return field;
  }

  /** Whether the field holds bytes: text, a message or a packed list. */
  boolean hasLength() {
    return wire == LENGTH;
  }

  long integer() {
    expect(VARINT);
    return varint();
  }

  float number() {
    expect(FIXED32);
    need(Float.BYTES);
    return bytes.getFloat();
  }

  String text() {
    ByteBuffer utf8 = window();
    if (utf8.remaining() > MAX_TEXT_BYTES) {
      throw new IllegalArgumentException(
          "text must have at most %d bytes, found %d".formatted(MAX_TEXT_BYTES, utf8.remaining()));
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(utf8).toString();
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("text that is not valid UTF-8", e);
    }
  }

  ProtoMessage message() {
    return new ProtoMessage(window());
  }

  /** The bytes of the field, not copied. */
  ByteBuffer window() {
    expect(LENGTH);
    long length = varint();
    need(length);
    ByteBuffer window = bytes.slice(bytes.position(), (int) length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.position(bytes.position() + (int) length);
    return window;
  }

  void skip() {
    switch (wire) {
      case VARINT -> varint();
      case FIXED64 -> move(Long.BYTES);
      case LENGTH -> window();
      case FIXED32 -> move(Integer.BYTES);
      default -> throw new IllegalArgumentException("no wire type " + wire);
    }
  }

  /** Takes an integer off a packed list. */
  static long varint(ByteBuffer bytes) {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      if (!bytes.hasRemaining()) {
        throw new IllegalArgumentException("an integer without an end");
      }
      byte next = bytes.get();
      value |= (long) (next & 0x7f) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw new IllegalArgumentException("an integer must have at most 10 bytes");
  }

  private long varint() {
    return varint(bytes);
  }

  private void move(int length) {
    need(length);
    bytes.position(bytes.position() + length);
  }

  private void need(long length) {
    if (length < 0 || length > bytes.remaining()) {
      throw new IllegalArgumentException(
          "a field of %s bytes leaves its message, which has %d more"
              .formatted(Long.toUnsignedString(length), bytes.remaining()));
    }
  }

  private void expect(int expected) {
    if (wire != expected) {
      throw new IllegalArgumentException(
          "field %d must have the wire type %d, found %d".formatted(field, expected, wire));
    }
  }
}
