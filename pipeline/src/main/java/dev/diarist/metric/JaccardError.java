package dev.diarist.metric;

import dev.diarist.annotation.Segment;
import java.util.ArrayList;
import java.util.List;

/** How little two speakers' turns have in common: 1 - |r ∩ h| / |r ∪ h|. */
final class JaccardError {
  private JaccardError() {}

  /**
   * (false alarm + missed) / union of a reference and a hypothesis label.
   *
   * <p>Source: pyannote.metrics JaccardErrorRate; DIHARD II evaluation plan.
   */
  static double between(Judged judged, String referenceLabel, String hypothesisLabel) {
    List<Segment> r =
        Timelines.covered(
            judged.reference().stream().filter(t -> t.label().equals(referenceLabel)).toList());
    List<Segment> h =
        Timelines.covered(
            judged.hypothesis().stream().filter(t -> t.label().equals(hypothesisLabel)).toList());
    double shared = Timelines.durationSeconds(Timelines.intersection(r, h));
    double falseAlarm = Timelines.durationSeconds(h) - shared;
    double missed = Timelines.durationSeconds(r) - shared;
    List<Segment> both = new ArrayList<>(r);
    both.addAll(h);
    return (falseAlarm + missed) / Timelines.durationSeconds(Timelines.support(both));
  }

  /** The sum over reference labels; one that is not mapped counts 1. */
  static double sum(Judged judged, SpeakerMapping mapping) {
    SpeakerMapping hypothesisOf = mapping.inverse();
    double sum = 0;
    for (String label : judged.referenceLabels()) {
      String hypothesis = hypothesisOf.referenceOf().get(label);
      sum += hypothesis == null ? 1 : between(judged, label, hypothesis);
    }
    return sum;
  }
}
