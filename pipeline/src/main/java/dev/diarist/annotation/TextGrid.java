package dev.diarist.annotation;

import dev.diarist.Turn;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Praat's TextGrid in its long text form: a tier of intervals for each speaker. */
public final class TextGrid {
  private TextGrid() {}

  /** An interval in milliseconds; no text where nobody speaks. */
  private record Interval(long start, long end, String text) {}

  /**
   * Writes a tier for each speaker, by name, from 0 to the end of the last turn. Times are rounded
   * half-even to milliseconds; turns of one speaker that overlap then become one, and those that
   * vanish are left out. Praat knows no grid without duration: one without turns lasts a
   * millisecond.
   *
   * @throws IllegalArgumentException if a turn starts before 0
   */
  public static void write(List<Turn> turns, Appendable out) throws IOException {
    long end = 1;
    for (Turn turn : turns) {
      if (turn.startSeconds() < 0) {
        throw new IllegalArgumentException(
            "a TextGrid starts at 0 s: no turn may start earlier, got " + turn);
      }
      end = Math.max(end, Decimals.milliseconds(turn.endSeconds()));
    }
    List<String> speakers = turns.stream().map(Turn::speaker).distinct().sorted().toList();
    out.append("File type = \"ooTextFile\"\nObject class = \"TextGrid\"\n\n");
    bounds(0, end, "", out);
    out.append("tiers? <exists> \n");
    out.append("size = ").append(Integer.toString(speakers.size())).append(" \nitem []: \n");
    for (int tier = 0; tier < speakers.size(); tier++) {
      String speaker = speakers.get(tier);
      List<Interval> intervals = intervals(turns, speaker, end);
      out.append("    item [").append(Integer.toString(tier + 1)).append("]:\n");
      out.append("        class = \"IntervalTier\" \n");
      out.append("        name = ").append(quoted(speaker)).append(" \n");
      bounds(0, end, "        ", out);
      out.append("        intervals: size = ")
          .append(Integer.toString(intervals.size()))
          .append(" \n");
      for (int i = 0; i < intervals.size(); i++) {
        Interval interval = intervals.get(i);
        out.append("        intervals [").append(Integer.toString(i + 1)).append("]:\n");
        bounds(interval.start(), interval.end(), "            ", out);
        out.append("            text = ").append(quoted(interval.text())).append(" \n");
      }
    }
  }

  /** The speech of one speaker and what lies between, without holes. */
  private static List<Interval> intervals(List<Turn> turns, String speaker, long end) {
    List<Interval> speech = new ArrayList<>();
    turns.stream()
        .filter(turn -> turn.speaker().equals(speaker))
        .map(
            turn ->
                new Interval(
                    Decimals.milliseconds(turn.startSeconds()),
                    Decimals.milliseconds(turn.endSeconds()),
                    speaker))
        .filter(interval -> interval.end() > interval.start())
        .sorted(Comparator.comparingLong(Interval::start).thenComparingLong(Interval::end))
        .forEach(
            next -> {
              Interval last = speech.isEmpty() ? null : speech.getLast();
              if (last != null && next.start() < last.end()) {
                speech.removeLast();
                speech.add(new Interval(last.start(), Math.max(last.end(), next.end()), speaker));
              } else {
                speech.add(next);
              }
            });
    List<Interval> all = new ArrayList<>();
    long covered = 0;
    for (Interval interval : speech) {
      if (interval.start() > covered) {
        all.add(new Interval(covered, interval.start(), ""));
      }
      all.add(interval);
      covered = interval.end();
    }
    if (covered < end) {
      all.add(new Interval(covered, end, ""));
    }
    return all;
  }

  private static void bounds(long start, long end, String indent, Appendable out)
      throws IOException {
    out.append(indent).append("xmin = ").append(seconds(start)).append(" \n");
    out.append(indent).append("xmax = ").append(seconds(end)).append(" \n");
  }

  private static String seconds(long milliseconds) {
    return Decimals.fixed(milliseconds / 1000.0, 3);
  }

  private static String quoted(String text) {
    return "\"" + text.replaceAll("\\R", " ").replace("\"", "\"\"") + "\"";
  }
}
