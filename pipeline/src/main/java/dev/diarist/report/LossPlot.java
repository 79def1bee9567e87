package dev.diarist.report;

import dev.diarist.training.TrainingLog;
import java.util.List;
import java.util.Locale;

/** The loss of every step of a training, and of every epoch on held-out chunks, as SVG. */
public final class LossPlot {
  private static final int WIDTH = 640;
  private static final int HEIGHT = 320;
  private static final int LEFT = 60;
  private static final int RIGHT = 20;
  private static final int TOP = 30;
  private static final int BOTTOM = 40;

  private final long steps;
  private final double lowest;
  private final double highest;
  private final StringBuilder svg = new StringBuilder();

  private record Point(long step, double loss) {}

  private LossPlot(List<Point> points) {
    steps = Math.max(1, points.stream().mapToLong(Point::step).max().orElse(1));
    lowest = points.stream().mapToDouble(Point::loss).min().orElse(0);
    double most = points.stream().mapToDouble(Point::loss).max().orElse(1);
    highest = most > lowest ? most : lowest + 1e-3; // a range that can be drawn
  }

  /** The plot of a log; without a curve where nothing finite was logged. */
  public static String svg(TrainingLog log) {
    List<Point> training =
        log.steps().stream()
            .map(row -> new Point(row.step(), row.loss()))
            .filter(point -> Double.isFinite(point.loss()))
            .toList();
    List<Point> development =
        log.epochs().stream()
            .filter(row -> row.development() != null)
            .map(row -> new Point(row.step(), row.development().loss()))
            .filter(point -> Double.isFinite(point.loss()))
            .toList();
    List<Point> all = new java.util.ArrayList<>(training);
    all.addAll(development);
    return new LossPlot(all).draw(training, development);
  }

  private String draw(List<Point> training, List<Point> development) {
    line(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\""
            + " font-family=\"sans-serif\" font-size=\"12\">",
        WIDTH, HEIGHT);
    line("<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>");
    line("<text x=\"%d\" y=\"18\" font-weight=\"bold\">loss of each step</text>", LEFT);
    line("<text x=\"%d\" y=\"18\" fill=\"#d62728\">on the development set</text>", LEFT + 130);
    line(
        "<path d=\"M%d %.1f V%.1f H%d\" fill=\"none\" stroke=\"#555\"/>",
        LEFT, y(highest), y(lowest), WIDTH - RIGHT);
    for (double value : new double[] {lowest, (lowest + highest) / 2, highest}) {
      line(
          "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%.3f</text>",
          LEFT - 6, y(value) + 4, value);
    }
    line("<text x=\"%d\" y=\"%.1f\">0</text>", LEFT, y(lowest) + 20);
    line(
        "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">step %d</text>",
        WIDTH - RIGHT, y(lowest) + 20, steps);
    curve(training, "#1f77b4");
    curve(development, "#d62728");
    line("</svg>");
    return svg.toString();
  }

  private void curve(List<Point> points, String colour) {
    StringBuilder path = new StringBuilder();
    for (Point point : points) {
      double x = LEFT + (WIDTH - LEFT - RIGHT) * (double) point.step() / steps;
      path.append(
          String.format(
              Locale.ROOT, "%s%.1f %.1f ", path.isEmpty() ? "M" : "L", x, y(point.loss())));
    }
    if (!path.isEmpty()) {
      line("<path d=\"%s\" fill=\"none\" stroke=\"%s\"/>", path.toString().strip(), colour);
    }
  }

  private void line(String format, Object... values) {
    svg.append(String.format(Locale.ROOT, format, values)).append('\n');
  }

  private double y(double loss) {
    return HEIGHT - BOTTOM - (loss - lowest) / (highest - lowest) * (HEIGHT - BOTTOM - TOP);
  }
}
