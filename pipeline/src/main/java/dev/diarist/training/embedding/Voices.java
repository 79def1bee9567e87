package dev.diarist.training.embedding;

import dev.diarist.audio.AudioFiles;
import dev.diarist.audio.AudioSource;
import dev.diarist.simulation.SpeechCorpus;
import dev.diarist.simulation.Speed;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * The voices that a network learns to tell apart: the speakers of a corpus at several speeds. Crops
 * are read from the files when they are asked for.
 */
final class Voices {
  /** A crop reads a little more, so that the other speed does not leave it short. */
  private static final int SPARE_SAMPLES = 64;

  private final List<List<Path>> speakers;
  private final List<Double> speeds;

  Voices(SpeechCorpus corpus, List<Double> speeds) {
    this.speakers = new ArrayList<>(corpus.recordings().values());
    this.speeds = List.copyOf(speeds);
  }

  /** Voices: speakers times speeds. */
  int count() {
    return speakers.size() * speeds.size();
  }

  /**
   * A crop from a random place of a random recording of a voice, which begins again where the
   * recording ends.
   *
   * @throws IOException if the recording cannot be read
   */
  float[] crop(int voice, int samples, RandomGenerator random) throws IOException {
    List<Path> files = speakers.get(voice / speeds.size());
    double speed = speeds.get(voice % speeds.size());
    return crop(files.get(random.nextInt(files.size())), speed, samples, random.nextDouble());
  }

  /**
   * @param place of the crop in the recording, from 0 (its beginning) to 1 (its end)
   */
  static float[] crop(Path file, double speed, int samples, double place) throws IOException {
    int needed = (int) Math.ceil(samples * speed) + SPARE_SAMPLES;
    float[] read = new float[needed];
    try (AudioSource source = AudioFiles.open(file)) {
      if (source.samples() == 0) {
        throw new IOException(file + ": a recording of a voice must have samples, found none");
      }
      long at = (long) (Math.max(0, source.samples() - needed) * place);
      for (int done = 0; done < needed; ) {
        int count = (int) Math.min(needed - done, source.samples() - at);
        source.read(at, count, read, done);
        done += count;
        at = 0;
      }
    }
    float[] changed = Speed.changed(read, speed);
    return java.util.Arrays.copyOf(changed, samples);
  }
}
