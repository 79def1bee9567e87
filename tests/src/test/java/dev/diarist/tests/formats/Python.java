package dev.diarist.tests.formats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * The Python that reads files back: {@code python3}, or what the system property {@code
 * diarist.python} names.
 */
final class Python {
  private static final String PROPERTY = "diarist.python";
  private static final String COMMAND = System.getProperty(PROPERTY, "python3");
  private static final int MODULE_MISSING = 77;
  private static final int TIMEOUT_SECONDS = 120;

  private Python() {}

  /** What {@code read_back.py} reads from a file; skips the test where it cannot. */
  static JsonNode read(String format, Path file) throws IOException, InterruptedException {
    Path script = Files.createTempFile("read_back", ".py");
    Path output = Files.createTempFile("read_back", ".json");
    Path errors = Files.createTempFile("read_back", ".txt");
    try {
      try (InputStream source = Python.class.getResourceAsStream("/read_back.py")) {
        Files.write(script, source.readAllBytes());
      }
      Process process =
          start(
              new ProcessBuilder(COMMAND, script.toString(), format, file.toString())
                  .redirectOutput(output.toFile())
                  .redirectError(errors.toFile()));
      boolean ended = process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS);
      if (!ended) {
        process.destroyForcibly();
      }
      assertTrue(ended, COMMAND + " took longer than " + TIMEOUT_SECONDS + " s");
      String text = Files.readString(output);
      if (process.exitValue() == MODULE_MISSING) {
        abort("skipped: " + text.strip() + " (" + PROPERTY + "=" + COMMAND + ")");
      }
      assertEquals(0, process.exitValue(), text + Files.readString(errors));
      return new ObjectMapper().readTree(text.getBytes(StandardCharsets.UTF_8));
    } finally {
      Files.delete(script);
      Files.delete(output);
      Files.delete(errors);
    }
  }

  private static Process start(ProcessBuilder builder) {
    try {
      return builder.start();
    } catch (IOException e) {
      return abort("skipped: no Python (" + PROPERTY + "=" + COMMAND + "): " + e.getMessage());
    }
  }
}
