package dev.diarist.transcript;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.diarist.Turn;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class TranscriptTest {
  private static final List<Turn> TURNS =
      List.of(new Turn(0, 1, "A"), new Turn(1, 2, "B"), new Turn(10, 11, "A"));

  private static final String WHISPER =
      "{\"text\":\" Hi there. No.\",\"segments\":[{\"id\":0,\"start\":0.0,\"end\":1.90,"
          + "\"text\":\" Hi there. No.\",\"avg_logprob\":NaN,\"words\":["
          + "{\"word\":\" Hi\",\"start\":0.0,\"end\":0.4,\"probability\":0.50},"
          + "{\"word\":\" there.\",\"start\":0.4,\"end\":0.9,\"probability\":1e-7},"
          + "{\"word\":\" No.\",\"start\":1.2,\"end\":1.9,\"probability\":0.9}]}],"
          + "\"language\":\"en\"}";

  private static Transcript parse(String json) throws IOException {
    return Transcript.parse("t.json", json.getBytes(StandardCharsets.UTF_8));
  }

  private static String named(String json) throws IOException {
    return parse(json).withSpeakers(TURNS, 0.5).json();
  }

  private static String written(TranscriptFormat format, String json) throws IOException {
    StringBuilder text = new StringBuilder();
    format.write(parse(json).withSpeakers(TURNS, 0.5), text);
    return text.toString();
  }

  @Test
  void wordsAndSegmentsOfWhisperGetSpeakersAndKeepAllElse() throws IOException {
    assertEquals(
        WHISPER
            .replace("0.50}", "0.50,\"speaker\":\"A\"}")
            .replace("1e-7}", "1E-7,\"speaker\":\"A\"}")
            .replace("0.9}]", "0.9,\"speaker\":\"B\"}],\"speaker\":\"A\""),
        named(WHISPER));
    assertEquals(WHISPER.replace("1e-7", "1E-7"), parse(WHISPER).json());
  }

  @Test
  void theTranscriptItselfIsNotChanged() throws IOException {
    Transcript transcript = parse(WHISPER);
    transcript.withSpeakers(TURNS, 0.5);
    assertEquals(WHISPER.replace("1e-7", "1E-7"), transcript.json());
  }

  @Test
  void wordsWithoutTimesFollowTheOneBeforeThem() throws IOException {
    assertEquals(
        "{\"segments\":[{\"start\":0.1,\"end\":2,\"text\":\"x\",\"words\":["
            + "{\"word\":\"1\",\"speaker\":\"A\"},"
            + "{\"word\":\"a\",\"start\":0.5,\"end\":0.6,\"score\":0.9,\"speaker\":\"A\"},"
            + "{\"word\":\"b\",\"start\":1.5,\"end\":1.9,\"speaker\":\"B\"},"
            + "{\"word\":\"2\",\"start\":null,\"speaker\":\"B\"}],\"speaker\":\"B\"}],"
            + "\"word_segments\":[{\"word\":\"b\",\"start\":1.5,\"end\":1.9,\"speaker\":\"B\"}]}",
        named(
            "{\"segments\":[{\"start\":0.1,\"end\":2,\"text\":\"x\",\"words\":["
                + "{\"word\":\"1\"},"
                + "{\"word\":\"a\",\"start\":0.5,\"end\":0.6,\"score\":0.9},"
                + "{\"word\":\"b\",\"start\":1.5,\"end\":1.9},"
                + "{\"word\":\"2\",\"start\":null}]}],"
                + "\"word_segments\":[{\"word\":\"b\",\"start\":1.5,\"end\":1.9}]}"));
  }

  @Test
  void segmentsWithoutWordsGoByTheirOwnTimes() throws IOException {
    assertEquals(
        "[{\"start\":0.8,\"end\":1.5,\"speaker\":\"B\"},"
            + "{\"start\":5,\"end\":6,\"words\":[],\"speaker\":null}]",
        named("[{\"start\":0.8,\"end\":1.5},{\"start\":5,\"end\":6,\"words\":[]}]"));
  }

  @Test
  void whisperCppHasMilliseconds() throws IOException {
    assertEquals(
        "{\"transcription\":[{\"offsets\":{\"from\":10400,\"to\":10900},\"text\":\" Yes.\","
            + "\"speaker\":\"A\"}]}",
        named(
            "{\"transcription\":[{\"offsets\":{\"from\":10400,\"to\":10900},"
                + "\"text\":\" Yes.\"}]}"));
  }

  @Test
  void wordsWithoutSegmentsAreEnough() throws IOException {
    String json =
        "{\"text\":\"a b\",\"words\":[{\"word\":\"a\",\"start\":0.5,\"end\":0.75},"
            + "{\"word\":\"b\",\"start\":1.5,\"end\":1.75}]}";
    assertEquals("A: a\nB: b\n", written(TranscriptFormat.TXT, json));
  }

  @Test
  void aChangeOfSpeakerWithinASegmentStartsANewCue() throws IOException {
    assertEquals(
        """
        WEBVTT

        00:00:00.000 --> 00:00:00.900
        <v A>Hi there.

        00:00:01.200 --> 00:00:01.900
        <v B>No.
        """,
        written(TranscriptFormat.VTT, WHISPER));
    assertEquals(
        """
        1
        00:00:00,000 --> 00:00:00,900
        A: Hi there.

        2
        00:00:01,200 --> 00:00:01,900
        B: No.
        """,
        written(TranscriptFormat.SRT, WHISPER));
  }

  @Test
  void textHasALineForAllThatOneSaysInARow() throws IOException {
    assertEquals(
        "A: one two\nthree\n",
        written(
            TranscriptFormat.TXT,
            "[{\"start\":0,\"end\":0.5,\"text\":\" one\"},"
                + "{\"start\":0.5,\"end\":1,\"text\":\" two\"},"
                + "{\"start\":5,\"end\":6,\"text\":\" three\"}]"));
  }

  @Test
  void anEmptyTranscriptIsEmpty() throws IOException {
    assertEquals("{\"segments\":[]}", named("{\"segments\":[]}"));
    assertEquals("", written(TranscriptFormat.TXT, "[]"));
    assertEquals("WEBVTT\n", written(TranscriptFormat.VTT, "[]"));
  }

  @Test
  void whatIsNoTranscriptIsRefusedWithTheField() {
    assertRefused(
        "t.json: must be a transcript of Whisper: an array of segments, or an object with"
            + " segments, transcription or words",
        "{\"a\":1}");
    assertRefused(
        "t.json: segments[0].start must be a number from 0 to 1e12, found \"x\"",
        "{\"segments\":[{\"start\":\"x\"}]}");
    assertRefused(
        "t.json: segments[1] must be an object, found 7",
        "{\"segments\":[{\"start\":0,\"end\":1},7]}");
    assertRefused(
        "t.json: segments[0].words[0].end must be a number from 0 to 1e12, found NaN",
        "{\"segments\":[{\"start\":0,\"end\":1,\"words\":[{\"end\":NaN}]}]}");
    assertRefused(
        "t.json: segments[0] must have a start and an end, or words that have",
        "{\"segments\":[{\"end\":1}]}");
    assertRefused(
        "t.json: transcription[0].offsets must be an object, found nothing",
        "{\"transcription\":[{}]}");
  }

  private static void assertRefused(String sentence, String json) {
    TranscriptException refusal = assertThrows(TranscriptException.class, () -> parse(json));
    assertEquals(sentence, refusal.getMessage());
  }

  @Test
  void whatIsNoJsonIsRefusedWithItsPlace() {
    for (String json : List.of("", "{\"segments\":[", "{\"a\":1,\"a\":2}", "[] []", "\u0000")) {
      TranscriptException refusal = assertThrows(TranscriptException.class, () -> parse(json));
      assertEquals("t.json: ", refusal.getMessage().substring(0, 8));
    }
  }
}
