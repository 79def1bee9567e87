package dev.diarist.audio;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** What stands before the samples of a RIFF, RIFX, RF64 or BW64 WAVE file. */
final class WavHeader {
  private static final int CHUNK_HEADER_BYTES = 8;
  private static final int FIRST_CHUNK_BYTES = 12; // after "RIFF", the size and "WAVE"
  private static final int EXTENSIBLE = 0xFFFE;
  private static final int EXTENSIBLE_BYTES = 40;
  private static final int FMT_BYTES = 16;
  private static final long UNKNOWN = 0xFFFFFFFFL;
  // A file that has more chunks than this before its samples was made to be slow to read.
  private static final int MAX_CHUNKS = 4096;
  // The GUID of a WAVE_FORMAT_EXTENSIBLE sub-format after its two bytes of format code.
  private static final String GUID_TAIL = "000000001000800000aa00389b71";

  /** The part of a header that the {@code fmt } chunk gives. */
  private record Format(SampleEncoding encoding, int channels, int sampleRate) {
    int frameBytes() {
      return channels * encoding.bytes();
    }
  }

  private WavHeader() {}

  /**
   * Reads the chunks up to the samples.
   *
   * @param channel positioned reads only; stays open
   * @throws AudioException if the header is damaged, the codec is none that can be read, or the
   *     samples are fewer than the header promises
   */
  static PcmLayout read(String name, FileChannel channel) throws IOException {
    long fileBytes = channel.size();
    ByteBuffer riff = AudioFiles.bytes(name, channel, 0, FIRST_CHUNK_BYTES);
    ByteOrder order = riff.get(3) == 'X' ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    riff.order(order);
    long riffBytes = Integer.toUnsignedLong(riff.getInt(4));
    boolean wide = riff.get(0) != 'R' || riff.get(1) != 'I'; // RF64 or BW64
    long wideDataBytes = UNKNOWN;
    Format format = null;
    long at = FIRST_CHUNK_BYTES;
    for (int chunk = 0; at < fileBytes; chunk++) {
      if (chunk == MAX_CHUNKS) {
        throw AudioFiles.refusal(
            name, "has more than " + MAX_CHUNKS + " chunks before its samples");
      }
      ByteBuffer head = AudioFiles.bytes(name, channel, at, CHUNK_HEADER_BYTES).order(order);
      String id = new String(head.array(), 0, 4, StandardCharsets.ISO_8859_1);
      long size = Integer.toUnsignedLong(head.getInt(4));
      at += CHUNK_HEADER_BYTES;
      switch (id) {
        case "ds64" -> {
          ByteBuffer sizes = AudioFiles.bytes(name, channel, at, 16).order(order);
          riffBytes = sizes.getLong(0);
          wideDataBytes = sizes.getLong(8);
        }
        case "fmt " -> {
          int held = (int) Math.min(size, EXTENSIBLE_BYTES);
          format = format(name, AudioFiles.bytes(name, channel, at, held).order(order));
        }
        case "data" -> {
          if (format == null) {
            throw AudioFiles.refusal(name, "has samples before any format ('fmt ' chunk)");
          }
          long promised = wide && size == UNKNOWN ? wideDataBytes : size;
          long dataBytes = dataBytes(name, fileBytes, riffBytes, at, promised);
          return new PcmLayout(
              format.encoding,
              order,
              format.channels,
              format.sampleRate,
              at,
              dataBytes / format.frameBytes());
        }
        default -> {
          // Titles, cue points, padding: not needed here.
        }
      }
      at += size + (size & 1); // a chunk of odd size is followed by one byte of padding
    }
    throw AudioFiles.refusal(
        name, "is truncated or damaged: it ends without samples (no 'data' chunk)");
  }

  /** The length of the samples: as promised, or all that the file holds where it was not known. */
  private static long dataBytes(
      String name, long fileBytes, long riffBytes, long dataOffset, long promised)
      throws AudioException {
    long held = fileBytes - dataOffset;
    boolean unfinished = promised == 0 && riffBytes + CHUNK_HEADER_BYTES != fileBytes;
    if (unfinished || isPlaceholder(promised) && Long.compareUnsigned(promised, held) > 0) {
      return held;
    }
    if (Long.compareUnsigned(promised, held) > 0) {
      throw AudioFiles.refusal(
          name,
          "is truncated: "
              + Long.toUnsignedString(promised - held)
              + " of its "
              + Long.toUnsignedString(promised)
              + " bytes of samples are missing");
    }
    return promised;
  }

