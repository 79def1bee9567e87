package dev.diarist.audio.flac;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * What the first and the last frame of a stream say of its length.
 *
 * @param samples of each channel, all of which the file holds
 * @param fixedBlockSize of every frame but the last, where frames are counted and not samples
 */
record FrameBounds(long samples, int fixedBlockSize) {
  /** More than the largest frame there can be: 8 channels of 65535 samples of 4 bytes. */
  private static final int SEARCHED_BYTES = 1 << 22;

  private static final int WINDOW_BYTES = 1 << 15;
  private static final int SMALLEST_FRAME_BYTES = 10;
  private static final int LARGEST_BLOCK = 1 << 16;

  /**
   * Headers that look sound but begin no sound frame; more of them were made to be slow to read.
   */
  private static final int MAX_CANDIDATES = 64;

  /**
   * @throws FlacException if the frames end before the samples that the header promises
   */
  static FrameBounds find(FileChannel channel, Metadata metadata) throws IOException {
    long promised = metadata.stream().samples();
    if (promised == 0 && channel.size() - metadata.firstFrame() < SMALLEST_FRAME_BYTES) {
      return new FrameBounds(0, 0);
    }
    BitInput in = new BitInput(channel);
    in.seek(metadata.firstFrame());
    int fixedBlockSize = FrameHeader.read(in, metadata.stream()).blockSize();
    long held = end(channel, metadata, fixedBlockSize);
    long bytes = channel.size() - metadata.firstFrame();
    long possible = bytes / SMALLEST_FRAME_BYTES * LARGEST_BLOCK;
    if (held > possible) {
      throw new FlacException(
          "is damaged: its last frame ends after %d samples, and %d bytes hold at most %d"
              .formatted(held, bytes, possible));
    }
    if (held < promised) {
      throw new FlacException(
          "is truncated or damaged: its last whole frame ends after %d of its %d samples"
              .formatted(held, promised));
    }
    return new FrameBounds(promised == 0 ? held : promised, fixedBlockSize);
  }

  /** The end of the last sound frame, in samples; 0 where none was found. */
  private static long end(FileChannel channel, Metadata metadata, int fixedBlockSize)
      throws IOException {
    BitInput in = new BitInput(channel);
    Frame frame = new Frame(metadata.stream());
    long stop = Math.max(metadata.firstFrame(), channel.size() - SEARCHED_BYTES);
    ByteBuffer window = ByteBuffer.allocate(WINDOW_BYTES + 1);
    int candidates = 0;
    for (long end = channel.size() - 1; end > stop; end -= WINDOW_BYTES) {
      long start = Math.max(stop, end - WINDOW_BYTES);
      window.clear().limit((int) (end - start) + 1); // one byte more, for the second of a sync
      while (window.hasRemaining() && channel.read(window, start + window.position()) > 0) {
        // Reads on until the window is full.
      }
      for (int at = (int) (end - start) - 1; at >= 0 && candidates < MAX_CANDIDATES; at--) {
        // 14 bits of sync and a reserved 0; the last bit tells what is counted
        boolean sync = window.get(at) == -1 && (window.get(at + 1) & 0xFE) == 0xF8;
        if (sync && isHeader(in, metadata.stream(), start + at)) {
          candidates++;
          try {
            frame.read(in, start + at);
            return frame.header().firstSample(fixedBlockSize) + frame.blockSize();
          } catch (FlacException e) {
            // Samples that look like a header, or a frame that was cut off: the one before counts.
          }
        }
      }
    }
    return 0;
  }

  private static boolean isHeader(BitInput in, StreamInfo stream, long position)
      throws IOException {
    in.seek(position);
    try {
      FrameHeader.read(in, stream);
      return true;
    } catch (FlacException e) {
      return false;
    }
  }
}
