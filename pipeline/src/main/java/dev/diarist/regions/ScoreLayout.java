package dev.diarist.regions;

import dev.diarist.segmentation.SlidingWindow;
import java.util.List;

/**
 * What the numbers are that a {@link ScoreWriter} receives: (chunks, frames, classes), or (frames,
 * classes) of the whole file.
 *
 * @param uri name of the recording
 * @param chunks C; 0 for scores of the whole file
 * @param frames F in each chunk, or N
 * @param classes what each column is
 * @param chunkWindow the chunks in the file
 * @param frameWindow the frames, counted from the start of their chunk or of the file
 */
record ScoreLayout(
    String uri,
    int chunks,
    int frames,
    List<String> classes,
    SlidingWindow chunkWindow,
    SlidingWindow frameWindow) {

  boolean ofWholeFile() {
    return chunks == 0;
  }
}
