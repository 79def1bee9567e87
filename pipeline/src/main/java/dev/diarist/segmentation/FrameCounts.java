package dev.diarist.segmentation;

/**
 * How many speakers are active in each frame of the file.
 *
 * @param counts (N); not modified
 * @param window the frames of the file
 */
public record FrameCounts(byte[] counts, SlidingWindow window) {

  /** The largest count; 0 where there are no frames. */
  public int max() {
    int max = 0;
    for (byte count : counts) {
      max = Math.max(max, count);
    }
    return max;
  }

  /** Counts no larger than {@code maxSpeakers}. */
  public FrameCounts cappedAt(int maxSpeakers) {
    byte[] capped = counts.clone();
    for (int frame = 0; frame < capped.length; frame++) {
      capped[frame] = (byte) Math.min(capped[frame], maxSpeakers);
    }
    return new FrameCounts(capped, window);
  }
}
