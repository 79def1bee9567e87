package dev.diarist.metric;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Recordings and what several metrics say of each.
 *
 * @param metrics in the order of the columns
 * @param rows one for each recording
 */
public record Evaluation(Scoring scoring, List<Metric> metrics, List<Row> rows) {

  /**
   * @param scores one for each metric
   */
  public record Row(Comparison comparison, Map<Metric, Score> scores) {
    public String uri() {
      return comparison.uri();
    }
  }

  public Evaluation {
    metrics = List.copyOf(metrics);
    rows = List.copyOf(rows);
  }

  /** Measures each recording. */
  public static Evaluation of(List<Comparison> comparisons, List<Metric> metrics, Scoring scoring) {
    List<Row> rows = new ArrayList<>();
    for (Comparison comparison : comparisons) {
      Map<Metric, Score> scores = new EnumMap<>(Metric.class);
      for (Metric metric : metrics) {
        scores.put(metric, metric.score(comparison, scoring));
      }
      rows.add(new Row(comparison, scores));
    }
    return new Evaluation(scoring, metrics, rows);
  }

  /** What a metric counted in each recording, in their order. */
  public List<Score> scores(Metric metric) {
    return rows.stream().map(row -> row.scores().get(metric)).toList();
  }

  /** The sum over recordings. */
  public Score total(Metric metric) {
    return Score.sum(metric, scores(metric));
  }
}
