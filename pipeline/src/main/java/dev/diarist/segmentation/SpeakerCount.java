package dev.diarist.segmentation;

/** How many speakers are active at a time: the rounded mean over the chunks that cover a frame. */
public final class SpeakerCount {
  private SpeakerCount() {}

  /**
   * For each frame of the file, the mean number of active local speakers over the chunks that cover
   * it, rounded half to even; 0 where no chunk does.
   *
   * <p>Source: {@code speaker_count} of pyannote.audio 3.3.2, without warm-up.
   */
  public static FrameCounts of(Segmentation segmentation) {
    FrameGrid grid = FrameGrid.of(segmentation);
    int framesPerChunk = segmentation.frames();
    byte[] active = segmentation.active();
    byte[] counts = new byte[grid.frames()];
    grid.forEachFrame(
        (frame, firstChunk, endChunk) -> {
          int sum = 0;
          for (int c = firstChunk; c < endChunk; c++) {
            int f = frame - grid.firstFrame(c);
            sum += Integer.bitCount(active[c * framesPerChunk + f] & 0xff);
          }
          if (sum > 0) {
            // A float32 quotient, as numpy computes it: the halves it makes decide the rounding.
            counts[frame] = (byte) Math.rint((float) sum / (float) (endChunk - firstChunk));
          }
        });
    return new FrameCounts(counts, grid.window());
  }
}
