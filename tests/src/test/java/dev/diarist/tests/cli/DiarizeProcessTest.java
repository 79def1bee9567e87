package dev.diarist.tests.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher with a real model and a real recording. */
class DiarizeProcessTest {
  private static final Path GOLDEN = Launched.ROOT.resolve("tests/shared/golden");
  private static final Path MODEL = GOLDEN.resolve("models/small");
  private static final Path RECORDING = GOLDEN.resolve("audio/dialogue-synthetic.wav");
  private static final Path RTTM = GOLDEN.resolve("runs/small/dialogue-synthetic/output.rttm");

  @TempDir private Path folder;

  @Test
  void theRttmOnStandardOutputIsTheGoldenOne() throws Exception {
    assertEquals(
        new Launched(0, Files.readString(RTTM), ""),
        Launched.of(RECORDING.toString(), "--model", MODEL.toString()));
  }

  @Test
  void oneBadRecordingDoesNotStopTheOther() throws Exception {
    Path missing = folder.resolve("none.wav");
    assertEquals(
        new Launched(
            1,
            Files.readString(RTTM),
            """
            diarist: %1$s: no such file
            diarist: 1 of 2 recordings failed:
              %1$s: no such file
            """
                .formatted(missing)),
        Launched.of("--model", MODEL.toString(), missing.toString(), RECORDING.toString()));
  }
}
