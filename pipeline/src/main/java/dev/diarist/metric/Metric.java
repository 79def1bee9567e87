package dev.diarist.metric;

import dev.diarist.annotation.Segment;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What may be measured. A metric counts components of each recording, which add up over recordings,
 * and makes a rate of their sums; the rate of many recordings is therefore not the mean of theirs.
 *
 * <p>Source: pyannote.metrics 3.2.1, whose names of metrics and components these are. Components
 * are seconds except where they say otherwise.
 */
public enum Metric {
  /** (false alarm + missed detection + confusion) / total, with the optimal mapping. */
  DIARIZATION_ERROR_RATE(
      "der",
      "diarization error rate",
      true,
      "total",
      "correct",
      "false alarm",
      "missed detection",
      "confusion") {
    @Override
    double[] count(Comparison comparison, Scoring scoring) {
      return errors(
          comparison.judged(scoring), SpeakerMapping.optimal(comparison.judgedForMapping(scoring)));
    }

    @Override
    double rate(double[] c) {
      return errorRate(c[2] + c[3] + c[4], c[0]);
    }
  },

  /** The same with the mapping that pairs whoever shares the most time, again and again. */
  GREEDY_DIARIZATION_ERROR_RATE(
      "greedy-der",
      "greedy diarization error rate",
      true,
      "total",
      "correct",
      "false alarm",
      "missed detection",
      "confusion") {
    @Override
    double[] count(Comparison comparison, Scoring scoring) {
      return errors(
          comparison.judged(scoring), SpeakerMapping.greedy(comparison.judgedForMapping(scoring)));
    }

    @Override
    double rate(double[] c) {
      return errorRate(c[2] + c[3] + c[4], c[0]);
    }
  },

  /** The same where the hypothesis names the speakers of the reference: nothing is mapped. */
  IDENTIFICATION_ERROR_RATE(
      "ier",
      "identification error rate",
      true,
      "total",
      "correct",
      "false alarm",
      "missed detection",
      "confusion") {
    @Override
    double[] count(Comparison comparison, Scoring scoring) {
      Judged judged = comparison.judged(scoring);
      return errors(judged, SpeakerMapping.identity(judged));
    }

    @Override
    double rate(double[] c) {
      return errorRate(c[2] + c[3] + c[4], c[0]);
    }
  },

  /** Share of the hypothesis' turns' time that the reference gives to the same names. */
  IDENTIFICATION_PRECISION(
      "identification-precision",
      "identification precision",
      false,
      "retrieved",
      "relevant retrieved") {
    @Override
    double[] count(Comparison comparison, Scoring scoring) {
      double[] errors = IDENTIFICATION_ERROR_RATE.count(comparison, scoring);
      return new double[] {errors[1] + errors[2] + errors[4], errors[1]};
    }

    @Override
    double rate(double[] c) {
      return shareOrOne(c[1], c[0]);
    }
  },

  /** Share of the reference's turns' time that the hypothesis gives to the same names. */
  IDENTIFICATION_RECALL(
      "identification-recall", "identification recall", false, "relevant", "relevant retrieved") {
    @Override
    double[] count(Comparison comparison, Scoring scoring) {
      double[] errors = IDENTIFICATION_ERROR_RATE.count(comparison, scoring);
      return new double[] {errors[0], errors[1]};
    }

    @Override
    double rate(double[] c) {
      return shareOrOne(c[1], c[0]);
    }
  },

  /**
   * The mean over reference speakers of 1 - |r ∩ h| / |r ∪ h|; NaN without any.
   *
   * <p>Differs: pyannote.metrics fails with a division by zero where there is no reference speaker.
   */
  JACCARD_ERROR_RATE("jer", "jaccard error rate", false, "speaker count", "speaker error") {
    @Override
    double[] count(Comparison comparison, Scoring scoring) {
      if (scoring.convention() == Convention.DSCORE) {
        Judged judged = comparison.judgedForMapping(scoring);
        return jaccard(judged, SpeakerMapping.smallestJaccardError(judged));
      }
      return jaccard(
          comparison.judged(scoring),
          SpeakerMapping.optimalByReference(comparison.judgedForMapping(scoring)));
    }

    @Override
    double rate(double[] c) {
      return c[1] / c[0];
    }
  },

  /** (false alarm + miss) / total of speech, whoever speaks. */
  DETECTION_ERROR_RATE("detection", "detection error rate", true, "total", "false alarm", "miss") {
    @Override
    double[] count(Comparison comparison, Scoring scoring) {
      Detection detection = Detection.of(comparison.judged(scoring));
      return new double[] {
        detection.reference(), detection.falsePositive(), detection.falseNegative()
      };
    }

    @Override
    double rate(double[] c) {
      return errorRate(c[1] + c[2], c[0]);
    }
  },

  /** Share of the judged time in which the hypothesis is right about speech. */
  DETECTION_ACCURACY(
      "accuracy",
      "detection accuracy",
      false,
      "true positive",
      "true negative",
      "false positive",
      "false negative") {
    @Override
    double[] count(Comparison comparison, Scoring scoring) {
      Detection detection = Detection.of(comparison.judged(scoring));
      return new double[] {
        detection.truePositive(),
        detection.trueNegative(),
        detection.falsePositive(),
        detection.falseNegative()
      };
    }

    @Override
    double rate(double[] c) {
      return shareOrOne(c[0] + c[1], c[0] + c[1] + c[3] + c[2]);
    }
  },

