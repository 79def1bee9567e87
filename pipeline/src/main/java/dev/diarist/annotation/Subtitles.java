package dev.diarist.annotation;

import java.io.IOException;
import java.util.List;
import java.util.Locale;

/** The subtitle formats WebVTT and SubRip. Times are rounded half-even to milliseconds. */
public final class Subtitles {
  private Subtitles() {}

  /**
   * What is shown for a while; one that would be shown for less than a millisecond is shown for
   * one.
   *
   * @param speaker null where nobody is named
   */
  public record Cue(double startSeconds, double endSeconds, String speaker, String text) {
    public Cue {
      if (!(startSeconds >= 0 && endSeconds >= startSeconds) || Double.isInfinite(endSeconds)) {
        throw new IllegalArgumentException(
            "a cue must start at 0 s or later and end no earlier, got "
                + startSeconds
                + " to "
                + endSeconds);
      }
    }
  }

  /** Writes WebVTT, the speaker as a voice: {@code <v SPEAKER_00>text}. */
  public static void writeWebVtt(List<Cue> cues, Appendable out) throws IOException {
    out.append("WEBVTT\n");
    for (Cue cue : cues) {
      out.append('\n').append(times(cue, '.')).append('\n');
      if (cue.speaker() != null) {
        out.append("<v ").append(escaped(cue.speaker())).append('>');
      }
      out.append(escaped(cue.text())).append('\n');
    }
  }

  /** Writes SubRip, the speaker in front: {@code SPEAKER_00: text}. */
  public static void writeSubRip(List<Cue> cues, Appendable out) throws IOException {
    int number = 0;
    for (Cue cue : cues) {
      out.append(number == 0 ? "" : "\n").append(Integer.toString(++number)).append('\n');
      out.append(times(cue, ',')).append('\n');
      if (cue.speaker() != null) {
        out.append(oneParagraph(cue.speaker())).append(": ");
      }
      out.append(oneParagraph(cue.text())).append('\n');
    }
  }

  private static String times(Cue cue, char mark) {
    long start = Decimals.milliseconds(cue.startSeconds());
    long end = Math.max(Decimals.milliseconds(cue.endSeconds()), start + 1);
    return clock(start, mark) + " --> " + clock(end, mark);
  }

  private static String clock(long milliseconds, char mark) {
    return String.format(
        Locale.ROOT,
        "%02d:%02d:%02d%c%03d",
        milliseconds / 3_600_000,
        milliseconds / 60_000 % 60,
        milliseconds / 1000 % 60,
        mark,
        milliseconds % 1000);
  }

  /** An empty line would end a cue. */
  private static String oneParagraph(String text) {
    return text.strip().replaceAll("\\s*\\R\\s*", "\n");
  }

  private static String escaped(String text) {
    return oneParagraph(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
