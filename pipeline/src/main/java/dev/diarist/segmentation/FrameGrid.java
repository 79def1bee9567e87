package dev.diarist.segmentation;

/**
 * Where the frames of the chunks lie among the N frames of the file.
 *
 * <p>Frame f of chunk c is frame {@code firstFrame(c) + f} of the file. The last frames of the file
 * may be covered by no chunk.
 *
 * <p>Source: {@code Inference.aggregate} of pyannote.audio 3.3.2.
 *
 * @param chunks C
 * @param framesPerChunk F
 * @param window the frames of the file, which start with the first chunk
 */
public record FrameGrid(
    int chunks, int framesPerChunk, SlidingWindow chunkWindow, SlidingWindow window) {

  /** The grid of all chunks of {@code segmentation}. */
  public static FrameGrid of(Segmentation segmentation) {
    SlidingWindow chunkWindow = segmentation.chunkWindow();
    return new FrameGrid(
        segmentation.chunks(),
        segmentation.frames(),
        chunkWindow,
        segmentation.frameWindow().startingAt(chunkWindow.startSeconds()));
  }

  public FrameGrid {
    if (chunks > 0) {
      int end = firstFrame(chunkWindow, window, chunks - 1) + framesPerChunk;
      int frames = frames(chunkWindow, window, chunks);
      if (end > frames) {
        throw new IllegalArgumentException(
            "the frames of the last chunk must lie in the file, got an end of "
                + end
                + " of "
                + frames
                + " frames for chunks of "
                + chunkWindow
                + " and frames of "
                + window);
      }
    }
  }

  /** N. */
  public int frames() {
    return chunks == 0 ? 0 : frames(chunkWindow, window, chunks);
  }

  /** The frame of the file at which chunk {@code chunk} starts. */
  public int firstFrame(int chunk) {
    return firstFrame(chunkWindow, window, chunk);
  }

  /** Visits the frames of the file in order, each with the chunks that cover it. */
  public void forEachFrame(Visitor visitor) {
    int frames = frames();
    int firstChunk = 0;
    int endChunk = 0;
    for (int frame = 0; frame < frames; frame++) {
      while (endChunk < chunks && firstFrame(endChunk) <= frame) {
        endChunk++;
      }
      while (firstChunk < endChunk && firstFrame(firstChunk) + framesPerChunk <= frame) {
        firstChunk++;
      }
      visitor.visit(frame, firstChunk, endChunk);
    }
  }

  /** Takes one frame of the file and the chunks {@code firstChunk} to {@code endChunk - 1}. */
  @FunctionalInterface
  public interface Visitor {
    void visit(int frame, int firstChunk, int endChunk);
  }

  // closestFrame takes half a frame duration off again: chunk and frame start at the same time.

  private static int firstFrame(SlidingWindow chunkWindow, SlidingWindow window, int chunk) {
    double start = chunkWindow.startSeconds() + chunk * chunkWindow.stepSeconds();
    return window.closestFrame(start + 0.5 * window.durationSeconds());
  }

  private static int frames(SlidingWindow chunkWindow, SlidingWindow window, int chunks) {
    double end =
        chunkWindow.startSeconds()
            + chunkWindow.durationSeconds()
            + (chunks - 1) * chunkWindow.stepSeconds();
    return window.closestFrame(end + 0.5 * window.durationSeconds()) + 1;
  }
}
