package dev.diarist.tests.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.diarist.cli.Main;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The full model on excerpts of AMI, judged by their reference. Its embedding has made-up weights,
 * so that most of the error is confusion.
 */
@Tag("long")
class AmiEvaluationTest {
  /** A frame more or less at some boundary. */
  private static final double TOLERANCE_SECONDS = 0.05;

  @Test
  void theDevelopmentExcerptsAreJudgedAsRecorded() throws IOException {
    Path data = GoldenCases.shared().resolve("data/ami-debug/database.yml");
    assumeTrue(
        Files.exists(data),
        "skipped: no shared data (diarist.shared=" + GoldenCases.shared() + ")");
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code =
        Main.run(
            new String[] {
              "evaluate",
              data + ":Debug.SpeakerDiarization.Debug.development",
              "--model=" + GoldenCases.golden().resolve("models/full"),
              "--format=json"
            },
            new PrintWriter(out),
            new PrintWriter(err));
    assertEquals(0, code, err.toString());
    JsonNode total =
        new ObjectMapper().readTree(out.toString()).path("total").path("diarization error rate");
    assertEquals(45.38, total.path("total").asDouble(), TOLERANCE_SECONDS);
    assertEquals(2.09, total.path("false alarm").asDouble(), TOLERANCE_SECONDS);
    assertEquals(4.02, total.path("missed detection").asDouble(), TOLERANCE_SECONDS);
    assertEquals(13.04, total.path("confusion").asDouble(), TOLERANCE_SECONDS);
  }
}
