package dev.diarist.annotation;

import dev.diarist.Turn;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Labelled tracks of one recording, in pyannote's order of iteration.
 *
 * <p>Source: pyannote.core Annotation.
 */
public final class Annotation {
  private final List<Track> tracks;

  private Annotation(Collection<Track> tracks) {
    this.tracks = tracks.stream().sorted(Track.ORDER).toList();
  }

  /**
   * The annotation of {@code tracks} in any order; empty segments are left out.
   *
   * @throws IllegalArgumentException if two tracks share segment and name
   */
  public static Annotation of(Collection<Track> tracks) {
    record Key(Segment segment, String name) {}
    Set<Key> keys = new HashSet<>();
    List<Track> kept = new ArrayList<>();
    for (Track track : tracks) {
      if (track.segment().isEmpty()) {
        continue;
      }
      if (!keys.add(new Key(track.segment(), track.name()))) {
        throw new IllegalArgumentException(
            "tracks of one segment must have different names, got "
                + track.name()
                + " twice at "
                + track.segment());
      }
      kept.add(track);
    }
    return new Annotation(kept);
  }

  /** By (start, end), then by track name and label as strings. */
  public List<Track> tracks() {
    return tracks;
  }

  /** The labels that occur, sorted as strings. */
  public List<String> labels() {
    return tracks.stream().map(Track::label).distinct().sorted().toList();
  }

  /** The tracks as turns, in their order. */
  public List<Turn> turns() {
    return tracks.stream()
        .map(t -> new Turn(t.segment().startSeconds(), t.segment().endSeconds(), t.label()))
        .toList();
  }

  /**
   * For each label, segments that touch, overlap or lie less than {@code collarSeconds} apart
   * become one; tracks are named A, B, … label by label.
   */
  public Annotation support(double collarSeconds) {
    List<Track> merged = new ArrayList<>();
    for (String label : labels()) {
      Segment open = null;
      for (Track track : tracks) {
        if (!track.label().equals(label)) {
          continue;
        }
        Segment next = track.segment();
        Segment gap = open == null ? null : open.gap(next);
        if (gap == null) {
          open = next;
        } else if (gap.isEmpty() || gap.durationSeconds() < collarSeconds) {
          open = open.hull(next);
        } else {
          merged.add(new Track(open, trackName(merged.size()), label));
          open = next;
        }
      }
      merged.add(new Track(open, trackName(merged.size()), label));
    }
    return new Annotation(merged);
  }

  /**
   * Pauses of a label shorter than {@code collarSeconds} are filled where nobody else speaks in
   * them; of tracks that do not overlap, none overlap afterwards. Names are lost: tracks are named
   * A, B, … in their order.
   */
  public Annotation withPausesFilled(double collarSeconds) {
    List<Track> filled = new ArrayList<>();
    for (Track next : tracks) {
      Track last = filled.isEmpty() ? null : filled.getLast();
      if (last != null
          && last.label().equals(next.label())
          && next.segment().startSeconds() - last.segment().endSeconds() < collarSeconds) {
        filled.removeLast();
        filled.add(new Track(last.segment().hull(next.segment()), last.name(), last.label()));
      } else {
        filled.add(new Track(next.segment(), trackName(filled.size()), next.label()));
      }
    }
    return new Annotation(filled);
  }

  /** Without the tracks shorter than {@code minSeconds}. */
  public Annotation withoutShorterThan(double minSeconds) {
    return new Annotation(
        tracks.stream().filter(t -> !(t.segment().durationSeconds() < minSeconds)).toList());
  }

  /**
   * Tracks named A … Z, AA, AB … in their present order. The new names may change the order of
   * simultaneous tracks: AA precedes Z.
   */
  public Annotation withRenamedTracks() {
    List<Track> renamed = new ArrayList<>();
    for (Track track : tracks) {
      renamed.add(new Track(track.segment(), trackName(renamed.size()), track.label()));
    }
    return new Annotation(renamed);
  }

  /** Labels replaced by their value in {@code names}; those it lacks stay. */
  public Annotation withRenamedLabels(Map<String, String> names) {
    return new Annotation(
        tracks.stream()
            .map(t -> new Track(t.segment(), t.name(), names.getOrDefault(t.label(), t.label())))
            .toList());
  }

  /** Name {@code i} of A … Z, AA … AZ, BA … ZZ, AAA …. */
  static String trackName(int i) {
    StringBuilder name = new StringBuilder();
    for (int rest = i; rest >= 0; rest = rest / 26 - 1) {
      name.append((char) ('A' + rest % 26));
    }
    return name.reverse().toString();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Annotation annotation && tracks.equals(annotation.tracks);
  }

  @Override
  public int hashCode() {
    return tracks.hashCode();
  }

  @Override
  public String toString() {
    return tracks.toString();
  }
}
