package dev.diarist.report;

import dev.diarist.metric.Evaluation;
import dev.diarist.metric.Metric;
import dev.diarist.metric.Score;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** An evaluation as comma-separated values; rates are shares, not percents. */
final class EvaluationCsv {
  private EvaluationCsv() {}

  static String render(EvaluationReport report) {
    Evaluation evaluation = report.evaluation();
    List<String> header = new ArrayList<>(List.of("file"));
    for (Metric metric : evaluation.metrics()) {
      header.add(metric.metricName());
      metric.components().forEach(component -> header.add(metric.metricName() + ": " + component));
    }
    StringBuilder text = new StringBuilder(Csv.line(header));
    for (Evaluation.Row row : evaluation.rows()) {
      text.append(line(row.uri(), evaluation, metric -> row.scores().get(metric)));
    }
    text.append(line("TOTAL", evaluation, evaluation::total));
    return text.toString();
  }

  private static String line(String name, Evaluation evaluation, Function<Metric, Score> scores) {
    List<String> cells = new ArrayList<>(List.of(name));
    for (Metric metric : evaluation.metrics()) {
      Score score = scores.apply(metric);
      cells.add(Csv.number(score.rate()));
      for (double value : score.values()) {
        cells.add(Csv.number(value));
      }
    }
    return Csv.line(cells);
  }
}
