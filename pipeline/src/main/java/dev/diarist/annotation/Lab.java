package dev.diarist.annotation;

import dev.diarist.Turn;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The LAB format: {@code start end label}, in seconds, one line for each turn. */
public final class Lab {
  private static final int START = 0;
  private static final int END = 1;
  private static final int LABEL = 2;

  private Lab() {}

  /**
   * Writes the turns in the given order, times with three decimals.
   *
   * <p>Source: pyannote.core 5.0.0, {@code Annotation.write_lab}.
   *
   * @throws IllegalArgumentException if a speaker is empty or contains white space
   */
  public static void write(List<Turn> turns, Appendable out) throws IOException {
    for (Turn turn : turns) {
      // The end goes by way of the duration, as in pyannote; it may differ in the last bit.
      out.append(Decimals.fixed(turn.startSeconds(), 3))
          .append(' ')
          .append(Decimals.fixed(turn.startSeconds() + turn.durationSeconds(), 3))
          .append(' ')
          .append(Columns.requireWord("LAB", "speaker", turn.speaker()))
          .append('\n');
    }
  }

  /**
   * The turns of a file; tracks are named by the number of their line. Turns without duration are
   * left out.
   *
   * <p>Source: pyannote.database 5.1.3, {@code load_lab}. Differs: a turn without time or label or
   * that ends before it starts, which it drops, and a line of more than three fields, which it
   * garbles, is an error.
   *
   * @throws AnnotationException if a line cannot be understood; names file, line and field
   */
  public static Annotation read(Path file) throws IOException {
    List<Track> tracks = new ArrayList<>();
    for (Columns.Line line : Columns.read(file)) {
      line.requireFields(3, 3, "start end label");
      Segment segment = new Segment(line.seconds(START, "start"), line.seconds(END, "end"));
      if (segment.endSeconds() < segment.startSeconds()) {
        throw line.error(END, "end", "no earlier than the start", line.word(END));
      }
      if (line.word(LABEL).equals(Rttm.MISSING)) {
        throw line.error(LABEL, "label", "the name of a speaker", Rttm.MISSING);
      }
      tracks.add(new Track(segment, Integer.toString(tracks.size()), line.word(LABEL)));
    }
    return Annotation.of(tracks);
  }
}
