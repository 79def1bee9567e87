package dev.diarist.audio.flac;

import java.io.IOException;
import java.util.Arrays;

/**
 * Where frames are, as a file states it: 16 bytes of memory for 18 of the file.
 *
 * <p>Source: RFC 9639, section 8.5.
 *
 * @param samples the first of each frame, ascending; not modified
 * @param offsets of the frames from the first frame, in bytes; not modified
 */
record SeekTable(long[] samples, long[] offsets) {
  /** Of a file that states nothing. */
  static final SeekTable EMPTY = new SeekTable(new long[0], new long[0]);

  private static final int POINT_BYTES = 18;

  /**
   * Reads a block of that many bytes. Placeholders, points out of order and those that lie in no
   * file are left out.
   */
  static SeekTable read(BitInput in, int bytes) throws IOException {
    int stated = bytes / POINT_BYTES;
    long[] samples = new long[stated];
    long[] offsets = new long[stated];
    int count = 0;
    for (int i = 0; i < stated; i++) {
      long sample = in.unsigned(32) << 32 | in.unsigned(32);
      long offset = in.unsigned(32) << 32 | in.unsigned(32);
      in.unsigned(16); // samples of the frame
      boolean ascends = sample > (count == 0 ? -1 : samples[count - 1]);
      if (ascends && offset >= 0 && offset <= Long.MAX_VALUE / 2) {
        samples[count] = sample;
        offsets[count++] = offset;
      }
    }
    return count == stated
        ? new SeekTable(samples, offsets)
        : new SeekTable(Arrays.copyOf(samples, count), Arrays.copyOf(offsets, count));
  }

  /** The last point at or before {@code sample}; negative where there is none. */
  int floor(long sample) {
    int found = Arrays.binarySearch(samples, sample);
    return found >= 0 ? found : -found - 2;
  }
}
