package dev.diarist.report;

import dev.diarist.metric.Bootstrap;
import dev.diarist.metric.Bootstrap.Interval;
import dev.diarist.metric.Bootstrap.PairedInterval;
import dev.diarist.metric.ErrorStretch;
import dev.diarist.metric.Evaluation;
import dev.diarist.metric.Metric;
import dev.diarist.metric.SpeakerErrors;
import dev.diarist.metric.TurnLengthErrors;
import java.net.URI;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything that is said of an evaluation, in whatever format.
 *
 * @param title in one line
 * @param files one for each row of the evaluation, in its order
 * @param turnLengths sums over files
 * @param intervals how sure each rate is; empty where nobody asked
 * @param other the evaluation of another system on the same recordings, and its differences
 */
public record EvaluationReport(
    String title,
    Evaluation evaluation,
    List<FileReport> files,
    List<TurnLengthErrors> turnLengths,
    Map<Metric, Interval> intervals,
    Optional<Other> other) {

  /**
   * @param audio where the recording may be heard, if anywhere
   */
  public record FileReport(
      Evaluation.Row row,
      List<SpeakerErrors> speakers,
      List<ErrorStretch> errors,
      Optional<URI> audio) {}

  /**
   * @param differences rate of {@code evaluation} minus that of the other
   */
  public record Other(
      String name, Evaluation evaluation, Map<Metric, PairedInterval> differences) {}

  /**
   * Gathers what is said.
   *
   * @param audio where recordings may be heard, by name
   * @param bootstrap absent where intervals are not wanted
   */
  public static EvaluationReport of(
      String title, Evaluation evaluation, Map<String, URI> audio, Optional<Bootstrap> bootstrap) {
    List<FileReport> files = new ArrayList<>();
    List<List<TurnLengthErrors>> lengths = new ArrayList<>();
    for (Evaluation.Row row : evaluation.rows()) {
      files.add(
          new FileReport(
              row,
              SpeakerErrors.of(row.comparison(), evaluation.scoring()),
              ErrorStretch.of(row.comparison(), evaluation.scoring()),
              Optional.ofNullable(audio.get(row.uri()))));
      lengths.add(TurnLengthErrors.of(row.comparison(), evaluation.scoring()));
    }
    Map<Metric, Interval> intervals = new EnumMap<>(Metric.class);
    if (bootstrap.isPresent() && !files.isEmpty()) {
      for (Metric metric : evaluation.metrics()) {
        intervals.put(metric, bootstrap.get().interval(evaluation.scores(metric)));
      }
    }
    return new EvaluationReport(
        title, evaluation, files, TurnLengthErrors.sum(lengths), intervals, Optional.empty());
  }

  /** With the differences from another system's figures on the same recordings. */
  public EvaluationReport comparedWith(String name, Evaluation others, Bootstrap bootstrap) {
    Map<Metric, PairedInterval> differences = new EnumMap<>(Metric.class);
    for (Metric metric : evaluation.metrics()) {
      differences.put(metric, bootstrap.paired(others.scores(metric), evaluation.scores(metric)));
    }
    return new EvaluationReport(
        title,
        evaluation,
        files,
        turnLengths,
        intervals,
        Optional.of(new Other(name, others, differences)));
  }
}
