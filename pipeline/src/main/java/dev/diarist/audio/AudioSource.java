package dev.diarist.audio;

import java.io.IOException;

/**
 * Mono samples at 16 kHz, read in blocks at any position; never held whole. Integer samples lie in
 * [-1, 1); float ones are as the file has them. Safe for use by one thread at a time.
 */
public interface AudioSource extends AutoCloseable {
  int SAMPLE_RATE = 16000;

  /** Name of the recording: the file's stem. */
  String uri();

  /** Length in samples. */
  long samples();

  /**
   * Reads samples [{@code firstSample}, {@code firstSample + count}) into {@code target}; what lies
   * past the end becomes 0.
   *
   * @param firstSample at least 0; may lie past the end
   * @param target overwritten from {@code offset} to {@code offset + count}
   * @throws AudioException if the data cannot be read or holds a NaN or infinite sample; names file
   *     and position
   */
  void read(long firstSample, int count, float[] target, int offset) throws IOException;

  @Override
  void close() throws IOException;
}
