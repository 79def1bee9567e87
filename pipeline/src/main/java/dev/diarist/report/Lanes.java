package dev.diarist.report;

import dev.diarist.annotation.Annotation;
import dev.diarist.annotation.Segment;
import dev.diarist.annotation.Track;
import dev.diarist.metric.Comparison;
import dev.diarist.metric.ErrorStretch;
import dev.diarist.metric.SpeakerErrors;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Who speaks when as coloured lanes: one for each speaker of reference and hypothesis, those who
 * are the same in one colour, and one for each kind of error.
 */
final class Lanes {
  /** Ten colours that are told apart, then again: Tableau's. */
  private static final List<String> COLOURS =
      List.of(
          "#1f77b4", "#2ca02c", "#8c564b", "#e377c2", "#17becf", "#bcbd22", "#9467bd", "#ff7f0e",
          "#4c78a8", "#54a24b");

  private static final double[] TICKS_SECONDS = {1, 2, 5, 10, 30, 60, 120, 300, 600, 1800, 3600};
  private static final int MOST_TICKS = 15;

  private final double lengthSeconds;
  private final StringBuilder html;

  private Lanes(double lengthSeconds, StringBuilder html) {
    this.lengthSeconds = lengthSeconds;
    this.html = html;
  }

  static void append(EvaluationReport.FileReport file, StringBuilder html) {
    Comparison comparison = file.row().comparison();
    double length =
        Stream.concat(
                comparison.reference().tracks().stream(), comparison.hypothesis().tracks().stream())
            .mapToDouble(track -> track.segment().endSeconds())
            .max()
            .orElse(1);
    new Lanes(Math.max(length, Segment.PRECISION_SECONDS), html).append(file, comparison);
  }

  private void append(EvaluationReport.FileReport file, Comparison comparison) {
    Map<String, String> reference = new HashMap<>();
    Map<String, String> hypothesis = new HashMap<>();
    int next = 0;
    for (SpeakerErrors speaker : file.speakers()) {
      if (speaker.reference().isPresent()) {
        String style = "style=\"background:" + COLOURS.get(next++ % COLOURS.size()) + ";";
        reference.put(speaker.reference().get(), style);
        speaker.hypothesis().ifPresent(label -> hypothesis.put(label, style));
      }
    }
    html.append(
        String.format(
            Locale.ROOT,
            "<div class=\"scroll\"><div class=\"lanes\" data-seconds=\"%.3f\">\n",
            lengthSeconds));
    html.append("<div class=\"playhead\"></div>\n");
    speakers("reference", comparison.reference(), reference);
    speakers("hypothesis", comparison.hypothesis(), hypothesis);
    errors(file.errors());
    axis();
    html.append("</div></div>\n");
  }

  private void speakers(String group, Annotation annotation, Map<String, String> styles) {
    html.append("<div class=\"group\">").append(group).append("</div>\n");
    for (String label : annotation.labels()) {
      lane(group, label);
      for (Track track : annotation.tracks()) {
        if (track.label().equals(label)) {
          block(styles.getOrDefault(label, "class=\"nobody\" style=\""), track.segment(), label);
        }
      }
      html.append("</div>\n");
    }
  }

  private void errors(List<ErrorStretch> errors) {
    html.append("<div class=\"group\">errors</div>\n");
    for (ErrorStretch.Kind kind : ErrorStretch.Kind.values()) {
      String name = kind.name().toLowerCase(Locale.ROOT);
      lane("error", name.replace('_', ' '));
      for (ErrorStretch error : errors) {
        if (error.kind() == kind) {
          block(
              "class=\"" + name + "\" style=\"",
              error.segment(),
              "reference " + error.reference() + ", hypothesis " + error.hypothesis());
        }
      }
      html.append("</div>\n");
    }
  }

  private void lane(String group, String name) {
    html.append("<div class=\"lane ").append(group).append("\"><span class=\"name\">");
    html.append(EvaluationPage.escaped(name)).append("</span>");
  }

  private void block(String attributes, Segment segment, String title) {
    html.append("<i ")
        .append(attributes)
        .append(
            String.format(
                Locale.ROOT,
                "left:%.4f%%;width:%.4f%%\" title=\"",
                percent(segment.startSeconds()),
                percent(segment.durationSeconds())))
        .append(EvaluationPage.escaped(title))
        .append(
            String.format(
                Locale.ROOT,
                ", %.3f to %.3f s\"></i>",
                segment.startSeconds(),
                segment.endSeconds()));
  }

  private void axis() {
    double step = TICKS_SECONDS[TICKS_SECONDS.length - 1];
    for (double candidate : TICKS_SECONDS) {
      if (lengthSeconds / candidate <= MOST_TICKS) {
        step = candidate;
        break;
      }
    }
    html.append("<div class=\"axis\">");
    for (long tick = 0; tick * step < lengthSeconds; tick++) {
      long seconds = Math.round(tick * step);
      html.append(
          String.format(
              Locale.ROOT,
              "<span style=\"left:%.4f%%\">%d:%02d</span>",
              percent(seconds),
              seconds / 60,
              seconds % 60));
    }
    html.append("</div>\n");
  }

  private double percent(double seconds) {
    return 100 * seconds / lengthSeconds;
  }
}
