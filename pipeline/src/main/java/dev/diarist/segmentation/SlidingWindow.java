package dev.diarist.segmentation;

import dev.diarist.annotation.Segment;

/**
 * Window i covers [start + i·step, start + i·step + duration).
 *
 * <p>Source: pyannote.core SlidingWindow, with its order of operations.
 */
public record SlidingWindow(double startSeconds, double durationSeconds, double stepSeconds) {

  public SlidingWindow {
    if (!(durationSeconds > 0) || !(stepSeconds > 0)) {
      throw new IllegalArgumentException(
          "a sliding window must have a positive duration and step, got duration="
              + durationSeconds
              + " s and step="
              + stepSeconds
              + " s");
    }
  }

  public Segment segment(int i) {
    double start = startSeconds + i * stepSeconds;
    return new Segment(start, start + durationSeconds);
  }

  public double middleSeconds(int i) {
    return segment(i).middleSeconds();
  }

  /** The window whose middle is closest; rounds half to even and may be negative. */
  public int closestFrame(double seconds) {
    return (int) Math.rint((seconds - startSeconds - 0.5 * durationSeconds) / stepSeconds);
  }

  /** The same windows counted from another start. */
  public SlidingWindow startingAt(double seconds) {
    return new SlidingWindow(seconds, durationSeconds, stepSeconds);
  }
}
