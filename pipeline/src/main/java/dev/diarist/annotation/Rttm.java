package dev.diarist.annotation;

import dev.diarist.Turn;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;

/** The RTTM format: one line for each turn. */
public final class Rttm {
  private static final String MISSING = "<NA>";

  private Rttm() {}

  /**
   * Writes {@code SPEAKER uri 1 start duration <NA> <NA> speaker <NA> <NA>} for each turn, in the
   * given order, times in seconds with three decimals.
   *
   * @param uri name of the recording; null or empty becomes {@code <NA>}
   * @throws IllegalArgumentException if uri or a speaker contains white space, which separates the
   *     columns
   */
  public static void write(List<Turn> turns, String uri, Appendable out) throws IOException {
    String name = uri == null || uri.isEmpty() ? MISSING : requireWord("uri", uri);
    for (Turn turn : turns) {
      out.append("SPEAKER ")
          .append(name)
          .append(" 1 ")
          .append(threeDecimals(turn.startSeconds()))
          .append(' ')
          .append(threeDecimals(turn.durationSeconds()))
          .append(" <NA> <NA> ")
          .append(requireWord("speaker", turn.speaker()))
          .append(" <NA> <NA>\n");
    }
  }

  /**
   * The exact binary value rounded half-even, as Python formats it. {@link String#format} rounds
   * the shortest decimal instead, and differs on the halves that four frames of 0.016875 s make.
   */
  public static String threeDecimals(double seconds) {
    return new BigDecimal(seconds).setScale(3, RoundingMode.HALF_EVEN).toPlainString();
  }

  private static String requireWord(String column, String value) {
    if (value.codePoints().anyMatch(c -> Character.isWhitespace(c) || Character.isSpaceChar(c))) {
      throw new IllegalArgumentException(
          "RTTM separates its columns by spaces: "
              + column
              + " must have none, got \""
              + value
              + "\"");
    }
    return value;
  }
}
