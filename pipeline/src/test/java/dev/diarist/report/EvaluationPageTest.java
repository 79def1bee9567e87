package dev.diarist.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.diarist.annotation.Annotation;
import dev.diarist.annotation.Segment;
import dev.diarist.annotation.Track;
import dev.diarist.dataset.AudioLocation;
import dev.diarist.dataset.Dataset;
import dev.diarist.dataset.Recording;
import dev.diarist.metric.Comparison;
import dev.diarist.metric.Evaluation;
import dev.diarist.metric.Metric;
import dev.diarist.metric.Scoring;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class EvaluationPageTest {

  private static Track turn(double start, double end, String label) {
    return new Track(new Segment(start, end), start + label, label);
  }

  private static String page(String uri, String speaker, Map<String, URI> audio)
      throws IOException {
    Comparison comparison =
        new Comparison(
            uri,
            Annotation.of(List.of(turn(0, 4, speaker), turn(4, 10, "B"))),
            Annotation.of(List.of(turn(0, 5, "x"), turn(12, 20, "y"))),
            Optional.empty());
    Evaluation evaluation =
        Evaluation.of(List.of(comparison), List.of(Metric.DIARIZATION_ERROR_RATE), Scoring.DEFAULT);
    StringBuilder html = new StringBuilder();
    EvaluationFormat.HTML.write(
        EvaluationReport.of("title", evaluation, audio, Optional.empty()), html);
    return html.toString();
  }

  private static long count(String html, String regex) {
    return Pattern.compile(regex).matcher(html).results().count();
  }

  @Test
  void everySpeakerHasALaneAndEveryErrorABlock() throws IOException {
    String html = page("file", "A", Map.of());
    assertEquals(2, count(html, "<div class=\"lane reference\">"));
    assertEquals(2, count(html, "<div class=\"lane hypothesis\">"));
    assertEquals(3, count(html, "<div class=\"lane error\">"));
    assertTrue(html.contains("left:0.0000%;width:20.0000%\" title=\"A, 0.000 to 4.000 s\""), html);
    // x is A, so that its fifth second is confusion; B is missed; y is nobody and a false alarm.
    assertEquals(1, count(html, "<i class=\"confusion\" style"));
    assertEquals(1, count(html, "<i class=\"missed\" style"));
    assertEquals(1, count(html, "<i class=\"false_alarm\" style"));
    assertEquals(1, count(html, "<i class=\"nobody\" style"));
    assertEquals(2, count(html, "<i style=\"background:#1f77b4;"), "A and x have one colour");
  }

  @Test
  void hostileNamesStayText() throws IOException {
    String html =
        page("</title><script>alert(1)</script>", "\"><img src=x onerror='1'>&", Map.of());
    assertFalse(html.contains("<script>alert"), html);
    assertFalse(html.contains("<img"), html);
    assertTrue(html.contains("&quot;&gt;&lt;img src=x onerror=&#39;1&#39;&gt;&amp;"), html);
  }

  @Test
  void nothingIsLoadedFromElsewhere() throws IOException {
    String html = page("file", "A", Map.of());
    assertEquals(0, count(html, "https?:|<link|@import|src="));
    assertTrue(html.contains("default-src 'none'"), html);
  }

  @Test
  void theRecordingIsLinkedFromWhereThePageIs() throws IOException {
    Recording recording = recording("trñ 00", "data/audio/trñ 00.wav");
    Dataset dataset = new Dataset("d", List.of(recording));
    Map<String, URI> links = AudioLinks.from(Path.of("data/reports/page.html"), dataset);
    assertTrue(
        page("trñ 00", "A", links).contains("src=\"../audio/tr%C3%B1%2000.wav\""), links::toString);
    assertEquals(
        "data/audio/tr%C3%B1%2000.wav",
        AudioLinks.from(null, dataset).get("trñ 00").toASCIIString());
  }

  @Test
  void aColonInANameIsNoScheme() {
    Dataset dataset =
        new Dataset(
            "d", List.of(recording("12:30.wav", "12:30.wav"), recording("a", "call:1/a.wav")));
    Map<String, URI> links = AudioLinks.from(null, dataset);
    assertEquals("./12:30.wav", links.get("12:30.wav").toString());
    assertEquals("./call:1/a.wav", links.get("a").toString());
  }

  private static Recording recording(String uri, String file) {
    return new Recording(
        uri,
        Optional.of(new AudioLocation.InFile(Path.of(file))),
        Annotation.of(List.of()),
        Optional.empty());
  }
}
