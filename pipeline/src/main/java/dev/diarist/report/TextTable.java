package dev.diarist.report;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;

/** Columns for a terminal: the first to the left, the others to the right. */
final class TextTable {
  private static final String GAP = "  ";

  private final List<List<String>> rows = new ArrayList<>();

  TextTable(List<String> header) {
    rows.add(header);
  }

  void add(List<String> row) {
    rows.add(row);
  }

  String render() {
    int columns = rows.getFirst().size();
    int[] widths = new int[columns];
    for (List<String> row : rows) {
      for (int c = 0; c < columns; c++) {
        widths[c] = Math.max(widths[c], row.get(c).length());
      }
    }
    StringBuilder text = new StringBuilder();
    for (int r = 0; r < rows.size(); r++) {
      line(rows.get(r), widths, text);
      if (r == 0) {
        List<String> rules = new ArrayList<>();
        for (int width : widths) {
          rules.add("-".repeat(width));
        }
        line(rules, widths, text);
      }
    }
    return text.toString();
  }

  private static void line(List<String> cells, int[] widths, StringBuilder text) {
    StringBuilder line = new StringBuilder();
    for (int c = 0; c < widths.length; c++) {
      String cell = printable(cells.get(c));
      String blanks = " ".repeat(widths[c] - cell.length());
      line.append(c == 0 ? cell + blanks : GAP + blanks + cell);
    }
    text.append(line.toString().stripTrailing()).append('\n');
  }

  /** Names of recordings come from files, and may hold what would command a terminal. */
  private static String printable(String cell) {
    return cell.replaceAll("\\p{Cc}", "?");
  }

  /** Two decimals, rounded as Python does; a dash where there is no number. */
  static String decimals(double value) {
    return Double.isFinite(value)
        ? new BigDecimal(value).setScale(2, RoundingMode.HALF_EVEN).toPlainString()
        : "-";
  }

  static String percent(double share) {
    return decimals(100 * share);
  }
}
