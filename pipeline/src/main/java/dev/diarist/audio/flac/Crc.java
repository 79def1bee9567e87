package dev.diarist.audio.flac;

/** The two checksums of FLAC. Source: RFC 9639, sections 9.1.8 and 9.3. */
final class Crc {
  private static final int POLYNOMIAL_8 = 0x07; // x^8 + x^2 + x + 1
  private static final int POLYNOMIAL_16 = 0x8005; // x^16 + x^15 + x^2 + 1
  private static final int[] TABLE_8 = table(8, POLYNOMIAL_8);
  private static final int[] TABLE_16 = table(16, POLYNOMIAL_16);

  private Crc() {}

  private static int[] table(int width, int polynomial) {
    int[] table = new int[256];
    for (int value = 0; value < table.length; value++) {
      int crc = value << width - 8;
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc >> width - 1 & 1) == 0 ? crc << 1 : crc << 1 ^ polynomial;
      }
      table[value] = crc & (1 << width) - 1;
    }
    return table;
  }

  /** {@code crc} after one byte more. */
  static int update8(int crc, int value) {
    return TABLE_8[crc ^ value];
  }

  /** {@code crc} after bytes {@code from} to {@code to}, which are not modified. */
  static int update16(int crc, byte[] bytes, int from, int to) {
    for (int i = from; i < to; i++) {
      crc = (crc << 8 & 0xFFFF) ^ TABLE_16[crc >> 8 ^ bytes[i] & 0xFF];
    }
    return crc;
  }
}
