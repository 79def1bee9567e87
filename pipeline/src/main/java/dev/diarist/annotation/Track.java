package dev.diarist.annotation;

import java.util.Comparator;

/**
 * One stretch of speech in an {@link Annotation}.
 *
 * @param name tells tracks of one segment apart
 * @param label who speaks
 */
public record Track(Segment segment, String name, String label) {

  /** By segment, then by name and label as strings: {@code 10} precedes {@code 2}. */
  static final Comparator<Track> ORDER =
      Comparator.comparing(Track::segment).thenComparing(Track::name).thenComparing(Track::label);
}
