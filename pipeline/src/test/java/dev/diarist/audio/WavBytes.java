package dev.diarist.audio;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Puts WAV files together byte by byte, damaged ones too. */
final class WavBytes {
  static final int PCM = 1;
  static final int FLOAT = 3;
  private static final String GUID_TAIL = "000000001000800000aa00389b71";

  private final ByteArrayOutputStream chunks = new ByteArrayOutputStream();

  /** The {@code fmt } chunk of 16 kHz audio. */
  static byte[] format(int code, int channels, int bits) {
    return format(code, channels, bits, 16000, channels * bits / 8);
  }

  static byte[] format(int code, int channels, int bits, int sampleRate, int blockBytes) {
    return little(16)
        .putShort((short) code)
        .putShort((short) channels)
        .putInt(sampleRate)
        .putInt(sampleRate * blockBytes)
        .putShort((short) blockBytes)
        .putShort((short) bits)
        .array();
  }

  /** The {@code fmt } chunk of WAVE_FORMAT_EXTENSIBLE. */
  static byte[] extensible(int code, int channels, int bits) {
    return little(40)
        .put(format(0xFFFE, channels, bits))
        .putShort((short) 22)
        .putShort((short) bits)
        .putInt(0)
        .putShort((short) code)
        .put(HexFormat.of().parseHex(GUID_TAIL))
        .array();
  }

  static byte[] shorts(int... values) {
    ByteBuffer bytes = little(2 * values.length);
    for (int value : values) {
      bytes.putShort((short) value);
    }
    return bytes.array();
  }

  static byte[] ints(int... values) {
    ByteBuffer bytes = little(4 * values.length);
    for (int value : values) {
      bytes.putInt(value);
    }
    return bytes.array();
  }

  static byte[] floats(float... values) {
    ByteBuffer bytes = little(4 * values.length);
    for (float value : values) {
      bytes.putFloat(value);
    }
    return bytes.array();
  }

  static byte[] doubles(double... values) {
    ByteBuffer bytes = little(8 * values.length);
    for (double value : values) {
      bytes.putDouble(value);
    }
    return bytes.array();
  }

  static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }

  /** A sound WAV file of one format and its samples. */
  static byte[] wav(byte[] format, byte[] data) {
    return new WavBytes().chunk("fmt ", format).chunk("data", data).riff();
  }

  /** Appends a chunk, padded to an even length. */
  WavBytes chunk(String id, byte[] content) {
    raw(id, content.length, content);
    if (content.length % 2 == 1) {
      chunks.write(0);
    }
    return this;
  }

  /** Appends a chunk whose header says {@code size}, whatever it holds. */
  WavBytes raw(String id, int size, byte[] content) {
    chunks.writeBytes(id.getBytes(StandardCharsets.ISO_8859_1));
    chunks.writeBytes(ints(size));
    chunks.writeBytes(content);
    return this;
  }

  byte[] riff() {
    return file("RIFF", 4 + chunks.size());
  }

  byte[] file(String kind, int size) {
    return little(12 + chunks.size())
        .put(kind.getBytes(StandardCharsets.ISO_8859_1))
        .putInt(size)
        .put("WAVE".getBytes(StandardCharsets.ISO_8859_1))
        .put(chunks.toByteArray())
        .array();
  }

  private static ByteBuffer little(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
