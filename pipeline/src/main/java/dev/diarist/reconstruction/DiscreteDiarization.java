package dev.diarist.reconstruction;

import dev.diarist.segmentation.SlidingWindow;
import java.util.BitSet;
import java.util.List;

/**
 * Which speakers are active in each frame of the file.
 *
 * @param frames N
 * @param speakers (K) the active frames of each; not modified
 * @param window the frames of the file
 */
public record DiscreteDiarization(int frames, List<BitSet> speakers, SlidingWindow window) {

  public DiscreteDiarization {
    speakers = List.copyOf(speakers);
  }
}
