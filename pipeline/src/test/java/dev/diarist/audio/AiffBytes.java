package dev.diarist.audio;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Puts AIFF and AU files together byte by byte, damaged ones too. */
final class AiffBytes {
  private final ByteArrayOutputStream chunks = new ByteArrayOutputStream();

  /** The {@code COMM} chunk; its codec makes it one of AIFF-C. */
  static byte[] common(int channels, int frames, int bits, int sampleRate, String codec) {
    ByteBuffer common = ByteBuffer.allocate(codec.isEmpty() ? 18 : 24);
    common.putShort((short) channels).putInt(frames).putShort((short) bits);
    int exponent = 31 - Integer.numberOfLeadingZeros(sampleRate);
    common.putShort((short) (16383 + exponent));
    common.putLong((long) sampleRate << 63 - exponent);
    common.put(codec.getBytes(StandardCharsets.ISO_8859_1));
    return common.array(); // the codec's name is an empty string, padded
  }

  /** The {@code SSND} chunk. */
  static byte[] sound(byte[] samples) {
    return ByteBuffer.allocate(8 + samples.length).putInt(0).putInt(0).put(samples).array();
  }

  AiffBytes chunk(String id, byte[] content) {
    return raw(id, content.length, content);
  }

  AiffBytes raw(String id, int size, byte[] content) {
    chunks.writeBytes(id.getBytes(StandardCharsets.ISO_8859_1));
    chunks.writeBytes(ByteBuffer.allocate(4).putInt(size).array());
    chunks.writeBytes(content);
    if (content.length % 2 == 1) {
      chunks.write(0);
    }
    return this;
  }

  byte[] file(String type) {
    return ByteBuffer.allocate(12 + chunks.size())
        .put("FORM".getBytes(StandardCharsets.ISO_8859_1))
        .putInt(4 + chunks.size())
        .put(type.getBytes(StandardCharsets.ISO_8859_1))
        .put(chunks.toByteArray())
        .array();
  }

  /** An AU file whose header says {@code size}, whatever it holds. */
  static byte[] au(int encoding, int sampleRate, int channels, int size, byte[] samples) {
    return ByteBuffer.allocate(28 + samples.length)
        .put(".snd".getBytes(StandardCharsets.ISO_8859_1))
        .putInt(28)
        .putInt(size)
        .putInt(encoding)
        .putInt(sampleRate)
        .putInt(channels)
        .putInt(0) // a remark
        .put(samples)
        .array();
  }
}
