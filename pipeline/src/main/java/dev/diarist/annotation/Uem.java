package dev.diarist.annotation;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.TreeSet;

/** The UEM format: the parts of recordings that count, one line for each. */
public final class Uem {
  private static final int URI = 0;
  private static final int START = 2;
  private static final int END = 3;

  private Uem() {}

  /**
   * Writes {@code uri 1 start end} for each part, in the given order, times with three decimals.
   *
   * <p>Source: pyannote.core 5.0.0, {@code Timeline.write_uem}.
   *
   * @param uri name of the recording; null or empty becomes {@code <NA>}
   * @throws IllegalArgumentException if uri contains white space
   */
  public static void write(List<Segment> parts, String uri, Appendable out) throws IOException {
    String name =
        uri == null || uri.isEmpty() ? Rttm.MISSING : Columns.requireWord("UEM", "uri", uri);
    for (Segment part : parts) {
      out.append(name)
          .append(" 1 ")
          .append(Decimals.fixed(part.startSeconds(), 3))
          .append(' ')
          .append(Decimals.fixed(part.endSeconds(), 3))
          .append('\n');
    }
  }

  /**
   * The parts of each recording by start, then end, without repeated and empty ones; recordings in
   * the order in which they are first named.
   *
   * <p>Source: pyannote.database 5.1.3, {@code load_uem}. Differs: a part that ends before it
   * starts or lacks a time, which it drops, is an error.
   *
   * @throws AnnotationException if a line cannot be understood; names file, line and field
   */
  public static SequencedMap<String, List<Segment>> read(Path file) throws IOException {
    SequencedMap<String, TreeSet<Segment>> sorted = new LinkedHashMap<>();
    for (Columns.Line line : Columns.read(file)) {
      line.requireFields(4, 4, "uri channel start end");
      Segment part = new Segment(line.seconds(START, "start"), line.seconds(END, "end"));
      if (part.endSeconds() < part.startSeconds()) {
        throw line.error(END, "end", "no earlier than the start", line.word(END));
      }
      TreeSet<Segment> parts = sorted.computeIfAbsent(line.word(URI), absent -> new TreeSet<>());
      if (!part.isEmpty()) {
        parts.add(part);
      }
    }
    SequencedMap<String, List<Segment>> parts = new LinkedHashMap<>();
    sorted.forEach((uri, segments) -> parts.put(uri, List.copyOf(segments)));
    return parts;
  }
}
