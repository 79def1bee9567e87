package dev.diarist.audio;

import java.io.IOException;

/**
 * Mono samples at 16 kHz, read in blocks at any position; never held whole. Integer samples lie in
 * [-1, 1); float ones are as the file has them. Safe for use by one thread at a time.
 *
 * <p>A recording of another rate sounds different to its two readers. {@link #read} cuts the
 * recording resampled as a whole, {@link #crop} resamples what is cut, so that the ends of each
 * crop are heard beside silence. At 16 kHz both are the same.
 */
public interface AudioSource extends AutoCloseable {
  int SAMPLE_RATE = 16000;

  /** Name of the recording: the file's stem. */
  String uri();

  /** Length in samples. */
  long samples();

  /** Length of the recording itself, which resampling rounds up to whole samples. */
  default double durationSeconds() {
    return samples() / (double) SAMPLE_RATE;
  }

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

  /** Rate in Hz of the recording itself, at which {@link #crop} cuts. */
  default int recordedRate() {
    return SAMPLE_RATE;
  }

  /**
   * Cuts [⌊start·r⌋, ⌊start·r⌋ + ⌊duration·r⌋) from the recording at its own rate r, with zeros
   * past its end, and resamples that alone. Source: {@code Audio.crop} of pyannote.audio 3.3.2 with
   * {@code mode="pad"}.
   *
   * @param startSeconds at least 0; may lie past the end
   * @param target its ⌊duration·16000⌋ samples from {@code offset} on are overwritten
   * @throws AudioException as {@link #read}
   */
  default void crop(double startSeconds, double durationSeconds, float[] target, int offset)
      throws IOException {
    long first = (long) Math.floor(startSeconds * SAMPLE_RATE);
    read(first, (int) Math.floor(durationSeconds * SAMPLE_RATE), target, offset);
  }

  @Override
  void close() throws IOException;
}
