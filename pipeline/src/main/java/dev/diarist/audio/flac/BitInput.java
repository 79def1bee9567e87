package dev.diarist.audio.flac;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** Bits of a file, the highest of each byte first, with the CRC-16 of the bytes consumed. */
final class BitInput {
  private static final int BUFFER_BYTES = 1 << 15;

  /** A frame has 16 MiB at most, as the header states frame sizes in 24 bits. */
  private static final int MAX_ZEROS = 8 << 24;

  private final FileChannel channel;
  private final byte[] buffer = new byte[BUFFER_BYTES];

  /** Position in the file of {@code buffer[0]}. */
  private long bufferStart;

  private int filled;
  private int taken; // bytes of the buffer that are in `bits` or consumed

  /** The next bits at the upper end, zeros behind them. */
  private long bits;

  private int bitCount;

  private int crc;
  private int crcFrom; // the first byte of the buffer that `crc` does not cover

  /**
   * @param channel positioned reads only
   */
  BitInput(FileChannel channel) {
    this.channel = channel;
  }

  /** Goes on at a byte of the file, and starts the CRC-16 anew. */
  void seek(long position) {
    long inBuffer = position - bufferStart;
    if (inBuffer >= 0 && inBuffer <= filled) {
      taken = (int) inBuffer;
    } else {
      bufferStart = position;
      filled = 0;
      taken = 0;
    }
    bits = 0;
    bitCount = 0;
    crc = 0;
    crcFrom = taken;
  }

  /** Position in the file of the next byte. */
  long position() {
    return bufferStart + taken - bitCount / 8;
  }

  /** The next {@code count} bits as an unsigned number, at most 56. */
  long unsigned(int count) throws IOException {
    if (count == 0) {
      return 0;
    }
    if (bitCount < count) {
      fill(count);
    }
    long value = bits >>> 64 - count;
    bits <<= count;
    bitCount -= count;
    return value;
  }

  /** The next {@code count} bits as a number in two's complement, at most 56. */
  long signed(int count) throws IOException {
    return unsigned(count) << 64 - count >> 64 - count;
  }

  /**
   * The number of zeros before the next one, which is consumed.
   *
   * @throws FlacException if there are more than a frame can hold, or the file ends
   */
  int unary() throws IOException {
    int zeros = 0;
    while (bits == 0) {
      zeros += bitCount;
      if (zeros > MAX_ZEROS) {
        throw new FlacException(
            "is damaged: more zeros than a frame can hold end at byte " + position());
      }
      bitCount = 0;
      fill(1);
    }
    int more = Long.numberOfLeadingZeros(bits);
    bits = bits << more << 1; // by 64 at once would shift by nothing
    bitCount -= more + 1;
    return zeros + more;
  }

  /** Skips to the next whole byte. */
  void align() {
    int partial = bitCount % 8;
    bits <<= partial;
    bitCount -= partial;
  }

  /** CRC-16 of the bytes consumed since {@link #seek}; at a whole byte. */
  int crc16() {
    coverConsumed();
    return crc;
  }

  private void coverConsumed() {
    int consumed = taken - bitCount / 8;
    crc = Crc.update16(crc, buffer, crcFrom, consumed);
    crcFrom = consumed;
  }

  /** Takes bytes until at least {@code count} bits are there. */
  private void fill(int count) throws IOException {
    while (bitCount <= 56) {
      if (taken == filled && !load()) {
        break;
      }
      bits |= (buffer[taken++] & 0xFFL) << 56 - bitCount;
      bitCount += 8;
    }
    if (bitCount < count) {
      throw new FlacException("is truncated: it ends inside a frame, at byte " + position());
    }
  }

  /** Loads what follows; the bytes in {@link #bits} stay, because the CRC does not cover them. */
  private boolean load() throws IOException {
    coverConsumed();
    int pending = Math.ceilDiv(bitCount, 8);
    int consumed = taken - pending;
    System.arraycopy(buffer, consumed, buffer, 0, pending);
    crcFrom -= consumed;
    bufferStart += consumed;
    taken = pending;
    filled = pending;
    ByteBuffer free = ByteBuffer.wrap(buffer, filled, buffer.length - filled);
    int read = channel.read(free, bufferStart + filled);
    if (read <= 0) {
      return false;
    }
    filled += read;
    return true;
  }
}
