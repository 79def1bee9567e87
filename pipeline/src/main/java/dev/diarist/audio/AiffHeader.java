package dev.diarist.audio;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;

/** What describes the samples of an AIFF or AIFF-C file; big-endian, chunks in any order. */
final class AiffHeader {
  private static final int CHUNK_HEADER_BYTES = 8;
  private static final int FIRST_CHUNK_BYTES = 12;
  private static final int COMMON_BYTES = 18;
  private static final int COMPRESSED_COMMON_BYTES = 22; // and the codec
  private static final int SOUND_HEADER_BYTES = 8;
  private static final int MAX_CHUNKS = 4096;
  private static final int EXPONENT_BIAS = 16383 + 63; // of a mantissa read as an integer

  private record Common(
      SampleEncoding encoding, ByteOrder order, int channels, int sampleRate, long frames) {}

  private record Sound(long offsetBytes, long bytes) {}

  private AiffHeader() {}

  /**
   * Reads the chunks that describe the samples.
   *
   * @param channel positioned reads only; stays open
   * @throws AudioException if the header is damaged, the codec is none that can be read, or the
   *     samples are fewer than the header promises
   */
  static PcmLayout read(String name, FileChannel channel) throws IOException {
    long fileBytes = channel.size();
    String type = id(AudioFiles.bytes(name, channel, 0, FIRST_CHUNK_BYTES), 8);
    if (!type.equals("AIFF") && !type.equals("AIFC")) {
      throw AudioFiles.refusal(name, "is an IFF file but not an AIFF one");
    }
    Common common = null;
    Sound sound = null;
    long at = FIRST_CHUNK_BYTES;
    for (int chunk = 0; at < fileBytes && (common == null || sound == null); chunk++) {
      if (chunk == MAX_CHUNKS) {
        throw AudioFiles.refusal(
            name, "has more than " + MAX_CHUNKS + " chunks before its samples");
      }
      ByteBuffer head = AudioFiles.bytes(name, channel, at, CHUNK_HEADER_BYTES);
      long size = Integer.toUnsignedLong(head.getInt(4));
      at += CHUNK_HEADER_BYTES;
      switch (id(head, 0)) {
        case "COMM" -> common = common(name, channel, at, type.equals("AIFC"));
        case "SSND" -> sound = sound(name, channel, at, size);
        default -> {
          // Titles, markers, instruments: not needed here.
        }
      }
      at += size + (size & 1); // a chunk of odd size is followed by one byte of padding
    }
    if (common == null || sound == null) {
      throw AudioFiles.refusal(
          name,
          "is truncated or damaged: it ends without %s"
              .formatted(common == null ? "a format ('COMM' chunk)" : "samples ('SSND' chunk)"));
    }
    return layout(name, common, sound, fileBytes);
  }

  private static PcmLayout layout(String name, Common common, Sound sound, long fileBytes)
      throws AudioException {
    PcmLayout layout =
        new PcmLayout(
            common.encoding,
            common.order,
            common.channels,
            common.sampleRate,
            sound.offsetBytes,
            common.frames);
    long held = Math.clamp(fileBytes - sound.offsetBytes, 0, Math.max(0, sound.bytes));
    long promised = common.frames * layout.frameBytes();
    if (promised > held) {
      throw AudioFiles.refusal(
          name,
          "is truncated: %d of its %d bytes of samples are missing"
              .formatted(promised - held, promised));
    }
    return layout;
  }

  private static Common common(String name, FileChannel channel, long at, boolean compressed)
      throws IOException {
    ByteBuffer common =
        AudioFiles.bytes(name, channel, at, compressed ? COMPRESSED_COMMON_BYTES : COMMON_BYTES);
    int channels = Short.toUnsignedInt(common.getShort(0));
    if (channels == 0) {
      throw AudioFiles.refusal(name, "has a damaged header: 0 channels");
    }
    long frames = Integer.toUnsignedLong(common.getInt(2));
    int bits = Short.toUnsignedInt(common.getShort(6));
    int sampleRate = AudioFiles.sampleRate(name, extended(common, 8));
    String codec = compressed ? id(common, COMMON_BYTES) : "NONE";
    ByteOrder order = codec.equals("sowt") ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
    return new Common(encoding(name, codec, bits), order, channels, sampleRate, frames);
  }

  /** Samples begin after an offset that the chunk states. */
  private static Sound sound(String name, FileChannel channel, long at, long size)
      throws IOException {
    long offset =
        Integer.toUnsignedLong(AudioFiles.bytes(name, channel, at, SOUND_HEADER_BYTES).getInt(0));
    return new Sound(at + SOUND_HEADER_BYTES + offset, size - SOUND_HEADER_BYTES - offset);
  }

  private static SampleEncoding encoding(String name, String codec, int bits)
      throws AudioException {
    return switch (codec) {
      case "NONE", "twos", "sowt" ->
          // Samples of any number of bits stand at the upper end of whole bytes.
          switch (Math.ceilDiv(bits, 8)) {
            case 1 -> SampleEncoding.SIGNED_8;
            case 2 -> SampleEncoding.SIGNED_16;
            case 3 -> SampleEncoding.SIGNED_24;
            case 4 -> SampleEncoding.SIGNED_32;
            default ->
                throw AudioFiles.refusal(
                    name, "holds PCM samples of " + bits + " bits, not 1 to 32");
          };
      case "raw " -> SampleEncoding.UNSIGNED_8;
      case "fl32", "FL32" -> SampleEncoding.FLOAT_32;
      case "fl64", "FL64" -> SampleEncoding.FLOAT_64;
      case "ulaw", "ULAW" -> SampleEncoding.MU_LAW;
      case "alaw", "ALAW" -> SampleEncoding.A_LAW;
      default ->
          throw AudioFiles.refusal(
              name,
              "holds an unsupported codec ('%s'); PCM, float, A-law and mu-law are read"
                  .formatted(codec.replaceAll("\\P{Print}", "?")));
    };
  }

  /** A float of 80 bits: sign and exponent, then a mantissa with its leading 1. */
  private static double extended(ByteBuffer bytes, int at) {
    int exponent = bytes.getShort(at);
    double mantissa = bytes.getLong(at + 2) >>> 1;
    return exponent < 0 ? -mantissa : Math.scalb(mantissa, exponent - EXPONENT_BIAS + 1);
  }

  private static String id(ByteBuffer bytes, int at) {
    return new String(bytes.array(), at, 4, StandardCharsets.ISO_8859_1);
  }
}
