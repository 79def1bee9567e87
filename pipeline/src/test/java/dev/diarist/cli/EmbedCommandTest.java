package dev.diarist.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.diarist.SmallModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbedCommandTest {
  @TempDir private Path folder;

  private static CommandLineRun run(String... args) {
    return CommandLineRun.of(new FixedRecognizer(), args);
  }

  @Test
  void aRecordingHasOneEmbeddingInEitherFormat() throws IOException {
    String recording = SmallModel.RECORDING.toString();
    String model = "--model=" + SmallModel.FOLDER;
    CommandLineRun run = run("embed", recording, model);
    assertEquals(0, run.code(), run.err());
    JsonNode json = new ObjectMapper().readTree(run.out());
    assertEquals("dialogue-synthetic", json.path("uri").asText());
    assertEquals(256, json.path("embedding").size());
    assertEquals(2.1797295, json.path("embedding").path(7).doubleValue(), 3e-4);

    Path file = folder.resolve("e.npy");
    Path checkpoint = SmallModel.FOLDER.resolve("embedding/pytorch_model.bin");
    assertEquals(
        new CommandLineRun(0, "", ""),
        run("embed", recording, "--model=" + checkpoint, "--output=" + file));
    assertEquals(128 + 4 * 256, Files.size(file));
  }

  @Test
  void wrongCallsAreAnsweredBeforeAnyWork() {
    String[][] wrong = {
      {"embed", "a.wav"},
      {"embed", "a.wav", "--model=m", "--format=npy"},
    };
    String[] sentences = {"a model is needed", "--format npy needs a file"};
    for (int i = 0; i < wrong.length; i++) {
      CommandLineRun run = run(wrong[i]);
      assertEquals(2, run.code());
      assertTrue(run.err().contains(sentences[i]), run.err());
    }
  }
}
