package dev.diarist.audio.flac;

import java.io.IOException;

/** The decoded frame of a stream; the next one takes its place. */
final class Frame {
  private final StreamInfo stream;
  private final long[][] samples;
  private FrameHeader header;

  Frame(StreamInfo stream) {
    this.stream = stream;
    this.samples = new long[stream.channels()][0];
  }

  FrameHeader header() {
    return header;
  }

  /** Samples of each channel. */
  int blockSize() {
    return header.blockSize();
  }

  /** Samples of one channel, integers as stored; the first {@link #blockSize} are valid. */
  long[] channel(int channel) {
    return samples[channel];
  }

  /**
   * Decodes the frame that begins at {@code position}.
   *
   * @return position of what follows
   * @throws FlacException if no sound frame begins there; the samples are undefined then
   */
  long read(BitInput in, long position) throws IOException {
    in.seek(position);
    header = FrameHeader.read(in, stream);
    for (int c = 0; c < samples.length; c++) {
      if (samples[c].length < header.blockSize()) {
        samples[c] = new long[header.blockSize()];
      }
      boolean side =
          switch (header.stereo()) {
            case INDEPENDENT -> false;
            case LEFT_SIDE, MID_SIDE -> c == 1;
            case SIDE_RIGHT -> c == 0;
          };
      Subframe.read(in, stream.bitsPerSample() + (side ? 1 : 0), header.blockSize(), samples[c]);
    }
    in.align();
    int computed = in.crc16();
    if (computed != in.unsigned(16)) {
      throw new FlacException(
          "is damaged: the checksum of the frame at byte %d is wrong".formatted(position));
    }
    restoreStereo();
    return in.position();
  }

  private void restoreStereo() {
    if (header.stereo() == FrameHeader.Stereo.INDEPENDENT) {
      return;
    }
    long[] first = samples[0];
    long[] second = samples[1];
    for (int i = 0; i < header.blockSize(); i++) {
      switch (header.stereo()) {
        case LEFT_SIDE -> second[i] = first[i] - second[i];
        case SIDE_RIGHT -> first[i] += second[i];
        case MID_SIDE -> {
          long side = second[i];
          long sum = first[i] << 1 | side & 1; // the bit that halving lost
          first[i] = sum + side >> 1;
          second[i] = sum - side >> 1;
        }
        case INDEPENDENT -> throw new AssertionError("both channels are whole");
      }
    }
  }
}
