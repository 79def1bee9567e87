package dev.diarist.metric;

import dev.diarist.annotation.Track;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How one speaker of a recording fares, with the optimal mapping.
 *
 * @param reference absent for a hypothesis speaker who is nobody of the reference
 * @param hypothesis absent for a reference speaker whom nobody is mapped to
 * @param errors false alarms are those of the hypothesis speaker
 * @param jaccardError of the two; 1 where one is absent
 */
public record SpeakerErrors(
    Optional<String> reference,
    Optional<String> hypothesis,
    ErrorShares errors,
    double jaccardError) {

  /** Reference speakers by label, then those who are nobody. */
  public static List<SpeakerErrors> of(Comparison comparison, Scoring scoring) {
    Judged judged = comparison.judged(scoring);
    SpeakerMapping mapping = SpeakerMapping.optimal(comparison.judgedForMapping(scoring));
    Map<String, ErrorShares> ofReference = new LinkedHashMap<>();
    Map<String, ErrorShares> ofHypothesis = new LinkedHashMap<>();
    judged.referenceLabels().forEach(label -> ofReference.put(label, ErrorShares.NONE));
    judged.hypothesisLabels().forEach(label -> ofHypothesis.put(label, ErrorShares.NONE));
    Moment.forEach(
        judged,
        mapping,
        moment -> {
          add(ofReference, moment.matched(), ErrorShares.ofMatched(moment));
          if (!moment.reference().isEmpty()) {
            add(ofReference, moment.reference(), ErrorShares.ofReference(moment));
          }
          if (!moment.hypothesis().isEmpty()) {
            add(ofHypothesis, moment.hypothesis(), ErrorShares.ofHypothesis(moment));
          }
        });

    List<SpeakerErrors> rows = new ArrayList<>();
    Map<String, String> hypothesisOf = mapping.inverse().referenceOf();
    ofReference.forEach(
        (label, shares) -> {
          // A speaker who was mapped may have nothing left once collars are taken away.
          Optional<String> hypothesis =
              Optional.ofNullable(hypothesisOf.get(label)).filter(ofHypothesis::containsKey);
          rows.add(
              new SpeakerErrors(
                  Optional.of(label),
                  hypothesis,
                  hypothesis.map(ofHypothesis::remove).orElse(ErrorShares.NONE).plus(shares),
                  hypothesis.map(h -> JaccardError.between(judged, label, h)).orElse(1.0)));
        });
    ofHypothesis.forEach(
        (label, shares) ->
            rows.add(new SpeakerErrors(Optional.empty(), Optional.of(label), shares, 1)));
    return rows;
  }

  private static void add(Map<String, ErrorShares> sums, List<Track> tracks, ErrorShares each) {
    for (Track track : tracks) {
      sums.merge(track.label(), each, ErrorShares::plus);
    }
  }
}
