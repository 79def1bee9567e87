package dev.diarist.metric;

import dev.diarist.annotation.Segment;
import dev.diarist.annotation.Track;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Sets of time. A timeline is a list of segments by start, none empty, with gaps between them.
 *
 * <p>Source: pyannote.core Timeline; what is not longer than its resolution counts as nothing.
 */
final class Timelines {
  private Timelines() {}

  /** What {@code segments} cover together; they may overlap, and stand in any order. */
  static List<Segment> support(Collection<Segment> segments) {
    List<Segment> sorted = segments.stream().filter(s -> !s.isEmpty()).sorted().toList();
    List<Segment> support = new ArrayList<>();
    Segment open = null;
    for (Segment next : sorted) {
      if (open == null) {
        open = next;
      } else if (open.gap(next).isEmpty()) {
        open = open.hull(next);
      } else {
        support.add(open);
        open = next;
      }
    }
    if (open != null) {
      support.add(open);
    }
    return support;
  }

  static List<Segment> covered(List<Track> tracks) {
    return support(tracks.stream().map(Track::segment).toList());
  }

  /** The one segment from the first start to the last end; none where there are no tracks. */
  static List<Segment> extent(List<Track> tracks) {
    return tracks.stream()
        .map(Track::segment)
        .reduce(Segment::hull)
        .map(List::of)
        .orElse(List.of());
  }

  /** What two timelines both cover. */
  static List<Segment> intersection(List<Segment> a, List<Segment> b) {
    List<Segment> common = new ArrayList<>();
    int first = 0;
    for (Segment segment : a) {
      while (first < b.size() && b.get(first).endSeconds() <= segment.startSeconds()) {
        first++;
      }
      for (int j = first; j < b.size() && b.get(j).startSeconds() < segment.endSeconds(); j++) {
        Segment both = segment.intersection(b.get(j));
        if (!both.isEmpty()) {
          common.add(both);
        }
      }
    }
    return common;
  }

  /** What {@code region} covers and {@code removed} does not; both are timelines. */
  static List<Segment> difference(List<Segment> region, List<Segment> removed) {
    List<Segment> rest = new ArrayList<>();
    int first = 0;
    for (Segment segment : region) {
      while (first < removed.size() && removed.get(first).endSeconds() <= segment.startSeconds()) {
        first++;
      }
      double endSeconds = segment.startSeconds();
      for (int j = first;
          j < removed.size() && removed.get(j).startSeconds() < segment.endSeconds();
          j++) {
        Segment hole = segment.intersection(removed.get(j));
        if (!hole.isEmpty()) {
          addUnlessEmpty(rest, new Segment(endSeconds, hole.startSeconds()));
          endSeconds = hole.endSeconds();
        }
      }
      addUnlessEmpty(rest, new Segment(endSeconds, segment.endSeconds()));
    }
    return rest;
  }

  /** Each track cut to each segment of a timeline; what is left of none is dropped. */
  static List<Track> crop(List<Track> tracks, List<Segment> region) {
    List<Track> cropped = new ArrayList<>();
    for (Track track : tracks) {
      Segment segment = track.segment();
      for (int j = firstEndingAfter(region, segment.startSeconds());
          j < region.size() && region.get(j).startSeconds() < segment.endSeconds();
          j++) {
        Segment both = segment.intersection(region.get(j));
        if (!both.isEmpty()) {
          cropped.add(new Track(both, track.name(), track.label()));
        }
      }
    }
    cropped.sort((a, b) -> a.segment().compareTo(b.segment()));
    return cropped;
  }

  /** Index of the first segment of a timeline that ends after {@code seconds}. */
  private static int firstEndingAfter(List<Segment> timeline, double seconds) {
    int low = 0;
    int high = timeline.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (timeline.get(middle).endSeconds() > seconds) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  /** Where two tracks or more speak at once, whoever they belong to; tracks are by start. */
  static List<Segment> overlap(List<Track> tracks) {
    // Of all the earlier tracks, the one that lasts longest covers what any of them shares.
    List<Segment> overlaps = new ArrayList<>();
    double reachSeconds = Double.NEGATIVE_INFINITY;
    for (Track track : tracks) {
      Segment segment = track.segment();
      overlaps.add(
          new Segment(segment.startSeconds(), Math.min(segment.endSeconds(), reachSeconds)));
      reachSeconds = Math.max(reachSeconds, segment.endSeconds());
    }
    return support(overlaps);
  }

  static double durationSeconds(List<Segment> timeline) {
    double sum = 0;
    for (Segment segment : timeline) {
      sum += segment.durationSeconds();
    }
    return sum;
  }

  private static void addUnlessEmpty(List<Segment> segments, Segment segment) {
    if (!segment.isEmpty()) {
      segments.add(segment);
    }
  }
}
