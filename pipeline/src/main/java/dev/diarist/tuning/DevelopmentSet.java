package dev.diarist.tuning;

import dev.diarist.Diarizer;
import dev.diarist.DiarizerOptions;
import dev.diarist.NetworkOutputs;
import dev.diarist.SpeakerBounds;
import dev.diarist.StageListener;
import dev.diarist.annotation.Annotation;
import dev.diarist.dataset.Recording;
import dev.diarist.metric.Comparison;
import dev.diarist.metric.Metric;
import dev.diarist.metric.Score;
import dev.diarist.metric.Scoring;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Recordings that parameters are tuned on, after the networks have heard them.
 *
 * @param options with everything that is not tuned
 */
public record DevelopmentSet(
    List<Heard> recordings, DiarizerOptions options, Metric metric, Scoring scoring) {

  /**
   * @param outputs absent where nobody speaks
   */
  public record Heard(Recording recording, Optional<NetworkOutputs> outputs) {}

  public DevelopmentSet {
    recordings = List.copyOf(recordings);
    requireErrorRate(metric);
  }

  /**
   * @throws IllegalArgumentException if {@code metric} is better the larger it is
   */
  public static void requireErrorRate(Metric metric) {
    if (!metric.metricName().endsWith("error rate")) {
      throw new IllegalArgumentException(
          "only an error rate can be made small, and " + metric.shortName() + " is none");
    }
  }

  /**
   * The rate over all recordings with some parameters.
   *
   * @param parameters name in {@code config.yaml} → value
   * @throws IllegalArgumentException if a parameter is unknown or out of range
   */
  public double rate(Map<String, String> parameters) {
    DiarizerOptions tried = options;
    for (Map.Entry<String, String> parameter : parameters.entrySet()) {
      tried = tried.with(parameter.getKey(), parameter.getValue());
    }
    Score sum = Score.zero(metric);
    for (Heard heard : recordings) {
      Recording recording = heard.recording;
      Comparison comparison =
          new Comparison(
              recording.uri(),
              recording.annotation(),
              hypothesis(heard, tried),
              recording.annotated());
      sum = sum.plus(metric.score(comparison, scoring));
    }
    return sum.rate();
  }

  private static Annotation hypothesis(Heard heard, DiarizerOptions options) {
    if (heard.outputs.isEmpty()) {
      return Annotation.of(List.of());
    }
    return Diarizer.resolve(heard.outputs.get(), options, SpeakerBounds.AUTO, StageListener.NONE)
        .annotation();
  }
}
