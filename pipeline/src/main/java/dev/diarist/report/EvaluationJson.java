package dev.diarist.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.diarist.metric.Bootstrap.Interval;
import dev.diarist.metric.ErrorShares;
import dev.diarist.metric.Evaluation;
import dev.diarist.metric.Metric;
import dev.diarist.metric.Score;
import dev.diarist.metric.SpeakerErrors;
import dev.diarist.metric.TurnLengthErrors;
import java.util.function.Function;

/**
 * An evaluation as JSON: rates are shares, times seconds; null stands for a rate of nothing, and
 * for no upper limit.
 */
final class EvaluationJson {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private EvaluationJson() {}

  static String render(EvaluationReport report) throws JsonProcessingException {
    Evaluation evaluation = report.evaluation();
    ObjectNode json = MAPPER.createObjectNode();
    json.put("title", report.title());
    json.put("convention", evaluation.scoring().convention().conventionName());
    json.put("collar", evaluation.scoring().collarSeconds());
    json.put("skip_overlap", evaluation.scoring().skipOverlap());
    var files = json.putArray("files");
    for (EvaluationReport.FileReport file : report.files()) {
      ObjectNode node = files.addObject().put("uri", file.row().uri());
      putScores(node, evaluation, metric -> file.row().scores().get(metric));
      var speakers = node.putArray("speakers");
      file.speakers().forEach(speaker -> putSpeaker(speakers.addObject(), speaker));
    }
    putScores(json.putObject("total"), evaluation, evaluation::total);
    var lengths = json.putArray("turns_by_length");
    report.turnLengths().forEach(row -> putLengths(lengths.addObject(), row));
    if (!report.intervals().isEmpty()) {
      ObjectNode intervals = json.putObject("intervals");
      report
          .intervals()
          .forEach(
              (metric, interval) ->
                  putInterval(intervals.putObject(metric.metricName()), interval));
    }
    report.other().ifPresent(other -> putOther(json.putObject("compared_with"), other));
    return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(json) + "\n";
  }

  private static void putScores(
      ObjectNode node, Evaluation evaluation, Function<Metric, Score> scores) {
    for (Metric metric : evaluation.metrics()) {
      Score score = scores.apply(metric);
      ObjectNode values = node.putObject(metric.metricName());
      putNumber(values, "rate", score.rate());
      for (String component : metric.components()) {
        values.put(component, score.component(component));
      }
    }
  }

  private static void putSpeaker(ObjectNode node, SpeakerErrors speaker) {
    node.put("reference", speaker.reference().orElse(null));
    node.put("hypothesis", speaker.hypothesis().orElse(null));
    putShares(node, speaker.errors());
    node.put("jaccard error", speaker.jaccardError());
  }

  private static void putLengths(ObjectNode node, TurnLengthErrors row) {
    node.put("from", row.fromSeconds());
    putNumber(node, "to", row.toSeconds());
    node.put("turns", row.turns());
    putShares(node, row.errors());
  }

  private static void putShares(ObjectNode node, ErrorShares shares) {
    node.put("total", shares.total());
    node.put("correct", shares.correct());
    node.put("false alarm", shares.falseAlarm());
    node.put("missed detection", shares.missed());
    node.put("confusion", shares.confusion());
  }

  private static void putInterval(ObjectNode node, Interval interval) {
    putNumber(node, "lower", interval.lower());
    putNumber(node, "value", interval.value());
    putNumber(node, "upper", interval.upper());
  }

  private static void putOther(ObjectNode node, EvaluationReport.Other other) {
    node.put("name", other.name());
    putScores(node.putObject("total"), other.evaluation(), other.evaluation()::total);
    ObjectNode differences = node.putObject("differences");
    other
        .differences()
        .forEach(
            (metric, paired) -> {
              ObjectNode difference = differences.putObject(metric.metricName());
              putInterval(difference, paired.difference());
              difference.put("share_below_zero", paired.shareBelowZero());
            });
  }

  private static void putNumber(ObjectNode node, String name, double value) {
    if (Double.isFinite(value)) {
      node.put(name, value);
    } else {
      node.putNull(name);
    }
  }
}
