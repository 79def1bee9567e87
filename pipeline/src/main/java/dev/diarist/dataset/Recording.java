package dev.diarist.dataset;

import dev.diarist.annotation.Annotation;
import dev.diarist.annotation.Segment;
import java.util.List;
import java.util.Optional;

/**
 * A recording of a data set.
 *
 * @param uri its name
 * @param audio absent where the data set has none, or none was found
 * @param annotation who speaks when, by human ear; empty where nobody does
 * @param annotated the parts that were listened to (UEM); absent where the data set does not say
 */
public record Recording(
    String uri,
    Optional<AudioLocation> audio,
    Annotation annotation,
    Optional<List<Segment>> annotated) {

  public Recording {
    annotated = annotated.map(List::copyOf);
  }

  Recording withAudio(AudioLocation location) {
    return new Recording(uri, Optional.of(location), annotation, annotated);
  }
}
