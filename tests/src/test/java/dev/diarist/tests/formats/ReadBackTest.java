package dev.diarist.tests.formats;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.diarist.Diarization;
import dev.diarist.StageListener;
import dev.diarist.Turn;
import dev.diarist.annotation.Annotation;
import dev.diarist.annotation.Lab;
import dev.diarist.annotation.OutputFormat;
import dev.diarist.annotation.Rttm;
import dev.diarist.annotation.Segment;
import dev.diarist.annotation.Uem;
import dev.diarist.audio.AudioFiles;
import dev.diarist.audio.AudioSource;
import dev.diarist.regions.RegionDetector;
import dev.diarist.regions.ScoreFormat;
import dev.diarist.regions.ScoreKind;
import dev.diarist.transcript.Transcript;
import dev.diarist.transcript.TranscriptFormat;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What is written is read back by the programs that people read it with, and what pyannote writes
 * is read as pyannote reads it. Each test skips, and says so, where its Python library is absent.
 */
class ReadBackTest {
  /** Overlap, a name in another script, an hour and a day, halves of a millisecond. */
  private static final List<Turn> TURNS =
      List.of(
          new Turn(0.03096875, 1.5, "SPEAKER_00"),
          new Turn(1.0625, 2.1875, "Зоя"),
          new Turn(2.25, 3.0625, "SPEAKER_00"),
          new Turn(3599.9996, 3661.5, "SPEAKER_01"),
          new Turn(86390, 86400.125, "SPEAKER_00"));

  @TempDir private Path folder;

  private Path written(OutputFormat format) throws Exception {
    StringBuilder text = new StringBuilder();
    format.write(
        new Diarization("talk", TURNS, TURNS.subList(0, 1), new float[3][1], List.of()), text);
    return Files.writeString(folder.resolve("talk." + format.extension()), text);
  }

  @ParameterizedTest
  @CsvSource({
    "LAB, LAB",
    "JSON, JSON",
    "ENDPOINT, ENDPOINT",
    "CSV, CSV",
    "CSV, PANDAS",
    "AUDACITY, AUDACITY",
    "VTT, VTT",
    "SRT, SRT"
  })
  void turnsAreReadBack(OutputFormat format, String reader) throws Exception {
    assertTurns(TURNS, Python.read(reader, written(format)));
  }

  @Test
  void rttmIsReadBackByPyannote() throws Exception {
    assertTurns(TURNS, Python.read("RTTM", written(OutputFormat.RTTM)).path("talk"));
  }

  @Test
  void uemIsReadBackByPyannote() throws Exception {
    StringBuilder text = new StringBuilder();
    Uem.write(List.of(new Segment(0, 1.0625), new Segment(5, 3600.25)), "talk", text);
    JsonNode read = Python.read("UEM", Files.writeString(folder.resolve("talk.uem"), text));
    assertEquals("{\"talk\":[[0.0,1.062],[5.0,3600.25]]}", read.toString());
  }

  @Test
  void aTextGridIsReadBackTierByTier() throws Exception {
    JsonNode read = Python.read("TEXTGRID", written(OutputFormat.TEXTGRID));
    assertEquals(3, read.size());
    for (String speaker : List.of("SPEAKER_00", "SPEAKER_01", "Зоя")) {
      List<Turn> spoken = new ArrayList<>();
      double covered = 0;
      for (JsonNode interval : read.path(speaker)) {
        assertEquals(covered, interval.path(0).doubleValue(), 1e-9);
        covered = interval.path(1).doubleValue();
        if (!interval.path(2).textValue().isEmpty()) {
          spoken.add(
              new Turn(interval.path(0).doubleValue(), covered, interval.path(2).textValue()));
        }
      }
      assertEquals(86400.125, covered, 1e-9);
      List<Turn> expected = TURNS.stream().filter(t -> t.speaker().equals(speaker)).toList();
      assertEquals(expected.size(), spoken.size());
      for (int i = 0; i < expected.size(); i++) {
        assertEquals(expected.get(i).startSeconds(), spoken.get(i).startSeconds(), 5.1e-4);
        assertEquals(expected.get(i).endSeconds(), spoken.get(i).endSeconds(), 5.1e-4);
      }
    }
  }

  @Test
  void silenceIsATextGridTheyCanRead() throws Exception {
    StringBuilder text = new StringBuilder();
    OutputFormat.TEXTGRID.write(Diarization.silent("talk"), text);
    JsonNode read =
        Python.read("TEXTGRID", Files.writeString(folder.resolve("talk.TextGrid"), text));
    assertEquals("{}", read.toString());
  }

