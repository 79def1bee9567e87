package dev.diarist.dataset;

import dev.diarist.annotation.Annotation;
import dev.diarist.annotation.Rttm;
import dev.diarist.annotation.Segment;
import dev.diarist.metric.Comparison;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The recordings of a data set with what a system said of them.
 *
 * @param notices sentences for the user, on what has no partner
 */
public record Pairing(List<Comparison> comparisons, List<String> notices) {
  private static final Annotation SILENCE = Annotation.of(List.of());

  public Pairing {
    comparisons = List.copyOf(comparisons);
    notices = List.copyOf(notices);
  }

  /**
   * Pairs by name. A recording without hypothesis has a silent one, as pyannote-metrics has it; so
   * has one that only {@code regions} knows a silent reference. A hypothesis whose name is part of
   * the name of a recording is taken for it where there is no better one.
   *
   * @param regions what is judged of each recording, in place of what the data set says; recordings
   *     that are not in it are left out
   * @throws DatasetException if several names of hypotheses are part of one name
   */
  public static Pairing of(
      Dataset dataset,
      Map<String, Annotation> hypotheses,
      Optional<? extends Map<String, List<Segment>>> regions)
      throws DatasetException {
    Map<String, Recording> references = new LinkedHashMap<>();
    for (Recording recording : dataset.recordings()) {
      if (references.put(recording.uri(), recording) != null) {
        throw new DatasetException(
            dataset.name()
                + ": recordings must have names of their own, two are "
                + recording.uri());
      }
    }
    List<String> notices = new ArrayList<>();
    List<Comparison> comparisons = new ArrayList<>();
    Set<String> unused = new LinkedHashSet<>(hypotheses.keySet());
    Set<String> uris = new LinkedHashSet<>(references.keySet());
    if (regions.isPresent()) {
      uris.addAll(regions.get().keySet());
    }
    for (String uri : uris) {
      Recording recording = references.get(uri);
      if (regions.isPresent() && !regions.get().containsKey(uri)) {
        notices.add(uri + " is left out: the UEM has no part of it");
        unused.remove(uri);
        continue;
      }
      if (recording == null) {
        notices.add(uri + " is in the UEM but not in the reference: nobody speaks in it");
      }
      Optional<String> name = hypothesisName(uri, hypotheses.keySet());
      if (name.isEmpty()) {
        notices.add(uri + " has no hypothesis: nobody is heard in it");
      } else if (!name.get().equals(uri)) {
        notices.add(uri + " has the hypothesis of " + name.get());
      }
      name.ifPresent(unused::remove);
      comparisons.add(
          new Comparison(
              uri,
              recording == null ? SILENCE : recording.annotation(),
              name.map(hypotheses::get).orElse(SILENCE),
              regions.isPresent() ? Optional.of(regions.get().get(uri)) : recording.annotated()));
    }
    unused.forEach(uri -> notices.add(uri + " is left out: it has no reference"));
    return new Pairing(comparisons, notices);
  }

  private static Optional<String> hypothesisName(String uri, Set<String> names)
      throws DatasetException {
    if (names.contains(uri)) {
      return Optional.of(uri);
    }
    List<String> parts = names.stream().filter(uri::contains).toList();
    if (parts.size() > 1) {
      throw new DatasetException(uri + " must have one hypothesis, found " + parts);
    }
    return parts.stream().findFirst();
  }

  /**
   * What a system said: an RTTM file, or a folder of them at any depth.
   *
   * @throws DatasetException if two files speak of one recording, or the folder has none
   */
  public static Map<String, Annotation> hypotheses(Path rttm) throws IOException {
    if (!Files.isDirectory(rttm)) {
      return Rttm.read(rttm);
    }
    Map<String, Annotation> hypotheses = new LinkedHashMap<>();
    for (Recording recording : AnnotatedFolder.recordings(rttm)) {
      hypotheses.put(recording.uri(), recording.annotation());
    }
    return hypotheses;
  }
}
