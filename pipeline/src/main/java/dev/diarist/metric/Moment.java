package dev.diarist.metric;

import dev.diarist.annotation.Segment;
import dev.diarist.annotation.Track;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.DoubleStream;

/**
 * A stretch in which the same turns run.
 *
 * @param matched reference turns whose speaker is mapped to one that the hypothesis hears
 * @param reference the other reference turns
 * @param hypothesis the hypothesis turns that match none
 */
record Moment(Segment segment, List<Track> matched, List<Track> reference, List<Track> hypothesis) {

  int correct() {
    return matched.size();
  }

  /** Pairs of turns whose speakers are not each other's. */
  int confused() {
    return Math.min(reference.size(), hypothesis.size());
  }

  int missed() {
    return reference.size() - confused();
  }

  int falseAlarms() {
    return hypothesis.size() - confused();
  }

  int total() {
    return correct() + reference.size();
  }

  /**
   * Every moment in which somebody speaks, in order.
   *
   * <p>Source: pyannote.metrics IdentificationErrorRate; a multiset of labels matches another where
   * they have labels in common, so that no assignment need be solved.
   */
  static void forEach(Judged judged, SpeakerMapping mapping, Consumer<Moment> action) {
    double[] boundaries =
        DoubleStream.concat(boundaries(judged.reference()), boundaries(judged.hypothesis()))
            .sorted()
            .distinct()
            .toArray();
    Running reference = new Running(judged.reference());
    Running hypothesis = new Running(judged.hypothesis());
    for (int i = 0; i + 1 < boundaries.length; i++) {
      List<Track> references = reference.at(boundaries[i]);
      List<Track> hypotheses = hypothesis.at(boundaries[i]);
      Segment segment = new Segment(boundaries[i], boundaries[i + 1]);
      if (!segment.isEmpty() && !(references.isEmpty() && hypotheses.isEmpty())) {
        action.accept(matched(segment, references, hypotheses, mapping));
      }
    }
  }

  private static Moment matched(
      Segment segment, List<Track> references, List<Track> hypotheses, SpeakerMapping mapping) {
    Map<String, Integer> offered = new HashMap<>();
    for (Track track : hypotheses) {
      String label = mapping.referenceOf().get(track.label());
      if (label != null) {
        offered.merge(label, 1, Integer::sum);
      }
    }
    List<Track> matched = new ArrayList<>();
    List<Track> aloneReferences = new ArrayList<>();
    Map<String, Integer> taken = new HashMap<>();
    for (Track track : references) {
      if (taken.getOrDefault(track.label(), 0) < offered.getOrDefault(track.label(), 0)) {
        taken.merge(track.label(), 1, Integer::sum);
        matched.add(track);
      } else {
        aloneReferences.add(track);
      }
    }
    List<Track> aloneHypotheses = new ArrayList<>();
    for (Track track : hypotheses) {
      String label = mapping.referenceOf().get(track.label());
      int left = label == null ? 0 : taken.getOrDefault(label, 0);
      if (left > 0) {
        taken.put(label, left - 1);
      } else {
        aloneHypotheses.add(track);
      }
    }
    return new Moment(segment, matched, aloneReferences, aloneHypotheses);
  }

  private static DoubleStream boundaries(List<Track> tracks) {
    return tracks.stream()
        .map(Track::segment)
        .flatMapToDouble(s -> DoubleStream.of(s.startSeconds(), s.endSeconds()));
  }

  /** The tracks that run while time goes on. */
  private static final class Running {
    private final List<Track> byStart;
    private final List<Track> running = new ArrayList<>();
    private int next;

    Running(List<Track> tracks) {
      byStart = tracks.stream().sorted(Comparator.comparing(Track::segment)).toList();
    }

    /** Those that run just after {@code seconds}, which is never less than before. */
    List<Track> at(double seconds) {
      running.removeIf(track -> track.segment().endSeconds() <= seconds);
      while (next < byStart.size() && byStart.get(next).segment().startSeconds() <= seconds) {
        Track track = byStart.get(next++);
        if (track.segment().endSeconds() > seconds) {
          running.add(track);
        }
      }
      return running;
    }
  }
}
