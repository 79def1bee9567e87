package dev.diarist.reconstruction;

import dev.diarist.annotation.Annotation;
import dev.diarist.annotation.Segment;
import dev.diarist.annotation.Track;
import dev.diarist.segmentation.SlidingWindow;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Runs of active frames as segments, from the middle of their first frame to the middle of the
 * first inactive frame after them.
 *
 * <p>A run that lasts to the end of the file ends in the middle of the last frame; one on that
 * frame alone disappears.
 *
 * <p>Source: {@code Binarize} of pyannote.audio 3.3.2, with onset and offset 0.5.
 *
 * @param minDurationOnSeconds tracks shorter than this are dropped, last
 * @param minDurationOffSeconds gaps of a speaker shorter than this are filled, first
 */
public record Binarize(double minDurationOnSeconds, double minDurationOffSeconds) {

  public Binarize {
    requireDuration("min_duration_on", minDurationOnSeconds);
    requireDuration("min_duration_off", minDurationOffSeconds);
  }

  /** The runs of all speakers, labelled 0, 1, 2, …; tracks are named A, B, … in their order. */
  public Annotation annotate(DiscreteDiarization diarization) {
    List<Track> tracks = new ArrayList<>();
    for (int k = 0; k < diarization.speakers().size(); k++) {
      String label = Integer.toString(k);
      for (Segment run : runs(diarization.speakers().get(k), diarization)) {
        tracks.add(new Track(run, label, label));
      }
    }
    Annotation annotation = Annotation.of(tracks);
    if (minDurationOffSeconds > 0) {
      annotation = annotation.support(minDurationOffSeconds);
    }
    if (minDurationOnSeconds > 0) {
      annotation = annotation.withoutShorterThan(minDurationOnSeconds);
    }
    return annotation.withRenamedTracks();
  }

  private static List<Segment> runs(BitSet active, DiscreteDiarization diarization) {
    SlidingWindow window = diarization.window();
    int last = diarization.frames() - 1;
    List<Segment> runs = new ArrayList<>();
    for (int start = active.nextSetBit(0); start >= 0; ) {
      int end = Math.min(active.nextClearBit(start), last);
      runs.add(new Segment(window.middleSeconds(start), window.middleSeconds(end)));
      start = active.nextSetBit(end + 1);
    }
    return runs;
  }

  private static void requireDuration(String name, double seconds) {
    if (!(seconds >= 0) || Double.isInfinite(seconds)) {
      throw new IllegalArgumentException(
          name + " must be a finite number of seconds from 0, got " + seconds);
    }
  }
}