  /** Sizes that programs write which cannot go back to a header, as into a pipe. */
  private static boolean isPlaceholder(long size) {
    return size == -1L // RF64
        || size == UNKNOWN // FFmpeg
        || size == 0x80000000L // arecord
        || size == 0x7FFFFFFFL
        || size == 0x7FFFF000L; // SoX
  }

  private static Format format(String name, ByteBuffer fmt) throws AudioException {
    if (fmt.limit() < FMT_BYTES) {
      throw AudioFiles.refusal(
          name,
          "has a damaged header: a format of %d bytes, not at least %d"
              .formatted(fmt.limit(), FMT_BYTES));
    }
    int code = Short.toUnsignedInt(fmt.getShort(0));
    int channels = Short.toUnsignedInt(fmt.getShort(2));
    long sampleRate = Integer.toUnsignedLong(fmt.getInt(4));
    int frameBytes = Short.toUnsignedInt(fmt.getShort(12));
    int bits = Short.toUnsignedInt(fmt.getShort(14));
    if (code == EXTENSIBLE) {
      code = subFormat(name, fmt);
    }
    SampleEncoding encoding = encoding(name, code, bits);
    if (channels == 0) {
      throw AudioFiles.refusal(name, "has a damaged header: 0 channels");
    }
    if (frameBytes != channels * encoding.bytes()) {
      throw AudioFiles.refusal(
          name,
          "has a damaged header: %d channels of %d bits in blocks of %d bytes, not %d"
              .formatted(channels, bits, frameBytes, channels * encoding.bytes()));
    }
    return new Format(encoding, channels, AudioFiles.sampleRate(name, sampleRate));
  }

  private static int subFormat(String name, ByteBuffer fmt) throws AudioException {
    if (fmt.limit() < EXTENSIBLE_BYTES) {
      throw AudioFiles.refusal(
          name, "has a damaged header: an extensible format without its sub-format");
    }
    String tail = HexFormat.of().formatHex(fmt.array(), 26, EXTENSIBLE_BYTES);
    if (!tail.equals(GUID_TAIL)) {
      throw AudioFiles.refusal(
          name,
          "holds an unsupported codec (sub-format "
              + HexFormat.of().formatHex(fmt.array(), 24, EXTENSIBLE_BYTES)
              + ")");
    }
    return Short.toUnsignedInt(fmt.getShort(24));
  }

  private static SampleEncoding encoding(String name, int code, int bits) throws AudioException {
    return switch (code) {
      case 1 ->
          switch (bits) {
            case 8 -> SampleEncoding.UNSIGNED_8;
            case 16 -> SampleEncoding.SIGNED_16;
            case 24 -> SampleEncoding.SIGNED_24;
            case 32 -> SampleEncoding.SIGNED_32;
            default ->
                throw AudioFiles.refusal(
                    name, "holds PCM samples of " + bits + " bits, not 8, 16, 24 or 32");
          };
      case 3 ->
          switch (bits) {
            case 32 -> SampleEncoding.FLOAT_32;
            case 64 -> SampleEncoding.FLOAT_64;
            default ->
                throw AudioFiles.refusal(
                    name, "holds float samples of " + bits + " bits, not 32 or 64");
          };
      case 6 -> companded(name, bits, SampleEncoding.A_LAW);
      case 7 -> companded(name, bits, SampleEncoding.MU_LAW);
      default ->
          throw AudioFiles.refusal(
              name,
              ("holds an unsupported codec (format code 0x%04X, %s);"
                      + " PCM, float, A-law and mu-law are read")
                  .formatted(code, codecName(code)));
    };
  }

  private static SampleEncoding companded(String name, int bits, SampleEncoding encoding)
      throws AudioException {
    if (bits != 8) {
      throw AudioFiles.refusal(
          name, "holds %s samples of %d bits, not 8".formatted(encoding, bits));
    }
    return encoding;
  }

  private static String codecName(int code) {
    return switch (code) {
      case 0x0002 -> "Microsoft ADPCM";
      case 0x0011 -> "IMA ADPCM";
      case 0x0031 -> "GSM 6.10";
      case 0x0050 -> "MPEG";
      case 0x0055 -> "MP3";
      case 0x0161 -> "Windows Media Audio";
      default -> "unknown";
    };
  }
}
