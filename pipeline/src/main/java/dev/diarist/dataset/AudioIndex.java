package dev.diarist.dataset;

import dev.diarist.audio.AudioFiles;
import dev.diarist.file.FilesBelow;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The audio files of a folder by the name of their recording. */
final class AudioIndex {
  /** How AMI calls the channel that a meeting is diarized from. */
  private static final String MIX = ".Mix-Headset";

  private final Path folder;
  private final Map<String, List<Path>> byUri = new TreeMap<>();

  private AudioIndex(Path folder, int depth) throws IOException {
    this.folder = folder;
    for (Path file : FilesBelow.of(folder, depth, AudioFiles::isNamedAsAudio)) {
      byUri.computeIfAbsent(AudioFiles.uri(file), absent -> new ArrayList<>()).add(file);
    }
  }

  /** The files right in a folder. */
  static AudioIndex in(Path folder) throws IOException {
    return new AudioIndex(folder, 1);
  }

  /** The files at any depth. */
  static AudioIndex below(Path folder) throws IOException {
    return new AudioIndex(folder, Integer.MAX_VALUE);
  }

  /**
   * The file called {@code uri.wav} or with another ending of audio, or else {@code
   * uri.Mix-Headset.wav}.
   *
   * @throws DatasetException if there are several
   */
  Optional<Path> find(String uri) throws IOException {
    List<Path> found = byUri.getOrDefault(uri, byUri.getOrDefault(uri + MIX, List.of()));
    if (found.size() > 1) {
      throw new DatasetException(
          folder + ": the audio of " + uri + " must be one file, found " + found);
    }
    return found.stream().findFirst();
  }
}
