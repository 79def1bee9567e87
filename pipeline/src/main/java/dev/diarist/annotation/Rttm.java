package dev.diarist.annotation;

import dev.diarist.Turn;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;

/** The RTTM format: one line for each turn. */
public final class Rttm {
  /** What stands for a missing value. */
  public static final String MISSING = "<NA>";

  private static final String SPEAKER = "SPEAKER";

  /** The types of lines that NIST's RT-09 names, which say nothing of turns. */
  private static final Set<String> OTHER_TYPES =
      Set.of(
          "SEGMENT",
          "NOSCORE",
          "NO_RT_METADATA",
          "LEXEME",
          "NON-LEX",
          "NON-SPEECH",
          "FILLER",
          "EDIT",
          "SU",
          "IP",
          "CB",
          "A/P",
          "SPKR-INFO");

  private static final int URI = 1;
  private static final int START = 3;
  private static final int DURATION = 4;
  private static final int LABEL = 7;

  private Rttm() {}

  /** Whether a column can hold {@code name}: it is not empty and has no white space. */
  public static boolean isWord(String name) {
    return Columns.isWord(name);
  }

  /**
   * Writes {@code SPEAKER uri 1 start duration <NA> <NA> speaker <NA> <NA>} for each turn, in the
   * given order, times in seconds with three decimals.
   *
   * <p>Source: pyannote.core 5.0.0, {@code Annotation.write_rttm}.
   *
   * @param uri name of the recording; null or empty becomes {@code <NA>}
   * @throws IllegalArgumentException if uri or a speaker contains white space, which separates the
   *     columns, or a speaker is empty
   */
  public static void write(List<Turn> turns, String uri, Appendable out) throws IOException {
    String name = uri == null || uri.isEmpty() ? MISSING : Columns.requireWord("RTTM", "uri", uri);
    for (Turn turn : turns) {
      out.append(SPEAKER + " ")
          .append(name)
          .append(" 1 ")
          .append(threeDecimals(turn.startSeconds()))
          .append(' ')
          .append(threeDecimals(turn.durationSeconds()))
          .append(" <NA> <NA> ")
          .append(Columns.requireWord("RTTM", "speaker", turn.speaker()))
          .append(" <NA> <NA>\n");
    }
  }

  /**
   * The recordings of a file, in the order in which they are first named; tracks are named by the
   * number of their line. Lines of other types than {@code SPEAKER} and turns without duration say
   * nothing of who speaks when; a recording that has no others is empty.
   *
   * <p>Source: pyannote.database 5.1.3, {@code load_rttm}. Differs: what it would drop or garble is
   * an error here, namely turns without recording, time or speaker, lines of more than ten fields
   * or of a type that there is not. A recording or speaker that is called {@code NA} or {@code
   * None} keeps its name; recordings called {@code <NA>} are one.
   *
   * @throws AnnotationException if a line cannot be understood; names file, line and field
   */
  public static SequencedMap<String, Annotation> read(Path file) throws IOException {
    SequencedMap<String, List<Track>> tracks = new LinkedHashMap<>();
    int row = 0;
    for (Columns.Line line : Columns.read(file)) {
      String name = Integer.toString(row++);
      if (!line.word(0).equals(SPEAKER)) {
        if (!OTHER_TYPES.contains(line.word(0))) {
          throw line.error(0, "type", SPEAKER + " or another type of RTTM", line.word(0));
        }
        if (line.fields().size() > URI) {
          tracks.computeIfAbsent(line.word(URI), absent -> new ArrayList<>());
        }
        continue;
      }
      // Older files lack the last column.
      line.requireFields(
          9, 10, "type uri channel start duration <NA> <NA> speaker <NA> <NA>, or 9 of them");
      tracks
          .computeIfAbsent(line.word(URI), absent -> new ArrayList<>())
          .add(new Track(segment(line), name, label(line)));
    }
    SequencedMap<String, Annotation> annotations = new LinkedHashMap<>();
    for (Map.Entry<String, List<Track>> recording : tracks.entrySet()) {
      annotations.put(recording.getKey(), Annotation.of(recording.getValue()));
    }
    return annotations;
  }

  private static Segment segment(Columns.Line line) throws AnnotationException {
    double start = line.seconds(START, "start");
    double duration = line.seconds(DURATION, "duration");
    if (duration < 0) {
      throw line.error(DURATION, "duration", "0 or more seconds", line.word(DURATION));
    }
    return new Segment(start, start + duration);
  }

  private static String label(Columns.Line line) throws AnnotationException {
    String label = line.word(LABEL);
    if (label.equals(MISSING)) {
      throw line.error(LABEL, "speaker", "the name of a speaker", label);
    }
    return label;
  }

  /** The exact binary value with three decimals, rounded half-even, as Python formats it. */
  public static String threeDecimals(double seconds) {
    return Decimals.fixed(seconds, 3);
  }
}
