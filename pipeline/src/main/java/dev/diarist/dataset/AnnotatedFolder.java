package dev.diarist.dataset;

import dev.diarist.annotation.Annotation;
import dev.diarist.annotation.Rttm;
import dev.diarist.annotation.Segment;
import dev.diarist.annotation.Uem;
import dev.diarist.file.FilesBelow;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A folder in which RTTM, UEM and audio files lie, in whatever folders below it: they belong
 * together by the names of recordings. VoxConverse ({@code dev/abjxc.rttm}, {@code
 * audio/abjxc.wav}) and AMI ({@code rttms/train/ES2002b.rttm}, {@code uems/train/ES2002b.uem},
 * {@code amicorpus/ES2002b/audio/ES2002b.Mix-Headset.wav}) are such folders.
 */
final class AnnotatedFolder {
  private AnnotatedFolder() {}

  static List<Recording> recordings(Path folder) throws IOException {
    Map<String, Annotation> annotations = new LinkedHashMap<>();
    Map<String, Path> annotatedIn = new LinkedHashMap<>();
    for (Path file : files(folder, ".rttm")) {
      for (var entry : Rttm.read(file).entrySet()) {
        Path other = annotatedIn.put(entry.getKey(), file);
        if (other != null) {
          throw new DatasetException(
              folder
                  + ": "
                  + entry.getKey()
                  + " must be annotated once, but "
                  + other
                  + " and "
                  + file
                  + " do so; name one of their folders");
        }
        annotations.put(entry.getKey(), entry.getValue());
      }
    }
    if (annotations.isEmpty()) {
      throw new DatasetException(folder + ": holds no RTTM and no Parquet file");
    }
    Map<String, List<Segment>> annotated = new LinkedHashMap<>();
    for (Path file : files(folder, ".uem")) {
      for (var entry : Uem.read(file).entrySet()) {
        List<Segment> other = annotated.put(entry.getKey(), entry.getValue());
        if (other != null && !other.equals(entry.getValue())) {
          throw new DatasetException(
              folder + ": UEM files say different things of " + entry.getKey());
        }
      }
    }
    AudioIndex audio = AudioIndex.below(folder);
    List<Recording> recordings = new ArrayList<>();
    for (var entry : annotations.entrySet()) {
      String uri = entry.getKey();
      recordings.add(
          new Recording(
              uri,
              audio.find(uri).map(AudioLocation.InFile::new),
              entry.getValue(),
              Optional.ofNullable(annotated.get(uri))));
    }
    return recordings;
  }

  /** The files at any depth whose names have an ending, by path. */
  static List<Path> files(Path folder, String ending) throws IOException {
    return FilesBelow.of(
        folder, f -> f.getFileName().toString().toLowerCase(Locale.ROOT).endsWith(ending));
  }
}
