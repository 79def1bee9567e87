package dev.diarist.voices;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.diarist.Diarization;
import dev.diarist.RecognizedSpeaker;
import dev.diarist.Turn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VoiceStoreTest {
  private static final VoiceStore NOBODY = VoiceStore.empty("model");

  @TempDir private Path folder;

  private static float[] angle(double degrees) {
    double radians = Math.toRadians(degrees);
    return new float[] {(float) (3 * Math.cos(radians)), (float) (3 * Math.sin(radians))};
  }

  private static Diarization speakers(double... degrees) {
    List<Turn> turns = new ArrayList<>();
    float[][] embeddings = new float[degrees.length][];
    for (int i = 0; i < degrees.length; i++) {
      turns.add(new Turn(i, i + 1, "SPEAKER_0" + i));
      embeddings[i] = angle(degrees[i]);
    }
    return new Diarization("talk", turns, turns.subList(0, 1), embeddings, List.of("w"));
  }

  private static List<String> names(Diarization diarization) {
    return diarization.turns().stream().map(Turn::speaker).toList();
  }

  @Test
  void aVoiceIsTheMeanOfItsRecordingsOfLengthOne() {
    VoiceStore store = NOBODY.enrol("Ann", new float[] {5, 0}).enrol("Ann", new float[] {0, 0.1f});
    assertEquals(1, store.voices().size());
    assertEquals(2, store.voices().getFirst().recordings());
    assertArrayEquals(new float[] {0.5f, 0.5f}, store.voices().getFirst().embedding(), 1e-7f);
    assertEquals(List.of(), store.without("Ann").voices());
    assertEquals(List.of(), NOBODY.voices(), "a store does not change");
  }

  @Test
  void speakersAreNamedFromTheThresholdOn() {
    VoiceStore store = NOBODY.enrol("Ann", angle(0)).enrol("Ben", angle(90));
    Diarization named = store.name(speakers(80, 20, 200), 0.8);
    assertEquals(List.of("Ben", "Ann", "SPEAKER_02"), names(named));
    assertEquals(List.of("Ann", "Ben", "SPEAKER_02"), named.speakers());
    assertArrayEquals(angle(20), named.speakerEmbeddings()[0]);
    assertArrayEquals(angle(80), named.speakerEmbeddings()[1]);
    assertEquals("Ben", named.exclusive().getFirst().speaker());
    assertEquals(List.of("w"), named.warnings());
    RecognizedSpeaker first = named.recognized().getFirst();
    assertEquals("Ben", first.speaker());
    assertEquals("SPEAKER_00", first.label());
    assertEquals(Math.cos(Math.toRadians(10)), first.similarity(), 1e-6);

    assertEquals(
        List.of("SPEAKER_00", "SPEAKER_01", "SPEAKER_02"),
        names(store.name(speakers(45, 135, 200), 0.8)));
  }

  @Test
  void twoSpeakersNeverGetTheSameNameAndTheBestAssignmentWins() {
    VoiceStore store = NOBODY.enrol("Ann", angle(0)).enrol("Ben", angle(30));
    // Both are nearest to Ann; Ann for the second and Ben for the first is more in sum.
    assertEquals(List.of("Ben", "Ann"), names(store.name(speakers(14, 2), 0.5)));
    // Who is far from Ben stays unknown where Ann is taken.
    assertEquals(List.of("Ann", "SPEAKER_01"), names(store.name(speakers(0, -10), 0.95)));
  }

  @Test
  void whoIsNamedAsOneWhoIsThereIsAnError() {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                speakers(0, 1)
                    .recognized(List.of(new RecognizedSpeaker("SPEAKER_01", "SPEAKER_00", 1))));
    assertEquals("two speakers of talk would be called SPEAKER_01", e.getMessage());
  }

  @Test
  void aSpeakerWithoutEmbeddingIsNobody() {
    Diarization silent =
        new Diarization(
            "talk", List.of(new Turn(0, 1, "A")), List.of(), new float[][] {{0, 0}}, List.of());
    assertEquals(List.of("A"), names(NOBODY.enrol("Ann", angle(0)).name(silent, 0.1)));
    assertEquals(List.of("A"), names(NOBODY.name(silent, 0.1)));
  }

  @Test
  void aStoreIsReadAsItWasWritten() throws IOException {
    Path file = folder.resolve("voices.json");
    VoiceStore store =
        NOBODY.enrol("Ann", angle(1)).enrol("Ann", angle(7)).enrol("Björn", angle(2));
    store.write(file);
    VoiceStore read = VoiceStore.read(file);
    assertEquals("model", read.model());
    assertEquals(2, read.voices().size());
    for (int v = 0; v < 2; v++) {
      assertEquals(store.voices().get(v).name(), read.voices().get(v).name());
      assertEquals(store.voices().get(v).recordings(), read.voices().get(v).recordings());
      assertArrayEquals(store.voices().get(v).embedding(), read.voices().get(v).embedding());
    }
    try (var files = Files.list(folder)) {
      assertEquals(1, files.count(), "nothing is left beside it");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{ | must be JSON: ",
        "{} | is no store of voices: No value for property 'voices'",
        "{\"model\":1,\"voices\":[]} | is no store of voices: model must be text, found 1",
        "{\"model\":\"m\",\"voices\":[{\"name\":\"A\",\"recordings\":1,\"embedding\":[\"x\"]}]} |"
            + " is no store of voices: embeddings must be finite numbers, found \"x\"",
        "{\"model\":\"m\",\"voices\":[{\"name\":\"A\",\"recordings\":0,\"embedding\":[1]}]} |"
            + " is no store of voices: a voice must come from at least 1 recording, got 0 for A",
        "{\"model\":\"m\",\"voices\":[{\"name\":\"A\",\"recordings\":1,\"embedding\":[1]},"
            + "{\"name\":\"A\",\"recordings\":1,\"embedding\":[1]}]} |"
            + " is no store of voices: two voices are called A",
        "{\"model\":\"m\",\"voices\":[{\"name\":\"A\",\"recordings\":1,\"embedding\":[1]},"
            + "{\"name\":\"B\",\"recordings\":1,\"embedding\":[1,2]}]} |"
            + " is no store of voices: embeddings must be of one size, got 1 and 2 values",
      })
  void aBadStoreIsNamedWithTheReason(String text, String reason) throws IOException {
    Path file = Files.writeString(folder.resolve("bad.json"), text);
    IOException e = assertThrows(IOException.class, () -> VoiceStore.read(file));
    assertEquals(
        file + ": " + reason,
        e.getMessage()
            .substring(0, Math.min((file + ": " + reason).length(), e.getMessage().length())));
  }

  @Test
  void voicesOfAnotherModelAreRefused() {
    NOBODY.requireModel("model");
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> NOBODY.requireModel("0123456789abcdef"));
    assertEquals(
        "the voices must be of the embedding model in use, 0123456789ab…, but are of model",
        e.getMessage());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Ann Lee", "a\tb", "SPEAKER_07", "CH0_SPEAKER_00"})
  void namesThatCannotBeToldApartAreRefused(String name) {
    assertThrows(IllegalArgumentException.class, () -> NOBODY.enrol(name, angle(0)));
  }

  @Test
  void embeddingsThatSayNothingAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> NOBODY.enrol("Ann", new float[2]));
    assertThrows(
        IllegalArgumentException.class, () -> NOBODY.enrol("Ann", new float[] {Float.NaN, 1}));
    assertThrows(
        IllegalArgumentException.class,
        () -> NOBODY.enrol("Ann", angle(0)).enrol("Ann", new float[3]));
  }

  @ParameterizedTest
  @ValueSource(doubles = {-1, 1.1, Double.NaN})
  void thresholdsLieInTheRangeOfCosines(double threshold) {
    assertThrows(IllegalArgumentException.class, () -> NOBODY.name(speakers(0), threshold));
  }
}
