package dev.diarist.dataset;

import dev.diarist.annotation.Rttm;
import dev.diarist.audio.AudioFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Recordings and who speaks in them.
 *
 * @param name what it was opened by
 * @param recordings in the order of the data set
 */
public record Dataset(String name, List<Recording> recordings) {

  public Dataset {
    recordings = List.copyOf(recordings);
  }

  /**
   * Opens a data set by what it is:
   *
   * <ul>
   *   <li>an RTTM file, whose audio stands beside it, if anywhere;
   *   <li>a folder with RTTM files at any depth, and audio and UEM files with them, as VoxConverse
   *       and AMI are distributed;
   *   <li>{@code database.yml:Database.SpeakerDiarization.Protocol.subset}, as pyannote.database
   *       has it;
   *   <li>a Parquet file of the diarizers-community layout, or a folder of them.
   * </ul>
   *
   * @throws DatasetException if it is none of them, or contradicts itself
   * @throws dev.diarist.annotation.AnnotationException if an RTTM or UEM file cannot be understood
   */
  public static Dataset open(String name) throws IOException {
    int colon = protocolColon(name);
    if (colon >= 0) {
      return DatabaseYml.read(Path.of(name.substring(0, colon)))
          .subset(name.substring(colon + 1), name);
    }
    Path path = Path.of(name);
    if (Files.isDirectory(path)) {
      return new Dataset(name, folder(path));
    }
    if (!Files.exists(path)) {
      throw new DatasetException(path + ": no such file or folder");
    }
    String lower = name.toLowerCase(Locale.ROOT);
    if (lower.endsWith(".parquet")) {
      return new Dataset(name, ParquetFile.recordings(path));
    }
    if (isYml(lower)) {
      throw new DatasetException(
          path
              + ": name the subset too, as in "
              + path
              + ":"
              + String.join(" or ", DatabaseYml.read(path).subsets()));
    }
    return new Dataset(name, rttm(path));
  }

  /** With audio looked for in a folder, at any depth, for the recordings that have none. */
  public Dataset withAudioFrom(Path folder) throws IOException {
    AudioIndex index = AudioIndex.below(folder);
    List<Recording> found = new ArrayList<>();
    for (Recording recording : recordings) {
      Optional<Path> audio =
          recording.audio().isPresent() ? Optional.empty() : index.find(recording.uri());
      found.add(audio.map(f -> recording.withAudio(new AudioLocation.InFile(f))).orElse(recording));
    }
    return new Dataset(name, found);
  }

  /**
   * The recordings of {@code files}, by their names, with that audio.
   *
   * @throws DatasetException if it does not know one of them
   */
  public Dataset withRecordings(List<Path> files) throws IOException {
    List<Recording> chosen = new ArrayList<>();
    for (Path file : files) {
      String uri = AudioFiles.uri(file);
      recordings.stream()
          .filter(recording -> recording.uri().equals(uri))
          .map(recording -> recording.withAudio(new AudioLocation.InFile(file)))
          .forEach(chosen::add);
    }
    if (chosen.size() < files.size()) {
      throw new DatasetException(
          name + ": must have the recordings " + files + ", has " + chosen.size() + " of them");
    }
    return new Dataset(name, chosen);
  }

  /** Those of the recordings that are named. */
  public Dataset only(Set<String> uris) {
    return new Dataset(name, recordings.stream().filter(r -> uris.contains(r.uri())).toList());
  }

  private static List<Recording> rttm(Path file) throws IOException {
    Path parent = file.toAbsolutePath().getParent();
    AudioIndex index = AudioIndex.in(parent);
    List<Recording> recordings = new ArrayList<>();
    for (var entry : Rttm.read(file).entrySet()) {
      Optional<AudioLocation> audio =
          index.find(entry.getKey()).map(path -> new AudioLocation.InFile(relative(path, file)));
      recordings.add(new Recording(entry.getKey(), audio, entry.getValue(), Optional.empty()));
    }
    return recordings;
  }

  /** {@code audio} as the user would name it who named its neighbour {@code file} so. */
  private static Path relative(Path audio, Path file) {
    return file.resolveSibling(audio.getFileName());
  }

  private static List<Recording> folder(Path folder) throws IOException {
    List<Path> parquet = AnnotatedFolder.files(folder, ".parquet");
    if (parquet.isEmpty()) {
      return AnnotatedFolder.recordings(folder);
    }
    List<Recording> recordings = new ArrayList<>();
    for (Path file : parquet) {
      recordings.addAll(ParquetFile.recordings(file));
    }
    return recordings;
  }

  /** Where {@code file.yml:protocol} is cut; -1 where it is no such name. */
  private static int protocolColon(String name) {
    int colon = name.lastIndexOf(':');
    return colon > 0 && isYml(name.substring(0, colon).toLowerCase(Locale.ROOT)) ? colon : -1;
  }

  private static boolean isYml(String name) {
    return name.endsWith(".yml") || name.endsWith(".yaml");
  }
}
