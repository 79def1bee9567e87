package dev.diarist.metric;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.diarist.annotation.Annotation;
import dev.diarist.annotation.Segment;
import dev.diarist.annotation.Track;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MetricTest {
  private static final double TOLERANCE = 1e-9;

  private static Track turn(double start, double end, String label) {
    return new Track(new Segment(start, end), start + "-" + end + label, label);
  }

  private static Comparison comparison(List<Track> reference, List<Track> hypothesis) {
    return new Comparison(
        "x", Annotation.of(reference), Annotation.of(hypothesis), Optional.empty());
  }

  private static Comparison within(double start, double end, Comparison comparison) {
    return new Comparison(
        comparison.uri(),
        comparison.reference(),
        comparison.hypothesis(),
        Optional.of(List.of(new Segment(start, end))));
  }

  private static Scoring scoring(Convention convention, double collar, boolean skipOverlap) {
    return new Scoring(convention, collar, skipOverlap);
  }

  @Test
  void eachKindOfErrorIsCountedInSeconds() {
    Comparison comparison =
        comparison(
            List.of(turn(0, 10, "A"), turn(12, 20, "B")),
            List.of(turn(0, 8, "x"), turn(8, 9, "y"), turn(11, 20, "y")));
    Score score = Metric.DIARIZATION_ERROR_RATE.score(comparison, Scoring.DEFAULT);
    assertEquals(18, score.component("total"));
    assertEquals(16, score.component("correct"));
    assertEquals(1, score.component("false alarm")); // 11 to 12
    assertEquals(1, score.component("missed detection")); // 9 to 10
    assertEquals(1, score.component("confusion")); // 8 to 9
    assertEquals(3. / 18, score.rate());
    assertEquals(Map.of("x", "A", "y", "B"), comparison.optimalMapping());
  }

  @Test
  void greedyMappingTakesTheLargestPairEvenWhereTwoSmallerOnesShareMore() {
    Comparison comparison =
        comparison(
            List.of(turn(0, 5, "A"), turn(5, 9, "B"), turn(10, 14, "A")),
            List.of(turn(0, 9, "x"), turn(10, 14, "y")));
    // x shares 5 with A and 4 with B, y shares 4 with A.
    assertEquals(Map.of("x", "B", "y", "A"), comparison.optimalMapping());
    assertEquals(
        8, Metric.DIARIZATION_ERROR_RATE.score(comparison, Scoring.DEFAULT).component("correct"));
    assertEquals(
        5,
        Metric.GREEDY_DIARIZATION_ERROR_RATE
            .score(comparison, Scoring.DEFAULT)
            .component("correct"));
  }

  @Test
  void pyannoteLeavesOutHalfTheCollarOnEachSideAndNistAllOfIt() {
    Comparison comparison =
        within(0, 20, comparison(List.of(turn(5, 15, "A")), List.of(turn(5, 15, "x"))));
    for (Convention convention : Convention.values()) {
      double side = convention == Convention.PYANNOTE ? 0.25 : 0.5;
      assertEquals(
          10 - 2 * side,
          Metric.DIARIZATION_ERROR_RATE
              .score(comparison, scoring(convention, 0.5, false))
              .component("total"),
          TOLERANCE,
          convention.conventionName());
    }
  }

  @Test
  void onlyPyannoteCountsTheOverlapOfASpeakerWithThemselves() {
    Comparison comparison =
        comparison(List.of(turn(0, 6, "A"), turn(4, 10, "A")), List.of(turn(0, 10, "x")));
    assertEquals(12, total(comparison, Convention.PYANNOTE, false));
    assertEquals(8, total(comparison, Convention.PYANNOTE, true));
    assertEquals(10, total(comparison, Convention.NIST_MD_EVAL, false));
    assertEquals(10, total(comparison, Convention.NIST_MD_EVAL, true));
  }

  @Test
  void onlyNistJudgesTheExtentOfTheReferenceAlone() {
    Comparison comparison = comparison(List.of(turn(2, 8, "A")), List.of(turn(0, 9, "x")));
    assertEquals(3, falseAlarm(comparison, Convention.PYANNOTE));
    assertEquals(0, falseAlarm(comparison, Convention.NIST_MD_EVAL));
    assertEquals(3, falseAlarm(comparison, Convention.DSCORE));
  }

  @Test
  void nistMapsSpeakersBeforeCollarsAreLeftOut() {
    // x shares 2 s with A, all but 0.2 s of it within the collars, and 1 s with B in its middle.
    Comparison comparison =
        comparison(
            List.of(turn(0, 1, "A"), turn(2, 3, "A"), turn(10, 20, "B")),
            List.of(turn(0, 1, "x"), turn(2, 3, "x"), turn(14, 15, "x")));
    assertEquals(
        1,
        Metric.DIARIZATION_ERROR_RATE
            .score(comparison, scoring(Convention.PYANNOTE, 0.8, false))
            .component("correct"),
        TOLERANCE);
    assertEquals(
        0.4,
        Metric.DIARIZATION_ERROR_RATE
            .score(comparison, scoring(Convention.NIST_MD_EVAL, 0.4, false))
            .component("correct"),
        TOLERANCE);
  }

  @Test
  void dscoreMapsSpeakersForTheSmallestJaccardError() {
    // a covers all of A and much more; b lies within A.
    Comparison comparison =
        comparison(
            List.of(turn(0, 10, "A"), turn(30, 31, "B")),
            List.of(turn(0, 10, "a"), turn(11, 30, "a"), turn(0, 9, "b")));
    double pyannote = Metric.JACCARD_ERROR_RATE.score(comparison, Scoring.DEFAULT).rate();
    double dscore =
        Metric.JACCARD_ERROR_RATE.score(comparison, scoring(Convention.DSCORE, 5, true)).rate();
    assertEquals((1 - 10. / 29 + 1) / 2, pyannote, TOLERANCE);
    assertEquals((1 - 9. / 10 + 1) / 2, dscore, TOLERANCE);
  }

  @Test
  void nothingAgainstNothingIsRightAndSomethingAgainstNothingIsWrong() {
    Comparison silence = comparison(List.of(), List.of());
    Comparison invented = comparison(List.of(), List.of(turn(0, 1, "x")));
    for (Metric metric : Metric.values()) {
      if (metric.metricName().endsWith("error rate") && metric != Metric.JACCARD_ERROR_RATE) {
        assertEquals(0, metric.score(silence, Scoring.DEFAULT).rate(), metric.metricName());
        assertEquals(1, metric.score(invented, Scoring.DEFAULT).rate(), metric.metricName());
      }
    }
    assertTrue(Double.isNaN(Metric.JACCARD_ERROR_RATE.score(invented, Scoring.DEFAULT).rate()));
    assertEquals(1, Metric.DETECTION_RECALL.score(silence, Scoring.DEFAULT).rate());
    assertEquals(0, Metric.DETECTION_PRECISION.score(invented, Scoring.DEFAULT).rate());
  }

  @Test
  void anAnnotationHasNoErrorAgainstItself() {
    RandomComparisons random = new RandomComparisons(1);
    for (int i = 0; i < 200; i++) {
      Annotation annotation = random.annotation("s", 4);
      Comparison itself = new Comparison("x", annotation, annotation, Optional.empty());
      Scoring scoring = random.scoring();
      for (Metric metric : Metric.values()) {
        double rate = metric.score(itself, scoring).rate();
        boolean error = metric.metricName().endsWith("error rate");
        if (!Double.isNaN(rate) && metric != Metric.PURITY && metric != Metric.COVERAGE) {
          assertEquals(error ? 0 : 1, rate, TOLERANCE, metric.metricName());
        }
      }
    }
  }

  @Test
  void otherNamesForSpeakersChangeNoFigure() {
    RandomComparisons random = new RandomComparisons(2);
    int mappedAlike = 0;
    for (int i = 0; i < 200; i++) {
      Comparison comparison = random.next("x");
      Map<String, String> references = reversed(comparison.reference(), "z");
      Map<String, String> hypotheses = reversed(comparison.hypothesis(), "y");
      Comparison renamed =
          new Comparison(
              "x",
              comparison.reference().withRenamedLabels(references),
              comparison.hypothesis().withRenamedLabels(hypotheses),
              comparison.region());
      Scoring scoring = random.scoring();
      Map<String, String> mapping = new HashMap<>();
      mapping(comparison, scoring)
          .forEach((h, r) -> mapping.put(hypotheses.get(h), references.get(r)));
      // Of mappings that share the same time the order of names chooses, and JER tells.
      boolean alike = mapping.equals(mapping(renamed, scoring));
      mappedAlike += alike ? 1 : 0;
      for (Metric metric : Metric.values()) {
        if (metric != Metric.JACCARD_ERROR_RATE || alike) {
          assertArrayEquals(
              metric.score(comparison, scoring).values(),
              metric.score(renamed, scoring).values(),
              TOLERANCE,
              metric.metricName());
        }
      }
    }
    assertTrue(mappedAlike > 150, "mapped alike: " + mappedAlike);
  }

  private static Map<String, String> mapping(Comparison comparison, Scoring scoring) {
    return SpeakerMapping.optimalByReference(comparison.judgedForMapping(scoring)).referenceOf();
  }

  private static Map<String, String> reversed(Annotation annotation, String prefix) {
    Map<String, String> names = new HashMap<>();
    List<String> labels = annotation.labels();
    for (String label : labels) {
      names.put(label, prefix + (labels.size() - names.size()));
    }
    return names;
  }

  @Test
  void recordingsAddUp() {
    RandomComparisons random = new RandomComparisons(3);
    List<Comparison> comparisons = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      comparisons.add(random.next("file" + i));
    }
    List<Metric> all = List.of(Metric.values());
    Scoring scoring = scoring(Convention.PYANNOTE, 0.2, false);
    Evaluation whole = Evaluation.of(comparisons, all, scoring);
    Evaluation first = Evaluation.of(comparisons.subList(0, 7), all, scoring);
    Evaluation rest = Evaluation.of(comparisons.subList(7, 20), all, scoring);
    for (Metric metric : all) {
      assertArrayEquals(
          whole.total(metric).values(),
          first.total(metric).plus(rest.total(metric)).values(),
          TOLERANCE,
          metric.metricName());
    }
    Score der = whole.total(Metric.DIARIZATION_ERROR_RATE);
    assertEquals(
        der.component("total"),
        der.component("correct") + der.component("missed detection") + der.component("confusion"),
        TOLERANCE);
  }

  @Test
  void tablesBySpeakerAndByLengthOfTurnAddUpToTheErrorRate() {
    RandomComparisons random = new RandomComparisons(4);
    for (int i = 0; i < 200; i++) {
      Comparison comparison = random.next("x");
      Scoring scoring = random.scoring();
      Score der = Metric.DIARIZATION_ERROR_RATE.score(comparison, scoring);
      ErrorShares bySpeaker =
          SpeakerErrors.of(comparison, scoring).stream()
              .map(SpeakerErrors::errors)
              .reduce(ErrorShares.NONE, ErrorShares::plus);
      ErrorShares byLength =
          TurnLengthErrors.of(comparison, scoring).stream()
              .map(TurnLengthErrors::errors)
              .reduce(ErrorShares.NONE, ErrorShares::plus);
      assertArrayEquals(der.values(), components(bySpeaker), TOLERANCE);
      double[] withoutFalseAlarms = der.values().clone();
      withoutFalseAlarms[2] = 0;
      assertArrayEquals(withoutFalseAlarms, components(byLength), TOLERANCE);
    }
  }

  private static double[] components(ErrorShares shares) {
    return new double[] {
      shares.total(), shares.correct(), shares.falseAlarm(), shares.missed(), shares.confusion()
    };
  }

  @Test
  void aSpeakerOfTheHypothesisWhoIsNobodyHasARow() {
    List<SpeakerErrors> rows =
        SpeakerErrors.of(
            comparison(
                List.of(turn(0, 4, "A"), turn(4, 6, "B")),
                List.of(turn(0, 3, "x"), turn(6, 7, "y"))),
            Scoring.DEFAULT);
    assertEquals(
        List.of(
            new SpeakerErrors(
                Optional.of("A"), Optional.of("x"), new ErrorShares(4, 3, 0, 1, 0), 0.25),
            new SpeakerErrors(
                Optional.of("B"), Optional.empty(), new ErrorShares(2, 0, 0, 2, 0), 1),
            new SpeakerErrors(
                Optional.empty(), Optional.of("y"), new ErrorShares(0, 0, 1, 0, 0), 1)),
        rows);
  }

  @Test
  void turnsAreOrderedByTheirWholeLength() {
    List<TurnLengthErrors> rows =
        TurnLengthErrors.of(
            within(
                0,
                10,
                comparison(
                    List.of(turn(0, 0.25, "A"), turn(1, 2, "A"), turn(9, 20, "B")),
                    List.of(turn(1, 2, "x")))),
            Scoring.DEFAULT);
    assertEquals(
        new TurnLengthErrors(0, 0.5, 1, new ErrorShares(0.25, 0, 0, 0.25, 0)), rows.get(0));
    assertEquals(new TurnLengthErrors(1, 2, 1, new ErrorShares(1, 1, 0, 0, 0)), rows.get(2));
    assertEquals(1, rows.get(5).turns());
    assertEquals(1, rows.get(5).errors().missed());
    assertEquals(2, TurnLengthErrors.sum(List.of(rows, rows)).get(5).turns());
  }

  @Test
  void errorsThatGoOnAreOneStretch() {
    List<ErrorStretch> stretches =
        ErrorStretch.of(
            comparison(
                List.of(turn(0, 10, "A"), turn(2, 3, "B")),
                List.of(turn(0, 4, "x"), turn(6, 12, "x"))),
            Scoring.DEFAULT);
    assertEquals(
        List.of(
            new ErrorStretch(ErrorStretch.Kind.MISSED, new Segment(2, 3), List.of("B"), List.of()),
            new ErrorStretch(ErrorStretch.Kind.MISSED, new Segment(4, 6), List.of("A"), List.of()),
            new ErrorStretch(
                ErrorStretch.Kind.FALSE_ALARM, new Segment(10, 12), List.of(), List.of("x"))),
        stretches);
  }

  @Test
  void unknownNamesAreRefusedWithThoseThatAreKnown() {
    String metric =
        assertThrows(IllegalArgumentException.class, () -> Metric.of("wer")).getMessage();
    assertTrue(metric.startsWith("unknown metric wer; known are der, greedy-der"), metric);
    String convention =
        assertThrows(IllegalArgumentException.class, () -> Convention.of("nist")).getMessage();
    assertEquals("unknown convention nist; known are pyannote, nist-md-eval, dscore", convention);
    assertThrows(
        IllegalArgumentException.class, () -> new Scoring(Convention.PYANNOTE, -0.1, false));
  }

  private static double total(Comparison comparison, Convention convention, boolean skipOverlap) {
    return Metric.DIARIZATION_ERROR_RATE
        .score(comparison, scoring(convention, 0, skipOverlap))
        .component("total");
  }

  private static double falseAlarm(Comparison comparison, Convention convention) {
    return Metric.DIARIZATION_ERROR_RATE
        .score(comparison, scoring(convention, 0, false))
        .component("false alarm");
  }
}
