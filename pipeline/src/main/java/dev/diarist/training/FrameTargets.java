package dev.diarist.training;

import dev.diarist.annotation.Annotation;
import dev.diarist.annotation.Track;
import dev.diarist.segmentation.SlidingWindow;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the segmentation network should say of a chunk: of each frame the speakers, in the order of
 * their first appearance in the annotation. Where more speak than the network can tell apart, those
 * with the most frames remain.
 *
 * <p>Source: pyannote.audio 3.3.2, tasks/segmentation/speaker_diarization.py, and diarizers,
 * data/preprocess.py. Differs: there a segment that ends within half a frame of the beginning of a
 * chunk marks all of its frames but the last, through a negative index; here it marks none.
 *
 * <p>Letters: {@code F} frames of a chunk, {@code S} speakers.
 */
final class FrameTargets {
  private final SlidingWindow frameWindow;
  private final int frames;
  private final int speakers;

  /**
   * @param frameWindow of the frames of a chunk that begins at 0
   * @param frames F
   * @param speakers S, at most 8
   */
  FrameTargets(SlidingWindow frameWindow, int frames, int speakers) {
    this.frameWindow = frameWindow;
    this.frames = frames;
    this.speakers = speakers;
  }

  int frames() {
    return frames;
  }

  /**
   * The targets of a chunk.
   *
   * @return (F): bit s of a frame stands for speaker s
   */
  byte[] of(Annotation annotation, double chunkStartSeconds, double chunkSeconds) {
    Map<String, boolean[]> active = new LinkedHashMap<>();
    for (Track track : annotation.tracks()) {
      // Annotations are held in float32 there.
      double start = (float) track.segment().startSeconds();
      double end = (float) track.segment().endSeconds();
      if (start < chunkStartSeconds + chunkSeconds && end > chunkStartSeconds) {
        boolean[] row = active.computeIfAbsent(track.label(), label -> new boolean[frames]);
        int first = frame(Math.max(start, chunkStartSeconds), chunkStartSeconds);
        int last = frame(Math.min(end, chunkStartSeconds + chunkSeconds), chunkStartSeconds);
        int from = Math.clamp(first, 0, frames);
        Arrays.fill(row, from, Math.clamp(last + 1, from, frames), true);
      }
    }
    return sets(loudest(active.values()));
  }

  /** The frame whose middle is nearest, half-way to the even one. */
  private int frame(double seconds, double chunkStartSeconds) {
    double half = frameWindow.durationSeconds() / 2;
    return (int) Math.rint((seconds - chunkStartSeconds - half) / frameWindow.stepSeconds());
  }

  /** At most S rows that have a frame, in their order; where more have, those with the most. */
  private List<boolean[]> loudest(Iterable<boolean[]> rows) {
    List<boolean[]> speaking = new ArrayList<>();
    for (boolean[] row : rows) {
      if (count(row) > 0) {
        speaking.add(row);
      }
    }
    if (speaking.size() > speakers) {
      speaking.sort(Comparator.comparingInt(FrameTargets::count).reversed()); // stable
      return speaking.subList(0, speakers);
    }
    return speaking;
  }

  private static int count(boolean[] row) {
    int count = 0;
    for (boolean active : row) {
      count += active ? 1 : 0;
    }
    return count;
  }

  private byte[] sets(List<boolean[]> rows) {
    byte[] sets = new byte[frames];
    for (int s = 0; s < rows.size(); s++) {
      for (int f = 0; f < frames; f++) {
        sets[f] |= (byte) (rows.get(s)[f] ? 1 << s : 0);
      }
    }
    return sets;
  }
}
