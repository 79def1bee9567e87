package dev.diarist.audio;

import java.io.Closeable;
import java.io.IOException;

/**
 * Decoded sound of every channel at the rate it was recorded with, read at any position. Safe for
 * use by one thread at a time.
 */
interface Pcm extends Closeable {

  /** What errors call it: the path of a file. */
  String name();

  /** In Hz. */
  int sampleRate();

  int channels();

  /** Samples of each channel. */
  long frames();

  /**
   * Reads frames [{@code firstFrame}, {@code firstFrame + count}), all of which exist.
   *
   * @param target (count, channels), overwritten from its start
   * @throws AudioException if they cannot be read; names file and reason
   */
  void read(long firstFrame, int count, float[] target) throws IOException;
}
