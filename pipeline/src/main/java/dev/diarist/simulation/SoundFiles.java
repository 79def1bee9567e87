package dev.diarist.simulation;

import dev.diarist.audio.AudioFiles;
import dev.diarist.file.FilesBelow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * The audio files of a folder and those below it: noises, impulse responses, speech.
 *
 * @param files one or more, by path
 */
public record SoundFiles(List<Path> files) {
  public SoundFiles {
    files = List.copyOf(files);
    if (files.isEmpty()) {
      throw new IllegalArgumentException("sound files must be one or more, got none");
    }
  }

  /**
   * The files of a folder.
   *
   * @throws SimulationException if there is no such folder, or no audio file in it
   */
  public static SoundFiles below(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      throw new SimulationException(folder + ": no such folder");
    }
    List<Path> files = FilesBelow.of(folder, AudioFiles::isNamedAsAudio);
    if (files.isEmpty()) {
      throw new SimulationException(folder + ": the folder has no audio file, nor any below it");
    }
    return new SoundFiles(files);
  }

  /** One of the files, each as likely as the others. */
  public Path any(RandomGenerator random) {
    return files.get(random.nextInt(files.size()));
  }
}