  /** Share of the hypothesis' speech that is speech. */
  DETECTION_PRECISION(
      "precision", "detection precision", false, "retrieved", "relevant retrieved") {
    @Override
    double[] count(Comparison comparison, Scoring scoring) {
      Detection detection = Detection.of(comparison.judged(scoring));
      return new double[] {
        detection.truePositive() + detection.falsePositive(), detection.truePositive()
      };
    }

    @Override
    double rate(double[] c) {
      return shareOrOne(c[1], c[0]);
    }
  },

  /** Share of the reference's speech that the hypothesis finds. */
  DETECTION_RECALL("recall", "detection recall", false, "relevant", "relevant retrieved") {
    @Override
    double[] count(Comparison comparison, Scoring scoring) {
      Detection detection = Detection.of(comparison.judged(scoring));
      return new double[] {
        detection.truePositive() + detection.falseNegative(), detection.truePositive()
      };
    }

    @Override
    double rate(double[] c) {
      return shareOrOne(c[1], c[0]);
    }
  },

  /** Share of the time shared with anybody that hypothesis speakers share with their best one. */
  PURITY("purity", "purity", true, "total", "correct") {
    @Override
    double[] count(Comparison comparison, Scoring scoring) {
      return purity(comparison.judged(scoring));
    }

    @Override
    double rate(double[] c) {
      return c[0] > 0 ? c[1] / c[0] : 1;
    }
  },

  /**
   * Purity with reference and hypothesis in each other's place; collars and overlap are then those
   * of the hypothesis.
   */
  COVERAGE("coverage", "coverage", true, "total", "correct") {
    @Override
    double[] count(Comparison comparison, Scoring scoring) {
      return purity(comparison.exchanged().judged(scoring));
    }

    @Override
    double rate(double[] c) {
      return c[0] > 0 ? c[1] / c[0] : 1;
    }
  };

  private final String shortName;
  private final String metricName;
  private final boolean hasTotal;
  private final List<String> components;

  Metric(String shortName, String metricName, boolean hasTotal, String... components) {
    this.shortName = shortName;
    this.metricName = metricName;
    this.hasTotal = hasTotal;
    this.components = List.of(components);
  }

  /** The name of the rate in pyannote.metrics. */
  public String metricName() {
    return metricName;
  }

  /** One word, for the command line. */
  public String shortName() {
    return shortName;
  }

  public List<String> components() {
    return components;
  }

  /** Whether the first component is a total, of which the others are parts. */
  public boolean hasTotal() {
    return hasTotal;
  }

  /**
   * @throws IllegalArgumentException if no metric has that short name
   */
  public static Metric of(String shortName) {
    String wanted = shortName.toLowerCase(Locale.ROOT);
    return Arrays.stream(values())
        .filter(metric -> metric.shortName.equals(wanted))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "unknown metric "
                        + shortName
                        + "; known are "
                        + Arrays.stream(values())
                            .map(Metric::shortName)
                            .collect(Collectors.joining(", "))));
  }

  /** The components of one recording. */
  public Score score(Comparison comparison, Scoring scoring) {
    return new Score(this, count(comparison, scoring));
  }

  abstract double[] count(Comparison comparison, Scoring scoring);

  abstract double rate(double[] components);

  /** 0/0 is 0, as nothing is wrong; x/0 is 1. */
  private static double errorRate(double error, double total) {
    if (total == 0) {
      return error == 0 ? 0 : 1;
    }
    return error / total;
  }

  private static double shareOrOne(double part, double whole) {
    return whole == 0 ? 1 : part / whole;
  }

  /** total, correct, false alarm, missed detection, confusion. */
  private static double[] errors(Judged judged, SpeakerMapping mapping) {
    double[] sums = new double[5];
    Moment.forEach(
        judged,
        mapping,
        moment -> {
          double seconds = moment.segment().durationSeconds();
          sums[0] += seconds * moment.total();
          sums[1] += seconds * moment.correct();
          sums[2] += seconds * moment.falseAlarms();
          sums[3] += seconds * moment.missed();
          sums[4] += seconds * moment.confused();
        });
    return sums;
  }

  private static double[] jaccard(Judged judged, SpeakerMapping mapping) {
    return new double[] {judged.referenceLabels().size(), JaccardError.sum(judged, mapping)};
  }

  /** total, correct. */
  private static double[] purity(Judged judged) {
    double total = 0;
    double correct = 0;
    for (double[] row : judged.cooccurrenceSeconds()) { // one for each hypothesis label
      total += Arrays.stream(row).sum();
      correct += Arrays.stream(row).max().orElse(0);
    }
    return new double[] {total, correct};
  }

  /** Seconds of speech and silence in which the two agree and differ. */
  private record Detection(
      double reference,
      double truePositive,
      double trueNegative,
      double falsePositive,
      double falseNegative) {

    static Detection of(Judged judged) {
      List<Segment> speech = Timelines.covered(judged.reference());
      List<Segment> heard = Timelines.covered(judged.hypothesis());
      List<Segment> silence = Timelines.difference(judged.region(), speech);
      List<Segment> unheard = Timelines.difference(judged.region(), heard);
      return new Detection(
          Timelines.durationSeconds(speech),
          Timelines.durationSeconds(Timelines.intersection(speech, heard)),
          Timelines.durationSeconds(Timelines.intersection(silence, unheard)),
          Timelines.durationSeconds(Timelines.intersection(silence, heard)),
          Timelines.durationSeconds(Timelines.intersection(speech, unheard)));
    }
  }
}
