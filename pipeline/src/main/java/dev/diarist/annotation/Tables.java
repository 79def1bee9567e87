package dev.diarist.annotation;

import dev.diarist.Turn;
import java.io.IOException;
import java.util.List;

/** The table formats: CSV and the labels of Audacity. */
public final class Tables {
  /** As Audacity itself writes them. */
  private static final int AUDACITY_DECIMALS = 6;

  private Tables() {}

  /**
   * Writes CSV (RFC 4180, but for line feeds): a header, then {@code uri,start,end,speaker} for
   * each turn in the given order, times in seconds with three decimals.
   *
   * @param uri null is empty
   */
  public static void writeCsv(List<Turn> turns, String uri, Appendable out) throws IOException {
    out.append("uri,start,end,speaker\n");
    for (Turn turn : turns) {
      out.append(quoted(uri == null ? "" : uri))
          .append(',')
          .append(Decimals.fixed(turn.startSeconds(), 3))
          .append(',')
          .append(Decimals.fixed(turn.endSeconds(), 3))
          .append(',')
          .append(quoted(turn.speaker()))
          .append('\n');
    }
  }

  /**
   * Writes a label track of Audacity: start, end and speaker with tabs between them, times in
   * seconds with six decimals.
   *
   * @throws IllegalArgumentException if a speaker contains a tab or a line break
   */
  public static void writeAudacity(List<Turn> turns, Appendable out) throws IOException {
    for (Turn turn : turns) {
      if (turn.speaker().codePoints().anyMatch(Character::isISOControl)) {
        throw new IllegalArgumentException(
            "Audacity separates its columns by tabs: speaker must have no control character, got \""
                + turn.speaker()
                + "\"");
      }
      out.append(Decimals.fixed(turn.startSeconds(), AUDACITY_DECIMALS))
          .append('\t')
          .append(Decimals.fixed(turn.endSeconds(), AUDACITY_DECIMALS))
          .append('\t')
          .append(turn.speaker())
          .append('\n');
    }
  }

  private static String quoted(String value) {
    return value.matches("[^\",\r\n]*") ? value : "\"" + value.replace("\"", "\"\"") + "\"";
  }
}
