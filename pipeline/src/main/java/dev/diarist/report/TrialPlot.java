package dev.diarist.report;

import dev.diarist.tuning.Trial;
import dev.diarist.tuning.Tuner;
import java.util.List;
import java.util.Locale;

/**
 * The trials of a study as SVG: their values in order, with the best so far as a line, and their
 * values over each parameter.
 */
public final class TrialPlot {
  private static final int WIDTH = 420;
  private static final int HEIGHT = 260;
  private static final int LEFT = 60;
  private static final int BOTTOM = 40;
  private static final int TOP = 24;

  private final List<Trial> trials;
  private final double lowest;
  private final double highest;
  private final StringBuilder svg = new StringBuilder();

  private TrialPlot(List<Trial> trials) {
    this.trials = trials;
    lowest = trials.stream().mapToDouble(Trial::value).min().orElseThrow();
    double most = trials.stream().mapToDouble(Trial::value).max().orElseThrow();
    highest = most > lowest ? most : lowest + 1e-3; // a range that can be drawn
  }

  /**
   * @param trials at least one
   * @param metric name of what the values are
   */
  public static String svg(List<Trial> trials, String metric) {
    return new TrialPlot(trials).draw(metric);
  }

  private String draw(String metric) {
    List<String> names = List.copyOf(trials.getFirst().parameters().keySet());
    int panels = names.size() + 1;
    svg.append(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" font-family=\"sans-serif\" font-size=\"12\">\n"
            .formatted(WIDTH * panels, HEIGHT + TOP));
    svg.append("<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n");
    int last = Math.max(1, trials.size() - 1);
    panel(0, metric + " % of each trial", 0, last);
    for (Trial trial : trials) {
      dot(0, trial.number() / (double) last, trial);
    }
    bestSoFar(last);
    for (int i = 0; i < names.size(); i++) {
      overParameter(i + 1, names.get(i));
    }
    return svg.append("</svg>\n").toString();
  }

  private void overParameter(int panel, String name) {
    double[] values =
        trials.stream().mapToDouble(t -> Double.parseDouble(t.parameters().get(name))).toArray();
    double least = java.util.Arrays.stream(values).min().orElseThrow();
    double most = java.util.Arrays.stream(values).max().orElseThrow();
    double range = most > least ? most - least : 1;
    panel(panel, "over " + name, least, least + range);
    for (int i = 0; i < values.length; i++) {
      dot(panel, (values[i] - least) / range, trials.get(i));
    }
  }

  private void panel(int panel, String title, double from, double to) {
    double x0 = x(panel, 0);
    double x1 = x(panel, 1);
    line("<text x=\"%.1f\" y=\"16\" font-weight=\"bold\">%s</text>", x0, title);
    line(
        "<path d=\"M%.1f %.1f V%.1f H%.1f\" fill=\"none\" stroke=\"#555\"/>",
        x0, y(highest), y(lowest), x1);
    for (double value : new double[] {lowest, (lowest + highest) / 2, highest}) {
      line(
          "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"end\">%.2f</text>",
          x0 - 6, y(value) + 4, 100 * value);
    }
    line("<text x=\"%.1f\" y=\"%.1f\">%.3g</text>", x0, y(lowest) + 20, from);
    line("<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"end\">%.3g</text>", x1, y(lowest) + 20, to);
  }

  private void dot(int panel, double place, Trial trial) {
    boolean best = trial == Tuner.best(trials);
    line(
        "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%d\" fill=\"%s\" fill-opacity=\"0.6\"><title>trial %d:"
            + " %.4f %s</title></circle>",
        x(panel, place),
        y(trial.value()),
        best ? 5 : 3,
        best ? "#d62728" : "#1f77b4",
        trial.number(),
        100 * trial.value(),
        trial.parameters());
  }

  private void bestSoFar(int last) {
    StringBuilder path = new StringBuilder();
    double best = Double.POSITIVE_INFINITY;
    for (Trial trial : trials) {
      best = Math.min(best, trial.value());
      path.append(
          String.format(
              Locale.ROOT,
              "%s%.1f %.1f ",
              path.isEmpty() ? "M" : "L",
              x(0, trial.number() / (double) last),
              y(best)));
    }
    line("<path d=\"%s\" fill=\"none\" stroke=\"#d62728\"/>", path.toString().strip());
  }

  private void line(String format, Object... values) {
    svg.append(String.format(Locale.ROOT, format, values)).append('\n');
  }

  private static double x(int panel, double place) {
    return panel * WIDTH + LEFT + place * (WIDTH - LEFT - 20);
  }

  private double y(double value) {
    return HEIGHT + TOP - BOTTOM - (value - lowest) / (highest - lowest) * (HEIGHT - BOTTOM - TOP);
  }
}
