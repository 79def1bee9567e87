package dev.diarist.audio.flac;

import java.io.IOException;

/**
 * What the first metadata block says of the whole stream. Source: RFC 9639, section 8.2.
 *
 * @param samples of each channel; 0 where unknown
 */
record StreamInfo(int sampleRate, int channels, int bitsPerSample, long samples) {
  static final int BYTES = 34;
  private static final int SIZE_FIELDS_BITS = 80; // of blocks and frames, smallest and largest

  /** Reads the block, from the first byte after its header to the checksum of the samples. */
  static StreamInfo read(BitInput in) throws IOException {
    in.unsigned(SIZE_FIELDS_BITS / 2);
    in.unsigned(SIZE_FIELDS_BITS / 2);
    int sampleRate = (int) in.unsigned(20);
    int channels = (int) in.unsigned(3) + 1;
    int bits = (int) in.unsigned(5) + 1;
    long samples = in.unsigned(36);
    if (sampleRate == 0) {
      throw new FlacException("has a damaged header: a sample rate of 0 Hz");
    }
    if (bits < 4) {
      throw new FlacException(
          "has a damaged header: %d bits in a sample, not 4 to 32".formatted(bits));
    }
    return new StreamInfo(sampleRate, channels, bits, samples);
  }
}
