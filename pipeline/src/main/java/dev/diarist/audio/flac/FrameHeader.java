package dev.diarist.audio.flac;

import java.io.IOException;

/**
 * What stands before the subframes of a frame. Source: RFC 9639, section 9.1.
 *
 * @param number of the frame, or of its first sample where {@code variable}
 * @param variable whether blocks differ in size
 */
record FrameHeader(int blockSize, Stereo stereo, long number, boolean variable) {
  private static final int SYNC = 0x3FFE;
  private static final int INDEPENDENT_CHANNELS = 8;

  /** How two channels are stored. */
  enum Stereo {
    INDEPENDENT,
    LEFT_SIDE,
    SIDE_RIGHT,
    MID_SIDE
  }

  /** Position of the first sample in the stream. */
  long firstSample(int fixedBlockSize) {
    return variable ? number : number * fixedBlockSize;
  }

  /**
   * Reads a header.
   *
   * @throws FlacException if there is none, its checksum is wrong, or it differs from what the
   *     stream promises
   */
  static FrameHeader read(BitInput in, StreamInfo stream) throws IOException {
    long at = in.position();
    Checked bytes = new Checked(in, at);
    int sync = bytes.next() << 8 | bytes.next();
    if (sync >> 2 != SYNC || (sync & 2) != 0) {
      throw bytes.damaged("no frame begins there");
    }
    int sizes = bytes.next();
    int channels = bytes.next();
    long number = bytes.number();
    int blockSize = blockSize(sizes >> 4, bytes);
    int sampleRate = sampleRate(sizes & 0x0F, stream.sampleRate(), bytes);
    int found = bytes.crc;
    if (found != bytes.next()) {
      throw bytes.damaged("the checksum of its header is wrong");
    }
    int assignment = channels >> 4;
    Stereo stereo = stereo(assignment, bytes);
    int channelCount = stereo == Stereo.INDEPENDENT ? assignment + 1 : 2;
    int bits = bits(channels >> 1 & 7, stream.bitsPerSample(), bytes);
    if ((channels & 1) != 0) {
      throw bytes.damaged("a reserved bit is set");
    }
    if (channelCount != stream.channels()
        || bits != stream.bitsPerSample()
        || sampleRate != stream.sampleRate()) {
      throw bytes.damaged(
          "it has %d channels, %d bits, %d Hz, and the stream %d channels, %d bits, %d Hz"
              .formatted(
                  channelCount,
                  bits,
                  sampleRate,
                  stream.channels(),
                  stream.bitsPerSample(),
                  stream.sampleRate()));
    }
    return new FrameHeader(blockSize, stereo, number, (sync & 1) != 0);
  }

  private static int blockSize(int code, Checked bytes) throws IOException {
    return switch (code) {
      case 0 -> throw bytes.damaged("its block size is reserved");
      case 1 -> 192;
      case 2, 3, 4, 5 -> 144 << code;
      case 6 -> bytes.next() + 1;
      case 7 -> (bytes.next() << 8 | bytes.next()) + 1;
      default -> 1 << code;
    };
  }

  private static int sampleRate(int code, int ofStream, Checked bytes) throws IOException {
    return switch (code) {
      case 0 -> ofStream;
      case 1 -> 88200;
      case 2 -> 176400;
      case 3 -> 192000;
      case 4 -> 8000;
      case 5 -> 16000;
      case 6 -> 22050;
      case 7 -> 24000;
      case 8 -> 32000;
      case 9 -> 44100;
      case 10 -> 48000;
      case 11 -> 96000;
      case 12 -> bytes.next() * 1000;
      case 13 -> bytes.next() << 8 | bytes.next();
      case 14 -> (bytes.next() << 8 | bytes.next()) * 10;
      default -> throw bytes.damaged("its sample rate is reserved");
    };
  }

  private static Stereo stereo(int assignment, Checked bytes) throws FlacException {
    return switch (assignment - INDEPENDENT_CHANNELS) {
      case 0 -> Stereo.LEFT_SIDE;
      case 1 -> Stereo.SIDE_RIGHT;
      case 2 -> Stereo.MID_SIDE;
      default -> {
        if (assignment > INDEPENDENT_CHANNELS) {
          throw bytes.damaged("its channel assignment is reserved");
        }
        yield Stereo.INDEPENDENT;
      }
    };
  }

  private static int bits(int code, int ofStream, Checked bytes) throws FlacException {
    return switch (code) {
      case 0 -> ofStream;
      case 1 -> 8;
      case 2 -> 12;
      case 4 -> 16;
      case 5 -> 20;
      case 6 -> 24;
      case 7 -> 32;
      default -> throw bytes.damaged("its sample size is reserved");
    };
  }

  /** Bytes of a header, with their CRC-8. */
  private static final class Checked {
    private final BitInput in;
    private final long start;
    private int crc;

    Checked(BitInput in, long start) {
      this.in = in;
      this.start = start;
    }

    int next() throws IOException {
      int value = (int) in.unsigned(8);
      crc = Crc.update8(crc, value);
      return value;
    }

    /** A number of up to 36 bits, in the manner of UTF-8. */
    long number() throws IOException {
      int first = next();
      int ones = Integer.numberOfLeadingZeros(~(first << 24));
      if (ones == 1 || ones == 8) {
        throw damaged("its number is badly coded");
      }
      long number = first & 0x7F >> ones;
      for (int i = 1; i < ones; i++) {
        int more = next();
        if ((more & 0xC0) != 0x80) {
          throw damaged("its number is badly coded");
        }
        number = number << 6 | more & 0x3F;
      }
      return number;
    }

    FlacException damaged(String reason) {
      return new FlacException("is damaged: in the frame at byte %d %s".formatted(start, reason));
    }
  }
}
