package dev.diarist.simulation;

import dev.diarist.audio.AudioException;
import dev.diarist.audio.AudioFiles;
import dev.diarist.audio.AudioSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;

/**
 * One speaker of a conversation: stretches of speech from some of his recordings, spoken one after
 * the other, and from the first again after the last.
 */
final class Voice {
  /** More is not needed in a conversation of minutes, and lies in memory. */
  private static final int ENOUGH_SAMPLES = 90 * AudioSource.SAMPLE_RATE;

  /** Of one recording no more than its beginning is read. */
  private static final int MAX_RECORDING_SAMPLES = 120 * AudioSource.SAMPLE_RATE;

  /** What is shorter is not begun with: the rest of a stretch that the last turn left. */
  private static final int MIN_REST_SAMPLES = AudioSource.SAMPLE_RATE;

  /** Cuts inside speech fade over 10 ms, so that they do not click. */
  private static final int FADE_SAMPLES = AudioSource.SAMPLE_RATE / 100;

  /** Pauses between stretches of one turn, in seconds: too short for an annotation to note. */
  private static final double MIN_PAUSE_SECONDS = 0.05;

  private static final double MAX_PAUSE_SECONDS = 0.2;

  private final List<float[]> stretches;
  private int next;
  private int said; // samples of the next stretch that were said

  private Voice(List<float[]> stretches) {
    this.stretches = stretches;
  }

  /**
   * The voice of a speaker.
   *
   * @param files his recordings, of which as many are read as make a minute and a half of speech
   * @param speed of {@link Speed}
   * @param decibels {@link Level} of his speech
   * @throws IOException if a recording cannot be read, or there is no speech in any
   */
  static Voice of(List<Path> files, double speed, double decibels, RandomGenerator random)
      throws IOException {
    List<Path> shuffled = new ArrayList<>(files);
    Collections.shuffle(shuffled, Random.from(random));
    List<float[]> stretches = new ArrayList<>();
    int samples = 0;
    for (Path file : shuffled) {
      float[] sound = Speed.changed(read(file), speed);
      for (Activity.Stretch stretch : Activity.of(sound)) {
        stretches.add(Arrays.copyOfRange(sound, stretch.firstSample(), stretch.endSample()));
        samples += stretch.samples();
      }
      if (samples >= ENOUGH_SAMPLES) {
        break;
      }
    }
    if (stretches.isEmpty()) {
      throw new SimulationException(files.getFirst() + ": there is no speech in this recording");
    }
    stretches.replaceAll(stretch -> Level.set(stretch, decibels));
    Voice voice = new Voice(stretches);
    voice.next = random.nextInt(stretches.size());
    return voice;
  }

  private static float[] read(Path file) throws IOException {
    try (AudioSource source = AudioFiles.open(file)) {
      float[] sound = new float[(int) Math.min(MAX_RECORDING_SAMPLES, source.samples())];
      source.read(0, sound.length, sound, 0);
      return sound;
    } catch (AudioException e) {
      throw new SimulationException(e.getMessage(), e);
    }
  }

  /** The longest turn without saying anything twice. */
  int longestTurnSamples() {
    return stretches.stream().mapToInt(stretch -> stretch.length).sum();
  }

  /** Goes on speaking for so long. */
  float[] say(int samples, RandomGenerator random) {
    float[] turn = new float[samples];
    int done = 0;
    while (done < samples) {
      float[] stretch = stretches.get(next);
      int count = Math.min(samples - done, stretch.length - said);
      System.arraycopy(stretch, said, turn, done, count);
      fade(turn, done, count);
      said += count;
      done += count;
      if (stretch.length - said < MIN_REST_SAMPLES) {
        next = (next + 1) % stretches.size();
        said = 0;
      }
      double pause = random.nextDouble(MIN_PAUSE_SECONDS, MAX_PAUSE_SECONDS);
      done += (int) (pause * AudioSource.SAMPLE_RATE);
    }
    return turn;
  }

  /**
   * @param turn faded in from {@code from} on and out before {@code from + count}
   */
  private static void fade(float[] turn, int from, int count) {
    int fade = Math.min(FADE_SAMPLES, count / 2);
    for (int i = 0; i < fade; i++) {
      float factor = (i + 0.5f) / fade;
      turn[from + i] *= factor;
      turn[from + count - 1 - i] *= factor;
    }
  }
}
