package dev.diarist.weights;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.diarist.nn.weights.WeightsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** JSON files of a bounded size and depth, with no key twice. */
final class StrictJson {
  private static final long MAX_BYTES = 8_000_000;
  private static final int MAX_DEPTH = 20;
  private static final long MAX_TOKENS = 400_000;

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(MAX_DEPTH)
                          .maxTokenCount(MAX_TOKENS)
                          .build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private StrictJson() {}

  /**
   * @throws WeightsException if the file is too large or not JSON of this kind
   */
  static JsonNode read(Path file) throws IOException {
    if (Files.size(file) > MAX_BYTES) {
      throw new WeightsException(
          "%s: must have at most %d bytes, has %d".formatted(file, MAX_BYTES, Files.size(file)));
    }
    try {
      return MAPPER.readTree(Files.readAllBytes(file));
    } catch (JsonProcessingException e) {
      throw new WeightsException(
          "%s: not readable as JSON: %s".formatted(file, e.getOriginalMessage()), e);
    }
  }

  /** Pretty-printed, with a line feed at the end. */
  static String write(JsonNode value) throws IOException {
    return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(value) + "\n";
  }
}
