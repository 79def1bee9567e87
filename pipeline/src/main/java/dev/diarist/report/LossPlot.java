package dev.diarist.report;

import java.util.List;
import java.util.Locale;

/** The losses of a training as SVG: of each step, and on the development set after each epoch. */
public final class LossPlot {
  private static final int WIDTH = 640;
  private static final int HEIGHT = 320;
  private static final int LEFT = 60;
  private static final int MARGIN = 24;

  private LossPlot() {}

  /**
   * A loss on the development set.
   *
   * @param step after which it was found; 0 for the network as it was
   */
  public record Judged(long step, double loss) {}

  /**
   * @param steps the loss of each step, from step 1 on
   * @param judged may be empty
   */
  public static String svg(List<Double> steps, List<Judged> judged) {
    double most = 0;
    for (double loss : steps) {
      most = Double.isFinite(loss) ? Math.max(most, loss) : most;
    }
    for (Judged own : judged) {
      most = Math.max(most, own.loss());
    }
    double top = most > 0 ? most : 1;
    double last = Math.max(1, steps.size());
    StringBuilder svg = new StringBuilder();
    svg.append(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" font-family=\"sans-serif\" font-size=\"12\">\n"
            .formatted(WIDTH, HEIGHT));
    svg.append("<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n");
    svg.append(
        "<text x=\"%d\" y=\"16\"><tspan fill=\"#1f77b4\">training loss</tspan> and <tspan fill=\"#d62728\">development loss</tspan> over steps</text>\n"
            .formatted(LEFT));
    svg.append(
        "<path d=\"M%d %d V%d H%d\" fill=\"none\" stroke=\"#555\"/>\n"
            .formatted(LEFT, MARGIN, HEIGHT - MARGIN, WIDTH - MARGIN));
    for (double share : new double[] {0, 0.5, 1}) {
      svg.append(
          format(
              "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%.3g</text>\n",
              LEFT - 6, y(share * top, top) + 4, share * top));
    }
    svg.append(
        "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%d</text>\n"
            .formatted(WIDTH - MARGIN, HEIGHT - 6, steps.size()));
    StringBuilder path = new StringBuilder();
    for (int i = 0; i < steps.size(); i++) {
      if (Double.isFinite(steps.get(i))) {
        path.append(path.isEmpty() ? 'M' : 'L');
        path.append(format("%.1f %.1f ", x(i + 1, last), y(steps.get(i), top)));
      }
    }
    svg.append(
        "<path d=\"%s\" fill=\"none\" stroke=\"#1f77b4\"/>\n".formatted(path.toString().strip()));
    for (Judged own : judged) {
      svg.append(
          format(
              "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"4\" fill=\"#d62728\"><title>step %d:"
                  + " %.4f</title></circle>\n",
              x(own.step(), last), y(own.loss(), top), own.step(), own.loss()));
    }
    return svg.append("</svg>\n").toString();
  }

  private static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }

  private static double x(double step, double last) {
    return LEFT + (WIDTH - MARGIN - LEFT) * step / last;
  }

  private static double y(double loss, double top) {
    return HEIGHT - MARGIN - (HEIGHT - 2 * MARGIN) * loss / top;
  }
}
