package dev.diarist.audio;

import java.nio.ByteOrder;

/**
 * Where the samples of an uncompressed file lie, and how.
 *
 * @param dataOffsetBytes where the first frame begins
 * @param frames samples of each channel that the file holds
 */
record PcmLayout(
    SampleEncoding encoding,
    ByteOrder order,
    int channels,
    int sampleRate,
    long dataOffsetBytes,
    long frames) {

  /** Bytes of one sample of every channel together. */
  int frameBytes() {
    return channels * encoding.bytes();
  }
}
