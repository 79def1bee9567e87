package dev.diarist.audio;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;

/** What stands before the samples of an AU file, big-endian. */
final class AuHeader {
  private static final int BYTES = 24;
  private static final long UNKNOWN = 0xFFFFFFFFL;

  private AuHeader() {}

  /**
   * Reads the header.
   *
   * @param channel positioned reads only; stays open
   * @throws AudioException if it is damaged, the codec is none that can be read, or the samples are
   *     fewer than it promises
   */
  static PcmLayout read(String name, FileChannel channel) throws IOException {
    ByteBuffer header = AudioFiles.bytes(name, channel, 0, BYTES);
    long offset = Integer.toUnsignedLong(header.getInt(4));
    long promised = Integer.toUnsignedLong(header.getInt(8));
    SampleEncoding encoding = encoding(name, header.getInt(12));
    int sampleRate = AudioFiles.sampleRate(name, Integer.toUnsignedLong(header.getInt(16)));
    int channels = header.getInt(20);
    if (channels < 1 || channels > 0xFFFF) {
      throw AudioFiles.refusal(
          name, "has a damaged header: %s channels".formatted(Integer.toUnsignedString(channels)));
    }
    long held = channel.size() - offset;
    if (offset < BYTES || held < 0) {
      throw AudioFiles.refusal(
          name,
          "has a damaged header: samples from byte %d of %d".formatted(offset, channel.size()));
    }
    if (promised != UNKNOWN && promised > held) {
      throw AudioFiles.refusal(
          name,
          "is truncated: %d of its %d bytes of samples are missing"
              .formatted(promised - held, promised));
    }
    long bytes = promised == UNKNOWN ? held : promised;
    long frames = bytes / ((long) channels * encoding.bytes());
    return new PcmLayout(encoding, ByteOrder.BIG_ENDIAN, channels, sampleRate, offset, frames);
  }

  private static SampleEncoding encoding(String name, int code) throws AudioException {
    return switch (code) {
      case 1 -> SampleEncoding.MU_LAW;
      case 2 -> SampleEncoding.SIGNED_8;
      case 3 -> SampleEncoding.SIGNED_16;
      case 4 -> SampleEncoding.SIGNED_24;
      case 5 -> SampleEncoding.SIGNED_32;
      case 6 -> SampleEncoding.FLOAT_32;
      case 7 -> SampleEncoding.FLOAT_64;
      case 27 -> SampleEncoding.A_LAW;
      default ->
          throw AudioFiles.refusal(
              name,
              "holds an unsupported codec (encoding %s); PCM, float, A-law and mu-law are read"
                  .formatted(Integer.toUnsignedString(code)));
    };
  }
}
