package dev.diarist.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpeechCorpusTest {
  private static final int RATE = 16000;
  @TempDir private Path folder;

  private void file(String name) throws Exception {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.createFile(file);
  }

  @Test
  void aFolderOfAFolderIsASpeaker() throws Exception {
    file("ann/1.wav");
    file("ann/deep/2.flac");
    file("bob/1.wav");
    file("bob/notes.txt");
    SpeechCorpus corpus = SpeechCorpus.open(folder);
    assertEquals(Set.of("ann", "bob"), corpus.recordings().keySet());
    assertEquals(2, corpus.recordings().get("ann").size());
    assertEquals(List.of(folder.resolve("bob/1.wav")), corpus.recordings().get("bob"));
  }

  @Test
  void namesOfLibriSpeechBeginWithTheirSpeaker() throws Exception {
    file("train/103-1240-0000.flac");
    file("train/103/1240/103-1240-0001.flac");
    file("train/7-1-0000.flac");
    assertEquals(Set.of("103", "7"), SpeechCorpus.open(folder).recordings().keySet());
  }

  @Test
  void speakersCanBeLeftOutOrAloneBeLeft() throws Exception {
    file("ann/1.wav");
    file("bob/1.wav");
    SpeechCorpus corpus = SpeechCorpus.open(folder);
    assertEquals(Set.of("bob"), corpus.without(Set.of("ann")).recordings().keySet());
    assertEquals(Set.of("ann"), corpus.only(Set.of("ann")).recordings().keySet());
    assertThrows(SimulationException.class, () -> corpus.without(Set.of("ann", "bob")));
    assertEquals(
        "there is no speaker eve among the 2 of the corpus, such as ann",
        assertThrows(SimulationException.class, () -> corpus.only(Set.of("eve"))).getMessage());
  }

  @Test
  void aFileOfNobodyAndANameOfTwoWordsAreRefused() throws Exception {
    file("talk.wav");
    assertTrue(
        assertThrows(SimulationException.class, () -> SpeechCorpus.open(folder))
            .getMessage()
            .startsWith(folder.resolve("talk.wav") + ": must lie in a folder named after"));
    Files.delete(folder.resolve("talk.wav"));
    file("ann lee/1.wav");
    assertTrue(
        assertThrows(SimulationException.class, () -> SpeechCorpus.open(folder))
            .getMessage()
            .startsWith(folder.resolve("ann lee") + ": the name of a speaker must be one word"));
  }

  /** Noise of a level in dB in [from, to) seconds. */
  private static void speak(float[] sound, double from, double to, double decibels) {
    int first = (int) (from * RATE);
    float[] burst = Level.set(Sounds.white((int) (to * RATE) - first, first), decibels);
    System.arraycopy(burst, 0, sound, first, burst.length);
  }

  private static List<Activity.Stretch> seconds(double... bounds) {
    return java.util.stream.IntStream.range(0, bounds.length / 2)
        .mapToObj(
            i ->
                new Activity.Stretch(
                    (int) Math.round(bounds[2 * i] * RATE),
                    (int) Math.round(bounds[2 * i + 1] * RATE)))
        .toList();
  }

  @Test
  void speechIsWhereItIsLoud() {
    float[] sound = Level.set(Sounds.white(10 * RATE, 1), -65);
    speak(sound, 1, 3, -20);
    speak(sound, 3.2, 4, -25); // 0.2 s after: a pause inside the stretch
    speak(sound, 5, 8, -22);
    speak(sound, 9, 9.1, -20); // a click
    // The level is taken over 30 ms, which reaches a frame beyond; then come 50 ms of margin.
    assertEquals(seconds(0.94, 4.06, 4.94, 8.06), Activity.of(sound));
  }

  @Test
  void aLoudFloorIsNoSpeech() {
    float[] sound = Level.set(Sounds.white(10 * RATE, 2), -40);
    speak(sound, 2, 5, -20);
    speak(sound, 6, 9, -20);
    assertEquals(2, Activity.of(sound).size());
  }

  @Test
  void whatIsSpeechThroughoutIsOneStretchAndSilenceNone() {
    float[] sound = Level.set(Sounds.white(2 * RATE, 3), -20);
    assertEquals(seconds(0, 2), Activity.of(sound));
    assertEquals(List.of(), Activity.of(new float[RATE]));
    assertEquals(List.of(), Activity.of(new float[0]));
    float[] quiet = new float[RATE];
    Arrays.fill(quiet, 1e-6f);
    assertEquals(List.of(), Activity.of(quiet));
  }
}
