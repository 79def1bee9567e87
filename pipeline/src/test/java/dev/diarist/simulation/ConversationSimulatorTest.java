package dev.diarist.simulation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.diarist.annotation.Annotation;
import dev.diarist.annotation.Segment;
import dev.diarist.annotation.Track;
import dev.diarist.metric.Speech;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConversationSimulatorTest {
  private static final int RATE = 16000;
  private static final SimulationOptions OPTIONS =
      SimulationOptions.DEFAULT.withSpeakers(3, 3).withMinutes(1);
  private static final TurnStatistics STATISTICS =
      new TurnStatistics(
          1,
          new TreeMap<>(Map.of(3, 1)),
          new Distribution(List.of(1.0, 6.0)),
          new Distribution(List.of(0.5, 1.0)),
          new Distribution(List.of(0.5, 1.0)),
          new Distribution(List.of(0.5, 1.0)),
          new Distribution(List.of(0.3, 1.0)),
          0.3,
          0.4,
          0.5,
          0.05);

  @TempDir private Path folder;
  private Path speech;

  @BeforeEach
  void record() throws Exception {
    speech = Files.createDirectory(folder.resolve("speech"));
    SpokenFolder.write(speech, 5);
  }

  private ConversationSimulator simulator(boolean rooms, boolean noises, long seed)
      throws Exception {
    Path responses = folder.resolve("rirs");
    Path noise = folder.resolve("noises");
    if (Files.notExists(noise)) {
      Files.createDirectories(responses);
      Files.createDirectories(noise);
      SpokenFolder.wav(responses.resolve("a.wav"), Sounds.response(4000, 700, 1));
      SpokenFolder.wav(responses.resolve("b.wav"), Sounds.response(2000, 300, 2));
      SpokenFolder.wav(noise.resolve("a.wav"), Sounds.white(3 * RATE, 3));
    }
    return new ConversationSimulator(
        SpeechCorpus.open(speech),
        STATISTICS,
        rooms ? Optional.of(SoundFiles.below(responses)) : Optional.empty(),
        noises ? Optional.of(SoundFiles.below(noise)) : Optional.empty(),
        OPTIONS.withSeed(seed));
  }

  @Test
  void aConversationFollowsFromSeedAndNumberAlone() throws Exception {
    Conversation first = simulator(true, true, 4).conversation(3);
    ConversationSimulator again = simulator(true, true, 4);
    again.conversation(0); // what was made before plays no part
    Conversation second = again.conversation(3);
    assertArrayEquals(first.samples(), second.samples());
    assertEquals(first.annotation(), second.annotation());
    assertEquals("simulated-4-0003", first.uri());
    assertFalse(Arrays.equals(first.samples(), again.conversation(4).samples()));
    assertFalse(Arrays.equals(first.samples(), simulator(true, true, 5).conversation(3).samples()));
  }

  @Test
  void roomsAndNoiseChangeTheSoundAndNotTheTurns() throws Exception {
    Conversation plain = simulator(false, false, 1).conversation(0);
    Conversation room = simulator(true, false, 1).conversation(0);
    Conversation noisy = simulator(false, true, 1).conversation(0);
    assertEquals(plain.annotation(), room.annotation());
    assertEquals(plain.annotation(), noisy.annotation());
    assertFalse(Arrays.equals(plain.samples(), room.samples()));
    float[] noise = plain.samples().clone();
    for (int i = 0; i < noise.length; i++) {
      noise[i] = noisy.samples()[i] - plain.samples()[i];
    }
    double ratio = Level.decibels(plain.samples()) - Level.decibels(noise);
    assertTrue(ratio >= 5 && ratio <= 25, "speech over noise: " + ratio);
  }

  @Test
  void whereNobodySpeaksThereIsSilenceAndWhereSomebodyDoesThereIsNot() throws Exception {
    for (int index = 0; index < 4; index++) {
      Conversation conversation = simulator(false, false, 2).conversation(index);
      int annotated = 0;
      int loud = 0;
      for (int ms = 0; ms < 60_000; ms += 10) {
        float[] frame = Arrays.copyOfRange(conversation.samples(), ms * 16, (ms + 10) * 16);
        boolean sounds = Level.decibels(frame) > -45; // speakers have -33 dB or more, less 2
        if (speaks(conversation.annotation(), ms / 1000.0, ms / 1000.0 + 0.01)) {
          annotated++;
          loud += sounds ? 1 : 0;
        } else {
          assertFalse(sounds, "nobody speaks at " + ms + " ms");
        }
      }
      // Pauses under 0.2 s between stretches of 2 s, and quiet margins of 0.05 s around each.
      assertEquals(1, (double) loud / annotated, 0.15);
    }
  }

  private static boolean speaks(Annotation annotation, double from, double to) {
    return annotation.tracks().stream()
        .map(Track::segment)
        .anyMatch(s -> s.startSeconds() < to && from < s.endSeconds());
  }

  @Test
  void speakersAreOfTheCorpusAndSometimesSpeakAtOnce() throws Exception {
    Annotation annotation = simulator(false, false, 3).conversation(0).annotation();
    assertEquals(3, annotation.labels().size());
    assertTrue(SpeechCorpus.open(speech).recordings().keySet().containsAll(annotation.labels()));
    assertTrue(Speech.of(annotation).overlapSeconds() > 0.5);
    double end =
        annotation.tracks().stream()
            .map(Track::segment)
            .mapToDouble(Segment::endSeconds)
            .max()
            .orElse(0);
    assertTrue(end <= 60, "the last turn ends at " + end);
  }

  @Test
  void whatWouldLeaveFullScaleIsMadeQuieterAsAWhole() throws Exception {
    simulator(false, true, 1); // records the noise
    ConversationSimulator loud =
        new ConversationSimulator(
            SpeechCorpus.open(speech),
            STATISTICS,
            Optional.empty(),
            Optional.of(SoundFiles.below(folder.resolve("noises"))),
            OPTIONS.withSignalToNoise(-40, -40));
    float peak = 0;
    for (float sample : loud.conversation(0).samples()) {
      peak = Math.max(peak, Math.abs(sample));
    }
    assertEquals(0.99f, peak, 1e-6f);
  }

  @Test
  void moreSpeakersThanThereAreAreRefused() throws Exception {
    SpeechCorpus corpus = SpeechCorpus.open(speech);
    SimulationOptions many = OPTIONS.withSpeakers(2, 6);
    assertEquals(
        "conversations of up to 6 speakers need as many, the corpus has 5",
        assertThrows(
                SimulationException.class,
                () ->
                    new ConversationSimulator(
                        corpus, STATISTICS, Optional.empty(), Optional.empty(), many))
            .getMessage());
  }

  @Test
  void aRecordingWithoutSpeechIsRefusedByName() throws Exception {
    Path silent = Files.createDirectory(folder.resolve("silent"));
    for (String speaker : List.of("a", "b", "c")) {
      SpokenFolder.wav(
          Files.createDirectory(silent.resolve(speaker)).resolve("1.wav"), new float[RATE]);
    }
    ConversationSimulator simulator =
        new ConversationSimulator(
            SpeechCorpus.open(silent), STATISTICS, Optional.empty(), Optional.empty(), OPTIONS);
    String message =
        assertThrows(SimulationException.class, () -> simulator.conversation(0)).getMessage();
    assertTrue(message.endsWith("1.wav: there is no speech in this recording"), message);
  }
}
