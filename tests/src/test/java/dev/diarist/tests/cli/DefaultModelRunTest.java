package dev.diarist.tests.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.diarist.Diarization;
import dev.diarist.Diarizer;
import dev.diarist.annotation.Rttm;
import dev.diarist.weights.DefaultModel;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The weights that come with Diarist. */
class DefaultModelRunTest {
  private static final Path SAMPLE =
      Launched.ROOT.resolve("tests/shared/golden/audio/dialogue-synthetic.wav");

  private static final long MOST_BYTES = 8_000_000;

  /** Recorded by tests/runs/default_model.py, which says how. */
  @Test
  void theAnswerOfTheDefaultModelIsThatOfPyannote() throws Exception {
    StringBuilder rttm = new StringBuilder();
    try (Diarizer diarizer = Diarizer.open();
        InputStream recorded =
            DefaultModelRunTest.class.getResourceAsStream("default-model.rttm")) {
      Diarization diarization = diarizer.diarize(SAMPLE);
      Rttm.write(diarization.turns(), diarization.uri(), rttm);
      String expected = new String(recorded.readAllBytes(), StandardCharsets.UTF_8);
      assertEquals(expected, rttm.toString());
    }
  }

  @Test
  void theDefaultModelIsSmall() throws Exception {
    long bytes = 0;
    try (Stream<Path> files = Files.list(DefaultModel.folder())) {
      for (Path file : files.toList()) {
        bytes += Files.size(file);
      }
    }
    assertTrue(bytes > 0 && bytes <= MOST_BYTES, bytes + " bytes");
  }
}
