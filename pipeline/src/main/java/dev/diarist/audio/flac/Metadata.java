package dev.diarist.audio.flac;

import java.io.IOException;
import java.nio.channels.FileChannel;

/**
 * The blocks before the frames. Source: RFC 9639, section 8.
 *
 * @param firstFrame position of the first frame in the file
 */
record Metadata(StreamInfo stream, SeekTable seekTable, long firstFrame) {
  private static final int MARKER = 0x664C6143; // fLaC
  private static final int BLOCK_HEADER_BYTES = 4;
  private static final int STREAMINFO = 0;
  private static final int SEEKTABLE = 3;
  private static final int INVALID = 127;
  private static final int MAX_BLOCKS = 4096;

  /**
   * @param start where the stream begins
   */
  static Metadata read(FileChannel channel, long start) throws IOException {
    BitInput in = new BitInput(channel);
    in.seek(start);
    if (in.unsigned(32) != MARKER) {
      throw new FlacException("is damaged: no FLAC stream begins at byte " + start);
    }
    StreamInfo stream = null;
    SeekTable seekTable = SeekTable.EMPTY;
    boolean last = false;
    long at = in.position();
    for (int block = 0; !last; block++) {
      in.seek(at);
      last = in.unsigned(1) == 1;
      int type = (int) in.unsigned(7);
      int bytes = (int) in.unsigned(24);
      at += BLOCK_HEADER_BYTES + bytes;
      if (at > channel.size()) {
        throw new FlacException(
            "is truncated: it ends after %d bytes, inside its header".formatted(channel.size()));
      }
      if (block == MAX_BLOCKS || type == INVALID) {
        throw new FlacException(
            "has a damaged header: metadata block %d of type %d".formatted(block, type));
      }
      if ((block == 0) != (type == STREAMINFO) || type == STREAMINFO && bytes < StreamInfo.BYTES) {
        throw new FlacException(
            "has a damaged header: metadata block %d of type %d with %d bytes"
                .formatted(block, type, bytes));
      }
      switch (type) {
        case STREAMINFO -> stream = StreamInfo.read(in);
        case SEEKTABLE -> seekTable = SeekTable.read(in, bytes);
        default -> {
          // Tags, pictures, padding: not needed here.
        }
      }
    }
    return new Metadata(stream, seekTable, at);
  }
}
