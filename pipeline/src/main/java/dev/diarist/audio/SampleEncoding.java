package dev.diarist.audio;

import java.nio.ByteBuffer;

/** How a WAV file stores one sample of one channel, little-endian. */
enum SampleEncoding {
  UNSIGNED_8(1) {
    @Override
    float decode(ByteBuffer bytes, int at) {
      return ((bytes.get(at) & 0xFF) - 128) / 128f;
    }
  },
  SIGNED_16(2) {
    @Override
    float decode(ByteBuffer bytes, int at) {
      return bytes.getShort(at) / 0x1p15f;
    }
  },
  SIGNED_24(3) {
    @Override
    float decode(ByteBuffer bytes, int at) {
      int low = bytes.getShort(at) & 0xFFFF;
      return (bytes.get(at + 2) << 16 | low) / 0x1p23f;
    }
  },
  SIGNED_32(4) {
    @Override
    float decode(ByteBuffer bytes, int at) {
      return bytes.getInt(at) / 0x1p31f; // the int is rounded to 24 bits, the division is exact
    }
  },
  FLOAT_32(4) {
    @Override
    float decode(ByteBuffer bytes, int at) {
      return bytes.getFloat(at);
    }
  },
  FLOAT_64(8) {
    @Override
    float decode(ByteBuffer bytes, int at) {
      return (float) bytes.getDouble(at);
    }
  };

  private final int bytes;

  SampleEncoding(int bytes) {
    this.bytes = bytes;
  }

  /** Bytes of one sample. */
  int bytes() {
    return bytes;
  }

  /**
   * The sample at byte {@code at}: integers over 2^(bits-1), 8 bits as (x-128)/128, floats as they
   * are. Source: libsndfile's scaling.
   *
   * @param bytes little-endian, not modified
   */
  abstract float decode(ByteBuffer bytes, int at);
}
