package dev.diarist.metric;

import dev.diarist.annotation.Segment;
import dev.diarist.annotation.Track;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What counts of a reference and a hypothesis: tracks cut to a region, by segment.
 *
 * @param referenceLabels that are left, sorted as strings
 * @param hypothesisLabels likewise
 * @param region a timeline
 */
record Judged(
    List<Track> reference,
    List<Track> hypothesis,
    List<String> referenceLabels,
    List<String> hypothesisLabels,
    List<Segment> region) {

  static Judged of(List<Track> reference, List<Track> hypothesis, List<Segment> region) {
    return new Judged(reference, hypothesis, labels(reference), labels(hypothesis), region);
  }

  private static List<String> labels(List<Track> tracks) {
    return tracks.stream().map(Track::label).distinct().sorted().toList();
  }

  /** Label → its index. */
  static Map<String, Integer> indices(List<String> labels) {
    Map<String, Integer> indices = new HashMap<>();
    for (String label : labels) {
      indices.put(label, indices.size());
    }
    return indices;
  }

  /**
   * Seconds that each hypothesis label shares with each reference label, where turns that overlap
   * count each: (hypothesis labels, reference labels).
   */
  double[][] cooccurrenceSeconds() {
    Map<String, Integer> rows = indices(hypothesisLabels);
    Map<String, Integer> columns = indices(referenceLabels);
    double[][] shared = new double[rows.size()][columns.size()];
    // Both are by start: no track before `first` reaches the present one or any later one.
    double[] reachSeconds = new double[reference.size()];
    double reach = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < reachSeconds.length; i++) {
      reach = Math.max(reach, reference.get(i).segment().endSeconds());
      reachSeconds[i] = reach;
    }
    int first = 0;
    for (Track track : hypothesis) {
      Segment segment = track.segment();
      while (first < reachSeconds.length && reachSeconds[first] <= segment.startSeconds()) {
        first++;
      }
      double[] row = shared[rows.get(track.label())];
      for (int i = first;
          i < reference.size() && reference.get(i).segment().startSeconds() < segment.endSeconds();
          i++) {
        row[columns.get(reference.get(i).label())] +=
            segment.intersection(reference.get(i).segment()).durationSeconds();
      }
    }
    return shared;
  }
}
