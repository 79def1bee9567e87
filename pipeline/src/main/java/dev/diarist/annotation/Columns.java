package dev.diarist.annotation;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Lines of columns that white space separates: what RTTM, UEM and LAB have in common.
 *
 * <p>Read as pyannote.database 5.1.3 reads them: any run of spaces and tabs separates, white space
 * around a line and empty lines play no part, lines end as on any system, a byte order mark is
 * skipped. Differs: lines that start with {@code ;;} are comments, as NIST has them.
 */
final class Columns {
  private static final Pattern SEPARATOR = Pattern.compile("[ \t]+");
  private static final Pattern NUMBER =
      Pattern.compile("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?");
  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

  private Columns() {}

  /** Whether {@code value} may be a column: it is not empty and has no white space. */
  static boolean isWord(String value) {
    return !value.isEmpty()
        && value
            .codePoints()
            .noneMatch(
                c ->
                    Character.isWhitespace(c)
                        || Character.isSpaceChar(c)
                        || Character.isISOControl(c));
  }

  /**
   * {@code value}, which must be a column of its own.
   *
   * @throws IllegalArgumentException if it is empty or holds white space
   */
  static String requireWord(String format, String column, String value) {
    if (!isWord(value)) {
      throw new IllegalArgumentException(
          format
              + " separates its columns by spaces: "
              + column
              + " must have none and not be empty, got \""
              + value
              + "\"");
    }
    return value;
  }

  /**
   * The lines that hold something.
   *
   * @throws AnnotationException if the file is a folder, or a line no UTF-8
   */
  static List<Line> read(Path file) throws IOException {
    if (Files.isDirectory(file)) {
      throw new AnnotationException(file + ": must be a file of lines, found a folder");
    }
    byte[] bytes = Files.readAllBytes(file);
    int start =
        bytes.length >= 3 && Arrays.equals(bytes, 0, 3, BYTE_ORDER_MARK, 0, 3)
            ? BYTE_ORDER_MARK.length
            : 0;
    List<Line> lines = new ArrayList<>();
    for (int number = 1; start < bytes.length; number++) {
      int end = start;
      while (end < bytes.length && bytes[end] != '\n' && bytes[end] != '\r') {
        end++;
      }
      String text = decode(file, number, bytes, start, end).strip();
      if (!text.isEmpty() && !text.startsWith(";;")) {
        lines.add(new Line(file, number, List.of(SEPARATOR.split(text))));
      }
      boolean windows = end + 1 < bytes.length && bytes[end] == '\r' && bytes[end + 1] == '\n';
      start = windows ? end + 2 : end + 1;
    }
    return lines;
  }

  private static String decode(Path file, int number, byte[] bytes, int start, int end)
      throws AnnotationException {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes, start, end - start))
          .toString();
    } catch (CharacterCodingException e) {
      throw new AnnotationException(file + ": line " + number + ": must be UTF-8 text", e);
    }
  }

  /**
   * One line.
   *
   * @param number from 1
   */
  record Line(Path file, int number, List<String> fields) {

    String word(int field) {
      return fields.get(field);
    }

    /**
     * @throws AnnotationException if there are fewer or more fields
     */
    void requireFields(int min, int max, String names) throws AnnotationException {
      if (fields.size() < min || fields.size() > max) {
        throw error(
            "must have "
                + (min == max ? min : min + " to " + max)
                + " fields ("
                + names
                + "), found "
                + fields.size());
      }
    }

    /**
     * @throws AnnotationException if the field is no finite number
     */
    double seconds(int field, String name) throws AnnotationException {
      String text = fields.get(field);
      if (NUMBER.matcher(text).matches()) {
        double seconds = Double.parseDouble(text);
        if (Double.isFinite(seconds)) {
          return seconds;
        }
      }
      throw error(field, name, "a number of seconds", text);
    }

    AnnotationException error(int field, String name, String rule, String found) {
      return error(
          "field %d (%s) must be %s, found \"%s\"".formatted(field + 1, name, rule, found));
    }

    AnnotationException error(String sentence) {
      return new AnnotationException(file + ": line " + number + ": " + sentence);
    }
  }
}
