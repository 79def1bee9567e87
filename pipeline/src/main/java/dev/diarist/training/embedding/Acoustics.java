package dev.diarist.training.embedding;

import dev.diarist.audio.AudioFiles;
import dev.diarist.audio.AudioSource;
import dev.diarist.simulation.Level;
import dev.diarist.simulation.Noise;
import dev.diarist.simulation.Room;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * What stands between a mouth and a recording: rooms, noise, people who talk in the background,
 * telephones, distance.
 *
 * @param rooms none for no rooms
 * @param noises files of noise; none for no noise
 * @param babble voices that talk in the background, or null
 */
record Acoustics(List<Room> rooms, List<Path> noises, Voices babble) {
  private static final double ROOM = 0.5;
  private static final double NOISE = 0.5;
  private static final double BABBLE = 0.2;
  private static final double TELEPHONE = 0.2;
  private static final int TALKERS = 3;

  Acoustics {
    rooms = List.copyOf(rooms);
    noises = List.copyOf(noises);
  }

  /** None of all that. */
  static final Acoustics NONE = new Acoustics(List.of(), List.of(), null);

  /** The sound as it is heard there, as a new array: follows from the source of randomness. */
  float[] around(float[] sound, RandomGenerator random) throws IOException {
    float[] heard = sound;
    double room = random.nextDouble();
    double background = random.nextDouble();
    double telephone = random.nextDouble();
    if (room < ROOM && !rooms.isEmpty()) {
      heard = rooms.get(random.nextInt(rooms.size())).applied(heard);
    }
    if (background < NOISE && !noises.isEmpty()) {
      try (AudioSource noise = AudioFiles.open(noises.get(random.nextInt(noises.size())))) {
        float[] stretch = Noise.stretch(noise, heard.length, random);
        heard = Noise.added(heard, stretch, 3 + 17 * random.nextDouble());
      }
    } else if (background >= 1 - BABBLE && babble != null) {
      heard = Noise.added(heard, talk(heard.length, random), 8 + 12 * random.nextDouble());
    }
    if (telephone < TELEPHONE) {
      heard = narrowed(heard);
    }
    return Level.changed(heard, -15 + 15 * random.nextDouble());
  }

  private float[] talk(int samples, RandomGenerator random) throws IOException {
    float[] sum = new float[samples];
    for (int i = 0; i < TALKERS; i++) {
      float[] one = babble.crop(random.nextInt(babble.count()), samples, random);
      for (int t = 0; t < samples; t++) {
        sum[t] += one[t];
      }
    }
    return sum;
  }

  /** Without what is low and what is high: two low-pass filters less a third. */
  private static float[] narrowed(float[] sound) {
    float[] narrow = new float[sound.length];
    float first = 0;
    float second = 0;
    float low = 0;
    for (int t = 0; t < sound.length; t++) {
      first += 0.7f * (sound[t] - first);
      second += 0.7f * (first - second);
      low += 0.1f * (second - low);
      narrow[t] = second - low;
    }
    return narrow;
  }
}
