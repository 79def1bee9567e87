package dev.diarist.segmentation;

/**
 * How a recording is cut into chunks: {@code full} whole ones, then one that is padded with zeros
 * on the right where samples are left.
 *
 * @param full number of chunks that lie inside the recording
 * @param paddedLast whether a padded chunk follows them
 */
public record Chunks(int windowSamples, int stepSamples, int full, boolean paddedLast) {

  /**
   * The chunks of a recording of {@code samples} samples; an empty recording has one padded chunk.
   *
   * @throws IllegalArgumentException if chunk or step is shorter than a sample
   * @throws ArithmeticException if the number of chunks is no int
   */
  public static Chunks of(long samples, double chunkSeconds, double stepSeconds, int sampleRate) {
    int window = (int) Math.floor(chunkSeconds * sampleRate);
    int step = (int) Math.rint(stepSeconds * sampleRate);
    if (samples < 0 || window < 1 || step < 1) {
      throw new IllegalArgumentException(
          "chunks need samples of 0 or more, and a window and step of a sample or more, got"
              + " samples="
              + samples
              + ", window="
              + window
              + ", step="
              + step);
    }
    int full = samples >= window ? Math.toIntExact((samples - window) / step + 1) : 0;
    boolean rest = samples < window || (samples - window) % step > 0;
    return new Chunks(window, step, full, rest);
  }

  /** C. */
  public int count() {
    return paddedLast ? full + 1 : full;
  }

  public long firstSample(int chunk) {
    return (long) chunk * stepSamples;
  }
}
