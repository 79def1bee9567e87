package dev.diarist.audio.flac;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.Map;
import java.util.TreeMap;

/**
 * Decodes a native FLAC file at any position. Safe for use by one thread at a time.
 *
 * <p>Positions of frames are remembered as they are passed, one for ten seconds of sound, so that
 * going back is cheap; going far ahead takes the file's own seek table where its entries prove
 * true, and decodes what lies between where not.
 *
 * <p>Source: RFC 9639.
 */
public final class FlacDecoder implements Closeable {
  private static final int REMEMBERED_SECONDS = 10;

  private final FileChannel channel;
  private final StreamInfo stream;
  private final BitInput in;
  private final Frame frame;
  private final long samples;
  private final int fixedBlockSize;
  private final float scale;

  /** Position of a frame in the file, by its first sample; these were decoded once. */
  private final TreeMap<Long, Long> passed = new TreeMap<>();

  /** The same as the file states it, from its first frame on. */
  private SeekTable stated;

  private final long firstFrame;

  private long frameStart; // of the decoded frame; its end where none is decoded
  private long frameEnd;
  private long nextPosition;

  private FlacDecoder(FileChannel channel, Metadata metadata, FrameBounds bounds) {
    this.channel = channel;
    stream = metadata.stream();
    stated = metadata.seekTable();
    firstFrame = metadata.firstFrame();
    in = new BitInput(channel);
    frame = new Frame(stream);
    samples = bounds.samples();
    fixedBlockSize = bounds.fixedBlockSize();
    scale = 1f / (1L << stream.bitsPerSample() - 1);
    nextPosition = firstFrame;
    passed.put(0L, nextPosition);
  }

  /**
   * Opens a stream and looks at its first and last frame.
   *
   * @param channel closed with this decoder; stays open where this fails
   * @param start where the stream begins
   * @throws FlacException if it is damaged, or ends before the samples that it promises
   */
  public static FlacDecoder open(FileChannel channel, long start) throws IOException {
    Metadata metadata = Metadata.read(channel, start);
    return new FlacDecoder(channel, metadata, FrameBounds.find(channel, metadata));
  }

  /** In Hz. */
  public int sampleRate() {
    return stream.sampleRate();
  }

  public int channels() {
    return stream.channels();
  }

  /** Samples of each channel. */
  public long samples() {
    return samples;
  }

  /**
   * Decodes samples [{@code first}, {@code first + count}) of every channel, integers over 2^(bits
   * − 1).
   *
   * @param target (count, channels), overwritten from its start
   * @throws FlacException if a frame is damaged
   */
  public void read(long first, int count, float[] target) throws IOException {
    if (first < 0 || first + count > samples) {
      throw new IllegalArgumentException(
          "samples must be from 0 to %d, got %d to %d".formatted(samples, first, first + count));
    }
    int channels = stream.channels();
    int done = 0;
    while (done < count) {
      decodeFrameWith(first + done);
      int from = (int) (first + done - frameStart);
      int part = (int) Math.min(frameEnd - frameStart - from, count - done);
      for (int c = 0; c < channels; c++) {
        long[] source = frame.channel(c);
        int at = done * channels + c;
        for (int i = 0; i < part; i++, at += channels) {
          target[at] = source[from + i] * scale; // a power of two: only the conversion rounds
        }
      }
      done += part;
    }
  }

  private void decodeFrameWith(long sample) throws IOException {
    if (sample >= frameStart && sample < frameEnd) {
      return;
    }
    goNear(sample);
    while (frameEnd <= sample) {
      decodeNext();
    }
  }

  /** Places the decoder on the last frame known to begin at or before {@code sample}. */
  private void goNear(long sample) throws IOException {
    Map.Entry<Long, Long> known = passed.floorEntry(sample);
    boolean ahead = frameEnd <= sample && frameEnd >= known.getKey();
    if (!ahead) {
      place(known.getKey(), known.getValue());
    }
    int claim = stated.floor(sample);
    if (claim >= 0
        && stated.samples()[claim] > frameEnd
        && !jump(stated.samples()[claim], firstFrame + stated.offsets()[claim])) {
      stated = SeekTable.EMPTY; // a table that is wrong once is not asked again
      place(known.getKey(), known.getValue());
    }
  }

  /** Decodes the frame that the seek table promises; false where another or none is there. */
  private boolean jump(long sample, long position) throws IOException {
    try {
      long next = frame.read(in, position);
      if (frame.header().firstSample(fixedBlockSize) != sample) {
        return false;
      }
      frameStart = sample;
      frameEnd = sample + frame.blockSize();
      nextPosition = next;
      passed.put(sample, position);
      return true;
    } catch (FlacException e) {
      return false;
    }
  }

  private void place(long sample, long position) {
    frameStart = sample;
    frameEnd = sample;
    nextPosition = position;
  }

  private void decodeNext() throws IOException {
    long start = frameEnd;
    long position = nextPosition;
    place(start, position); // the frame decoded last is lost even where this fails
    nextPosition = frame.read(in, position);
    frameEnd = start + frame.blockSize();
    long step = (long) REMEMBERED_SECONDS * stream.sampleRate();
    if (start >= passed.floorKey(start) + step) {
      passed.put(start, position);
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