  @ParameterizedTest
  @CsvSource({"VTT, VTT, SPEAKER_00", "SRT, SRT, SPEAKER_00: <3 & more"})
  void transcriptsAreReadBack(TranscriptFormat format, String reader, String expected)
      throws Exception {
    byte[] json =
        "[{\"start\":0.5,\"end\":1.25,\"text\":\" <3 &\\n\\n more\"}]"
            .getBytes(StandardCharsets.UTF_8);
    StringBuilder text = new StringBuilder();
    format.write(Transcript.parse("t", json).withSpeakers(TURNS, 0), text);
    JsonNode read = Python.read(reader, Files.writeString(folder.resolve("t.sub"), text));
    assertEquals(1, read.size());
    assertEquals(0.5, read.path(0).path(0).doubleValue());
    assertEquals(1.25, read.path(0).path(1).doubleValue());
    assertEquals(expected, read.path(0).path(2).textValue().replace("\n", " "));
  }

  @Test
  void scoresAreReadBackByNumpy() throws Exception {
    Path golden = Path.of(System.getProperty("diarist.root", "..")).resolve("tests/shared/golden");
    Path file = folder.resolve("scores.npy");
    try (RegionDetector detector =
            RegionDetector.open(golden.resolve("models/small"), UnaryOperator.identity());
        AudioSource audio = AudioFiles.open(golden.resolve("audio/dialogue-synthetic.wav"));
        OutputStream out = Files.newOutputStream(file)) {
      detector.writeScores(
          audio, ScoreKind.LOG_PROBABILITIES, ScoreFormat.NPY, out, StageListener.NONE);
    }
    JsonNode read = Python.read("NPY", file);
    int chunks = read.path("shape").path(0).intValue();
    assertEquals("[" + chunks + ",589,7]", read.path("shape").toString());
    assertEquals("float32", read.path("type").textValue());
    assertEquals(128 + 4L * chunks * 589 * 7, Files.size(file));
  }

  @Test
  void whatPyannoteWritesIsReadAsPyannoteReadsIt() throws Exception {
    StringBuilder turns = new StringBuilder("[");
    for (int i = 0; i < 500; i++) {
      double start = i * 7 * 0.016875 + 0.03096875;
      turns
          .append(i == 0 ? "" : ",")
          .append("[%s,%s,\"S%d\"]".formatted(start, start + i % 13 * 0.016875 + 0.05, i % 3));
    }
    Path file = Files.writeString(folder.resolve("talk.json"), turns.append("]"));
    Python.read("WRITE", file);

    Path rttm = folder.resolve("talk.rttm");
    Annotation read = Rttm.read(rttm).get("talk");
    assertExactly(read, Python.read("RTTM", rttm).path("talk"));
    StringBuilder again = new StringBuilder();
    Rttm.write(new Json(file).turns(), "talk", again);
    assertEquals(Files.readString(rttm), again.toString());

    Path lab = folder.resolve("talk.lab");
    assertExactly(Lab.read(lab), Python.read("LAB", lab));
    StringBuilder labAgain = new StringBuilder();
    Lab.write(new Json(file).turns(), labAgain);
    assertEquals(Files.readString(lab), labAgain.toString());

    Path uem = folder.resolve("talk.uem");
    JsonNode parts = Python.read("UEM", uem).elements().next();
    List<Segment> segments = Uem.read(uem).firstEntry().getValue();
    assertEquals(parts.size(), segments.size());
    for (int i = 0; i < segments.size(); i++) {
      assertEquals(parts.path(i).path(0).doubleValue(), segments.get(i).startSeconds());
      assertEquals(parts.path(i).path(1).doubleValue(), segments.get(i).endSeconds());
    }
  }

  /** The turns of a file that the test wrote. */
  private record Json(Path file) {
    List<Turn> turns() throws Exception {
      List<Turn> turns = new ArrayList<>();
      for (JsonNode turn : new ObjectMapper().readTree(file.toFile())) {
        turns.add(
            new Turn(
                turn.path(0).doubleValue(), turn.path(1).doubleValue(), turn.path(2).textValue()));
      }
      return turns;
    }
  }

  private static void assertExactly(Annotation actual, JsonNode expected) {
    List<Turn> turns = actual.turns();
    assertEquals(expected.size(), turns.size());
    for (int i = 0; i < turns.size(); i++) {
      JsonNode turn = expected.path(i);
      assertEquals(
          new Turn(
              turn.path(0).doubleValue(), turn.path(1).doubleValue(), turn.path(2).textValue()),
          turns.get(i));
    }
  }

  /** To half a millisecond, and a rounding error. */
  private static void assertTurns(List<Turn> expected, JsonNode read) {
    assertEquals(expected.size(), read.size(), read.toString());
    for (int i = 0; i < expected.size(); i++) {
      assertEquals(expected.get(i).startSeconds(), read.path(i).path(0).doubleValue(), 5.1e-4);
      // The end of an RTTM turn is the sum of two rounded numbers.
      assertEquals(expected.get(i).endSeconds(), read.path(i).path(1).doubleValue(), 1.1e-3);
      assertEquals(expected.get(i).speaker(), read.path(i).path(2).textValue());
    }
  }
}
