package dev.diarist.annotation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.diarist.Turn;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** What is read of RTTM, UEM and LAB files, and what is refused. */
class LabelFilesTest {
  @TempDir private Path folder;

  private Path file(String text) throws IOException {
    return Files.writeString(folder.resolve("labels"), text);
  }

  private void assertRefused(String sentence, Executable reading) {
    AnnotationException refusal = assertThrows(AnnotationException.class, reading);
    assertEquals(folder.resolve("labels") + ": " + sentence, refusal.getMessage());
  }

  @Test
  void rttmIsGroupedByRecording() throws IOException {
    Map<String, Annotation> read =
        Rttm.read(
            file(
                """
                SPEAKER b 1 1.5 0.25 <NA> <NA> x <NA> <NA>
                SPEAKER a 1 0.1 0.2 <NA> <NA> y <NA> <NA>
                SPEAKER b 1 0.5 2 <NA> <NA> z <NA> <NA>
                """));
    assertEquals(List.of("b", "a"), List.copyOf(read.keySet()));
    assertEquals(List.of(new Turn(0.5, 2.5, "z"), new Turn(1.5, 1.75, "x")), read.get("b").turns());
    // The end is start plus duration in double: 0.30000000000000004.
    assertEquals(List.of(new Turn(0.1, 0.1 + 0.2, "y")), read.get("a").turns());
  }

  @Test
  void whatSaysNothingOfTurnsIsSkipped() throws IOException {
    Map<String, Annotation> read =
        Rttm.read(
            file(
                "\uFEFF;; made by hand: with words\r\n\r\n"
                    + "SPKR-INFO a 1 <NA> <NA> <NA> unknown x <NA>\r"
                    + "\t SPEAKER   a\t1 1 1e0 <NA> <NA> NA <NA> \n"
                    + "SPEAKER a 1 3 0 <NA> <NA> y <NA> <NA>"));
    assertEquals(List.of(new Turn(1, 2, "NA")), read.get("a").turns());
  }

  @Test
  void simultaneousTurnsOfOneSpeakerAreBothKept() throws IOException {
    String line = "SPEAKER a 1 0 1 <NA> <NA> x <NA> <NA>\n";
    assertEquals(2, Rttm.read(file(line + line)).get("a").tracks().size());
  }

  @Test
  void whatWasWrittenIsReadBack() throws IOException {
    List<Turn> turns = List.of(new Turn(0.25, 1.5, "A"), new Turn(1, 2.125, "B"));
    StringBuilder rttm = new StringBuilder();
    Rttm.write(turns, null, rttm);
    assertEquals(turns, Rttm.read(file(rttm.toString())).get(Rttm.MISSING).turns());
    StringBuilder lab = new StringBuilder();
    Lab.write(turns, lab);
    assertEquals(turns, Lab.read(file(lab.toString())).turns());
    List<Segment> parts = List.of(new Segment(0.25, 1.5), new Segment(1, 2));
    StringBuilder uem = new StringBuilder();
    Uem.write(parts, "a", uem);
    assertEquals("a 1 0.250 1.500\na 1 1.000 2.000\n", uem.toString());
    assertEquals(Map.of("a", parts), Uem.read(file(uem.toString())));
  }

  @Test
  void rttmThatWouldLoseATurnIsRefused() throws IOException {
    String good = "SPEAKER a 1 0 1 <NA> <NA> x <NA> <NA>\n";
    assertRefused(
        "line 2: field 4 (start) must be a number of seconds, found \"<NA>\"",
        () -> Rttm.read(file(good + "SPEAKER a 1 <NA> 1 <NA> <NA> x <NA> <NA>")));
    assertRefused(
        "line 1: field 5 (duration) must be a number of seconds, found \"1e999\"",
        () -> Rttm.read(file("SPEAKER a 1 0 1e999 <NA> <NA> x <NA> <NA>")));
    assertRefused(
        "line 1: field 5 (duration) must be 0 or more seconds, found \"-1\"",
        () -> Rttm.read(file("SPEAKER a 1 0 -1 <NA> <NA> x <NA> <NA>")));
    assertRefused(
        "line 1: field 8 (speaker) must be the name of a speaker, found \"<NA>\"",
        () -> Rttm.read(file("SPEAKER a 1 0 1 <NA> <NA> <NA> <NA> <NA>")));
    assertRefused(
        "line 1: must have 9 to 10 fields (type uri channel start duration <NA> <NA> speaker <NA>"
            + " <NA>, or 9 of them), found 11",
        () -> Rttm.read(file("SPEAKER a 1 0 1 <NA> <NA> John Doe <NA> <NA>")));
    assertRefused(
        "line 3: field 1 (type) must be SPEAKER or another type of RTTM, found \"speaker\"",
        () -> Rttm.read(file(good + "\n" + "speaker a 1 0 1 <NA> <NA> x <NA> <NA>")));
  }

  @Test
  void textThatIsNoUtf8IsRefused() throws IOException {
    Path file = file("");
    Files.write(file, "0 1 a\n0 1 \u00e9\n".getBytes(StandardCharsets.ISO_8859_1));
    assertRefused("line 2: must be UTF-8 text", () -> Lab.read(file));
  }

  @Test
  void labIsReadInAnyOrder() throws IOException {
    assertEquals(
        List.of(new Turn(0, 1, "b"), new Turn(2, 3.5, "a")),
        Lab.read(file("2 3.5 a\n1 1 c\n.0 1. b\n")).turns());
    assertRefused(
        "line 1: field 2 (end) must be no earlier than the start, found \"1\"",
        () -> Lab.read(file("2 1 a")));
    assertRefused(
        "line 1: must have 3 fields (start end label), found 4",
        () -> Lab.read(file("0 1 John Doe")));
    assertRefused(
        "line 1: field 1 (start) must be a number of seconds, found \"0x1\"",
        () -> Lab.read(file("0x1 2 a")));
  }

  @Test
  void uemIsSortedAndWithoutRepeats() throws IOException {
    assertEquals(
        Map.of("a", List.of(new Segment(0, 1), new Segment(5, 6)), "b", List.of()),
        Uem.read(file("a 1 5 6\na 1 0 1\nb 1 2 2\na 1 5 6\n")));
    assertRefused(
        "line 1: field 4 (end) must be no earlier than the start, found \"1\"",
        () -> Uem.read(file("a 1 2 1")));
    assertRefused(
        "line 1: must have 4 fields (uri channel start end), found 3",
        () -> Uem.read(file("a 0 1")));
  }

  @Test
  void anEmptyFileHasNoRecordings() throws IOException {
    assertEquals(Map.of(), Rttm.read(file("")));
    assertEquals(Map.of(), Uem.read(file("\n\n")));
    assertEquals(List.of(), Lab.read(file(" \t")).turns());
  }
}
