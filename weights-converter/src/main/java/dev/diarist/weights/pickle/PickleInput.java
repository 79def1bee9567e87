package dev.diarist.weights.pickle;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** The bytes of a pickle with a cursor; every read is checked against the end. */
final class PickleInput {
  private final ByteBuffer bytes;

  /**
   * @param pickle read from its beginning; its position is not moved
   */
  PickleInput(ByteBuffer pickle) {
    bytes = pickle.slice().order(ByteOrder.LITTLE_ENDIAN);
  }

  int position() {
    return bytes.position();
  }

  int remaining() {
    return bytes.remaining();
  }

  int unsignedByte() {
    need(1);
    return Byte.toUnsignedInt(bytes.get());
  }

  int unsignedShort() {
    need(Short.BYTES);
    return Short.toUnsignedInt(bytes.getShort());
  }

  int signedInt() {
    need(Integer.BYTES);
    return bytes.getInt();
  }

  long unsignedInt() {
    return Integer.toUnsignedLong(signedInt());
  }

  /** A length of 8 bytes; above 2⁶³ it is negative, which no later check lets pass. */
  long signedLong() {
    need(Long.BYTES);
    return bytes.getLong();
  }

  /** The one number that pickles store with the most significant byte first. */
  double bigEndianDouble() {
    return Double.longBitsToDouble(Long.reverseBytes(signedLong()));
  }

  byte[] bytes(long length) {
    need(length);
    byte[] read = new byte[(int) length];
    bytes.get(read);
    return read;
  }

  String utf8(long length) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes(length))).toString();
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("text that is not valid UTF-8", e);
    }
  }

  /** An integer of {@code length} bytes in two's complement. */
  long integer(long length) {
    if (length < 0 || length > Long.BYTES) {
      throw new IllegalArgumentException(
          "an integer must have at most %d bytes, found %s"
              .formatted(Long.BYTES, Long.toUnsignedString(length)));
    }
    byte[] digits = bytes(length);
    long value = digits.length > 0 && digits[digits.length - 1] < 0 ? -1 : 0;
    for (int i = digits.length - 1; i >= 0; i--) {
      value = value << Byte.SIZE | Byte.toUnsignedLong(digits[i]);
    }
    return value;
  }

  /** The text up to the next line feed, which is taken but not returned. */
  String line() {
    for (int i = bytes.position(); i < bytes.limit(); i++) {
      if (bytes.get(i) == '\n') {
        String line = utf8(i - bytes.position());
        bytes.get();
        return line;
      }
    }
    throw new IllegalArgumentException("a line without an end");
  }

  private void need(long length) {
    if (length < 0 || length > bytes.remaining()) {
      throw new IllegalArgumentException(
          "%s bytes are needed, the pickle ends after %d"
              .formatted(Long.toUnsignedString(length), bytes.remaining()));
    }
  }
}
