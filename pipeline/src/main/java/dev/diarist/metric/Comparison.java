package dev.diarist.metric;

import dev.diarist.annotation.Annotation;
import dev.diarist.annotation.Segment;
import dev.diarist.annotation.Track;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A hypothesis to judge by a reference.
 *
 * @param uri name of the recording
 * @param region what of the recording is judged (UEM); in any order. Absent, the {@link Convention}
 *     has one
 */
public record Comparison(
    String uri, Annotation reference, Annotation hypothesis, Optional<List<Segment>> region) {

  public Comparison {
    region = region.map(List::copyOf);
  }

  /** Hypothesis label → reference label, as pyannote.metrics has it: no collars, all overlap. */
  public Map<String, String> optimalMapping() {
    // Without a region pyannote crops nothing, which the extent of both does not either.
    Judged judged = judged(Scoring.DEFAULT);
    return SpeakerMapping.optimalInOrderOfLabels(judged).referenceOf();
  }

  /** With reference and hypothesis in each other's place. */
  Comparison exchanged() {
    return new Comparison(uri, hypothesis, reference, region);
  }

  /** What counts of both. */
  Judged judged(Scoring scoring) {
    Convention convention = scoring.convention();
    List<Track> references = turns(reference, convention);
    List<Track> hypotheses = turns(hypothesis, convention);
    List<Segment> whole =
        Timelines.support(
            region.orElseGet(() -> regionWhereNoneIsGiven(references, hypotheses, convention)));
    List<Segment> kept = Timelines.difference(whole, excluded(references, scoring));
    return Judged.of(Timelines.crop(references, kept), Timelines.crop(hypotheses, kept), kept);
  }

  /** What counts while speakers are mapped. */
  Judged judgedForMapping(Scoring scoring) {
    return scoring.convention().mapsBeforeExclusion()
        ? judged(new Scoring(scoring.convention(), 0, false))
        : judged(scoring);
  }

  /**
   * The turns of an annotation that count, each with a number for a name, which tells it from
   * others after it is cut; where a speaker speaks once at a time, merged.
   */
  static List<Track> turns(Annotation annotation, Convention convention) {
    Annotation counting = convention.mergesTurnsOfOneSpeaker() ? annotation.support(0) : annotation;
    List<Track> turns = new ArrayList<>();
    for (Track track : counting.tracks()) {
      turns.add(new Track(track.segment(), Integer.toString(turns.size()), track.label()));
    }
    return turns;
  }

  private static List<Segment> regionWhereNoneIsGiven(
      List<Track> references, List<Track> hypotheses, Convention convention) {
    List<Track> speaking = new ArrayList<>(references);
    if (convention != Convention.NIST_MD_EVAL) {
      speaking.addAll(hypotheses);
    }
    return Timelines.extent(speaking);
  }

  private static List<Segment> excluded(List<Track> references, Scoring scoring) {
    List<Segment> excluded = new ArrayList<>();
    double side = scoring.convention().sideSeconds(scoring.collarSeconds());
    if (side > 0) {
      for (Track track : references) {
        double start = track.segment().startSeconds();
        double end = track.segment().endSeconds();
        excluded.add(new Segment(start - side, start + side));
        excluded.add(new Segment(end - side, end + side));
      }
    }
    if (scoring.skipOverlap()) {
      excluded.addAll(Timelines.overlap(references));
    }
    return Timelines.support(excluded);
  }
}
