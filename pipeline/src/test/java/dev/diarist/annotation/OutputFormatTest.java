package dev.diarist.annotation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.diarist.Diarization;
import dev.diarist.Turn;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class OutputFormatTest {
  // 0.0625 and 2.1875 lie between two milliseconds and are rounded to the even one.
  private static final Turn FIRST = new Turn(0.0625, 1.5, "SPEAKER_01");
  private static final Turn SECOND = new Turn(1, 2.1875, "SPEAKER_00");
  private static final Diarization TALK =
      new Diarization(
          "talk", List.of(FIRST, SECOND), List.of(FIRST), new float[][] {{1}, {2}}, List.of());

  private static String written(OutputFormat format, Diarization diarization) throws IOException {
    StringBuilder text = new StringBuilder();
    format.write(diarization, text);
    return text.toString();
  }

  private static String written(OutputFormat format, Turn... turns) throws IOException {
    StringBuilder text = new StringBuilder();
    format.write("talk", List.of(turns), text);
    return text.toString();
  }

  @Test
  void rttm() throws IOException {
    assertEquals(
        """
        SPEAKER talk 1 0.062 1.438 <NA> <NA> SPEAKER_01 <NA> <NA>
        SPEAKER talk 1 1.000 1.188 <NA> <NA> SPEAKER_00 <NA> <NA>
        """,
        written(OutputFormat.RTTM, TALK));
  }

  @Test
  void jsonHasNumbersAsPyannoteSerializesThem() throws IOException {
    assertEquals(
        "{\"uri\":\"talk\",\"diarization\":["
            + "{\"start\":0.062,\"end\":1.5,\"speaker\":\"SPEAKER_01\"},"
            + "{\"start\":1.0,\"end\":2.188,\"speaker\":\"SPEAKER_00\"}],"
            + "\"exclusive_diarization\":["
            + "{\"start\":0.062,\"end\":1.5,\"speaker\":\"SPEAKER_01\"}]}\n",
        written(OutputFormat.JSON, TALK));
  }

  @Test
  void turnsThatAreNoDiarizationHaveNoExclusiveOnes() throws IOException {
    assertEquals(
        "{\"uri\":\"talk\",\"diarization\":[{\"start\":0.0,\"end\":1.0,\"speaker\":\"SPEECH\"}]}\n",
        written(OutputFormat.JSON, new Turn(0, 1, "SPEECH")));
  }

  @Test
  void theEndpointHasStringsOfThreeDecimals() throws IOException {
    assertEquals(
        "{\"diarization\":[{\"speaker\":\"SPEAKER_01\",\"start\":\"0.062\",\"end\":\"1.500\"},"
            + "{\"speaker\":\"SPEAKER_00\",\"start\":\"1.000\",\"end\":\"2.188\"}]}\n",
        written(OutputFormat.ENDPOINT, TALK));
  }

  @Test
  void csvQuotesWhatWouldBreakARow() throws IOException {
    assertEquals(
        """
        uri,start,end,speaker
        talk,0.062,1.500,SPEAKER_01
        talk,1.000,2.188,SPEAKER_00
        """,
        written(OutputFormat.CSV, TALK));
    assertEquals(
        "uri,start,end,speaker\ntalk,0.000,1.000,\"Doe, \"\"J\"\"\"\n",
        written(OutputFormat.CSV, new Turn(0, 1, "Doe, \"J\"")));
  }

  @Test
  void labEndsAreStartPlusDuration() throws IOException {
    assertEquals(
        "0.062 1.500 SPEAKER_01\n1.000 2.188 SPEAKER_00\n", written(OutputFormat.LAB, TALK));
    // 0.0095 itself would be 0.009.
    assertEquals("0.001 0.010 a\n", written(OutputFormat.LAB, new Turn(0.001, 0.0095, "a")));
  }

  @Test
  void webVttHasTheSpeakerAsVoice() throws IOException {
    assertEquals(
        """
        WEBVTT

        00:00:00.062 --> 00:00:01.500
        <v SPEAKER_01>SPEAKER_01

        00:00:01.000 --> 00:00:02.188
        <v SPEAKER_00>SPEAKER_00
        """,
        written(OutputFormat.VTT, TALK));
    assertEquals(
        "WEBVTT\n\n27:46:40.000 --> 27:46:40.001\n<v A&amp;B&lt;&gt;>A&amp;B&lt;&gt;\n",
        written(OutputFormat.VTT, new Turn(100_000, 100_000.0004, "A&B<>")));
  }

  @Test
  void subRipNumbersItsCues() throws IOException {
    assertEquals(
        """
        1
        00:00:00,062 --> 00:00:01,500
        SPEAKER_01

        2
        00:00:01,000 --> 00:00:02,188
        SPEAKER_00
        """,
        written(OutputFormat.SRT, TALK));
  }

  @Test
  void audacityHasTabsAndSixDecimals() throws IOException {
    assertEquals(
        "0.062500\t1.500000\tSPEAKER_01\n1.000000\t2.187500\tSPEAKER_00\n",
        written(OutputFormat.AUDACITY, TALK));
    assertThrows(
        IllegalArgumentException.class,
        () -> written(OutputFormat.AUDACITY, new Turn(0, 1, "a\tb")));
  }

  @Test
  void aTextGridHasATierForEachSpeakerWithoutHoles() throws IOException {
    assertEquals(
        """
        File type = "ooTextFile"
        Object class = "TextGrid"

        xmin = 0.000\s
        xmax = 2.000\s
        tiers? <exists>\s
        size = 2\s
        item []:\s
            item [1]:
                class = "IntervalTier"\s
                name = "a"\s
                xmin = 0.000\s
                xmax = 2.000\s
                intervals: size = 3\s
                intervals [1]:
                    xmin = 0.000\s
                    xmax = 0.500\s
                    text = ""\s
                intervals [2]:
                    xmin = 0.500\s
                    xmax = 1.500\s
                    text = "a"\s
                intervals [3]:
                    xmin = 1.500\s
                    xmax = 2.000\s
                    text = ""\s
            item [2]:
                class = "IntervalTier"\s
                name = "b ""x""\"\s
                xmin = 0.000\s
                xmax = 2.000\s
                intervals: size = 1\s
                intervals [1]:
                    xmin = 0.000\s
                    xmax = 2.000\s
                    text = "b ""x""\"\s
        """,
        written(
            OutputFormat.TEXTGRID,
            new Turn(0, 2, "b \"x\""),
            new Turn(0.5, 1.2, "a"),
            new Turn(1, 1.5, "a"),
            new Turn(1.75, 1.7500001, "a")));
  }

  @Test
  void silenceIsEmptyInEveryFormat() throws IOException {
    Diarization silence = Diarization.silent("talk");
    assertEquals("", written(OutputFormat.RTTM, silence));
    assertEquals(
        "{\"uri\":\"talk\",\"diarization\":[],\"exclusive_diarization\":[]}\n",
        written(OutputFormat.JSON, silence));
    assertEquals("{\"diarization\":[]}\n", written(OutputFormat.ENDPOINT, silence));
    assertEquals("uri,start,end,speaker\n", written(OutputFormat.CSV, silence));
    assertEquals("", written(OutputFormat.LAB, silence));
    assertEquals("WEBVTT\n", written(OutputFormat.VTT, silence));
    assertEquals("", written(OutputFormat.SRT, silence));
    assertEquals("", written(OutputFormat.AUDACITY, silence));
  }

  @Test
  void aCueStartsAtZeroOrLater() {
    assertThrows(
        IllegalArgumentException.class, () -> written(OutputFormat.SRT, new Turn(-1, 1, "a")));
  }
}
