package dev.diarist.audio;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** How an uncompressed file stores one sample of one channel. */
enum SampleEncoding {
  UNSIGNED_8(1) {
    @Override
    float decode(ByteBuffer bytes, int at) {
      return ((bytes.get(at) & 0xFF) - 128) / 128f;
    }
  },
  SIGNED_8(1) {
    @Override
    float decode(ByteBuffer bytes, int at) {
      return bytes.get(at) / 128f;
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
      boolean little = bytes.order() == ByteOrder.LITTLE_ENDIAN;
      int high = bytes.get(little ? at + 2 : at);
      int low = bytes.getShort(little ? at : at + 1) & 0xFFFF;
      return (high << 16 | low) / 0x1p23f;
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
  },
  /** ITU-T G.711: inverted bits of sign, exponent and four of the mantissa, with a bias of 132. */
  MU_LAW(1) {
    @Override
    float decode(ByteBuffer bytes, int at) {
      int code = ~bytes.get(at);
      int magnitude = (((code & 0x0F) << 3) + 132 << (code >> 4 & 7)) - 132;
      return ((code & 0x80) == 0 ? magnitude : -magnitude) / 0x1p15f;
    }
  },
  /** ITU-T G.711: every other bit inverted; the lowest of eight segments is linear. */
  A_LAW(1) {
    @Override
    float decode(ByteBuffer bytes, int at) {
      int code = bytes.get(at) ^ 0x55;
      int segment = code >> 4 & 7;
      int mantissa = ((code & 0x0F) << 4) + 8;
      int magnitude = segment == 0 ? mantissa : mantissa + 256 << segment - 1;
      return ((code & 0x80) == 0 ? -magnitude : magnitude) / 0x1p15f;
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
   * The sample at byte {@code at}: integers over 2^(bits-1), unsigned 8 bits as (x-128)/128, floats
   * as they are. Source: libsndfile's scaling.
   *
   * @param bytes in the byte order of the file, not modified
   */
  abstract float decode(ByteBuffer bytes, int at);
}
