package dev.diarist.report;

import dev.diarist.metric.Bootstrap.Interval;
import dev.diarist.metric.Evaluation;
import dev.diarist.metric.Metric;
import dev.diarist.metric.Score;
import dev.diarist.metric.Scoring;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** An evaluation for a terminal: each rate, and the components of the first metric. */
final class EvaluationTable {
  private EvaluationTable() {}

  static String render(EvaluationReport report) {
    Evaluation evaluation = report.evaluation();
    TextTable table = new TextTable(header(evaluation));
    for (Evaluation.Row row : evaluation.rows()) {
      table.add(row(row.uri(), evaluation, metric -> row.scores().get(metric)));
    }
    table.add(row("TOTAL", evaluation, evaluation::total));
    StringBuilder text = new StringBuilder(table.render());
    appendIntervals(report, text);
    return text.toString();
  }

  /** What is counted, in a few words. */
  static String scoring(Scoring scoring) {
    return "%s, collar = %s ms%s"
        .formatted(
            scoring.convention(),
            Math.round(1000 * scoring.collarSeconds()),
            scoring.skipOverlap() ? ", no overlap" : "");
  }

  private static List<String> header(Evaluation evaluation) {
    List<String> header = new ArrayList<>();
    header.add(scoring(evaluation.scoring()));
    evaluation.metrics().forEach(metric -> header.add(metric.metricName() + " %"));
    Metric first = evaluation.metrics().getFirst();
    for (String component : first.components()) {
      header.add(component);
      if (first.hasTotal() && !component.equals("total")) {
        header.add("%");
      }
    }
    return header;
  }

  private static List<String> row(
      String name, Evaluation evaluation, Function<Metric, Score> scores) {
    List<String> row = new ArrayList<>();
    row.add(name);
    evaluation.metrics().forEach(metric -> row.add(TextTable.percent(scores.apply(metric).rate())));
    Metric first = evaluation.metrics().getFirst();
    Score score = scores.apply(first);
    for (String component : first.components()) {
      row.add(TextTable.decimals(score.component(component)));
      if (first.hasTotal() && !component.equals("total")) {
        row.add(TextTable.percent(score.component(component) / score.component("total")));
      }
    }
    return row;
  }

  private static void appendIntervals(EvaluationReport report, StringBuilder text) {
    report
        .intervals()
        .forEach(
            (metric, interval) ->
                text.append(
                    "%s: %s %%, %s\n"
                        .formatted(
                            metric.metricName(),
                            TextTable.percent(interval.value()),
                            between(interval))));
    report
        .other()
        .ifPresent(
            other ->
                other
                    .differences()
                    .forEach(
                        (metric, paired) ->
                            text.append(
                                "%s: %s points from %s, %s; smaller in %s %% of the draws\n"
                                    .formatted(
                                        metric.metricName(),
                                        TextTable.percent(paired.difference().value()),
                                        other.name(),
                                        between(paired.difference()),
                                        TextTable.percent(paired.shareBelowZero())))));
  }

  private static String between(Interval interval) {
    return "interval "
        + TextTable.percent(interval.lower())
        + " to "
        + TextTable.percent(interval.upper());
  }
}
