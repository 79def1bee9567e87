package dev.diarist.report;

import dev.diarist.metric.ErrorShares;
import dev.diarist.metric.Evaluation;
import dev.diarist.metric.Metric;
import dev.diarist.metric.Score;
import dev.diarist.metric.SpeakerErrors;
import dev.diarist.metric.TurnLengthErrors;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * An evaluation as one page of HTML that needs nothing else: figures, and for each recording the
 * lanes of reference and hypothesis with the errors marked. Only its audio is outside.
 */
final class EvaluationPage {
  /** More recordings than this are folded up when the page opens. */
  private static final int OPEN_FILES = 12;

  /** Nothing is loaded but audio that stands near the page. */
  private static final String POLICY =
      "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline';"
          + " media-src 'self' file:";

  private final EvaluationReport report;
  private final StringBuilder html = new StringBuilder();

  private EvaluationPage(EvaluationReport report) {
    this.report = report;
  }

  static String render(EvaluationReport report) throws IOException {
    return new EvaluationPage(report).page();
  }

  private String page() throws IOException {
    String title = escaped(report.title());
    html.append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    html.append("<meta http-equiv=\"Content-Security-Policy\" content=\"" + POLICY + "\">\n");
    html.append("<title>Diarist: ").append(title).append("</title>\n");
    html.append("<style>\n").append(resource("report.css")).append("</style>\n</head>\n<body>\n");
    html.append("<h1>").append(title).append("</h1>\n<p>");
    html.append(escaped(EvaluationTable.scoring(report.evaluation().scoring()))).append("</p>\n");
    figures();
    lengths();
    legend();
    for (EvaluationReport.FileReport file : report.files()) {
      file(file);
    }
    html.append("<script>\n").append(resource("report.js")).append("</script>\n");
    return html.append("</body>\n</html>\n").toString();
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = EvaluationPage.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private void figures() {
    Evaluation evaluation = report.evaluation();
    List<String> header = new ArrayList<>(List.of("recording"));
    evaluation.metrics().forEach(metric -> header.add(metric.metricName() + " %"));
    header.addAll(evaluation.metrics().getFirst().components());
    html.append("<table class=\"figures\">\n");
    row("th", "", header);
    for (Evaluation.Row row : evaluation.rows()) {
      row("td", "", scores(row.uri(), metric -> row.scores().get(metric)));
    }
    row("td", " class=\"total\"", scores("TOTAL", evaluation::total));
    html.append("</table>\n");
  }

  private List<String> scores(String name, Function<Metric, Score> scores) {
    List<Metric> metrics = report.evaluation().metrics();
    List<String> cells = new ArrayList<>(List.of(name));
    metrics.forEach(metric -> cells.add(TextTable.percent(scores.apply(metric).rate())));
    for (double value : scores.apply(metrics.getFirst()).values()) {
      cells.add(TextTable.decimals(value));
    }
    return cells;
  }

  private void lengths() {
    html.append("<details>\n<summary>by length of turn</summary>\n<table class=\"lengths\">\n");
    row(
        "th",
        "",
        List.of("turns of s", "turns", "speech s", "correct %", "missed %", "confused %"));
    for (TurnLengthErrors row : report.turnLengths()) {
      ErrorShares errors = row.errors();
      String to = Double.isInfinite(row.toSeconds()) ? "" : " to " + row.toSeconds();
      row(
          "td",
          "",
          List.of(
              "from " + row.fromSeconds() + to,
              Integer.toString(row.turns()),
              TextTable.decimals(errors.total()),
              TextTable.percent(errors.correct() / errors.total()),
              TextTable.percent(errors.missed() / errors.total()),
              TextTable.percent(errors.confusion() / errors.total())));
    }
    html.append("</table>\n</details>\n");
  }

  private void legend() {
    html.append("<p class=\"legend\">errors:<i class=\"missed\"></i>missed");
    html.append("<i class=\"false_alarm\"></i>false alarm<i class=\"confusion\"></i>confusion");
    html.append("<i class=\"nobody\"></i>a speaker who is nobody of the reference</p>\n");
  }

  private void file(EvaluationReport.FileReport file) {
    boolean open = report.files().size() <= OPEN_FILES;
    Metric first = report.evaluation().metrics().getFirst();
    html.append("<details class=\"file\"").append(open ? " open" : "").append(">\n<summary>");
    html.append(escaped(file.row().uri())).append(": ").append(first.metricName()).append(' ');
    html.append(TextTable.percent(file.row().scores().get(first).rate())).append(" %</summary>\n");
    file.audio()
        .ifPresent(
            uri ->
                html.append("<audio controls preload=\"none\" src=\"")
                    .append(escaped(uri.toASCIIString()))
                    .append("\"></audio>\n"));
    html.append("<button data-by=\"2\">+</button> <button data-by=\"0.5\">−</button>\n");
    Lanes.append(file, html);
    speakers(file.speakers());
    html.append("</details>\n");
  }

  private void speakers(List<SpeakerErrors> speakers) {
    html.append("<table class=\"speakers\">\n");
    row(
        "th",
        "",
        List.of(
            "speaker",
            "heard as",
            "speech s",
            "correct s",
            "missed s",
            "confused s",
            "false alarm s",
            "jaccard error %"));
    for (SpeakerErrors speaker : speakers) {
      ErrorShares errors = speaker.errors();
      row(
          "td",
          "",
          List.of(
              speaker.reference().orElse("–"),
              speaker.hypothesis().orElse("–"),
              TextTable.decimals(errors.total()),
              TextTable.decimals(errors.correct()),
              TextTable.decimals(errors.missed()),
              TextTable.decimals(errors.confusion()),
              TextTable.decimals(errors.falseAlarm()),
              TextTable.percent(speaker.jaccardError())));
    }
    html.append("</table>\n");
  }

  private void row(String cell, String attributes, List<String> values) {
    html.append("<tr").append(attributes).append('>');
    for (String value : values) {
      html.append('<').append(cell).append('>').append(escaped(value));
      html.append("</").append(cell).append('>');
    }
    html.append("</tr>\n");
  }

  /** {@code text} as it may stand between tags and within quotes. */
  static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }
}
