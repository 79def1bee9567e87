package dev.diarist.weights;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import dev.diarist.nn.weights.WeightsException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * YAML as plain data: no tags, no aliases, no key twice, one document, a bounded size and depth.
 */
public final class StrictYaml {
  /** The published configurations have 1,000. */
  private static final int MAX_BYTES = 100_000;

  private static final int MAX_DEPTH = 20;
  private static final int MAX_TOKENS = 20_000;

  private static final YAMLMapper MAPPER = mapper();

  private StrictYaml() {}

  /**
   * @throws WeightsException if the file is missing, too large, or not YAML of this kind
   */
  public static JsonNode read(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new WeightsException(file + ": the file is missing");
    }
    if (Files.size(file) > MAX_BYTES) {
      throw new WeightsException(
          "%s: must have at most %d bytes, has %d".formatted(file, MAX_BYTES, Files.size(file)));
    }
    String text = text(file);
    try {
      checkPlain(file, text);
      return MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      throw new WeightsException(
          "%s: not readable as YAML: %s".formatted(file, e.getOriginalMessage()), e);
    }
  }

  public static String write(JsonNode value) throws IOException {
    return MAPPER.writeValueAsString(value);
  }

  private static String text(Path file) throws IOException {
    try {
      byte[] utf8 = Files.readAllBytes(file);
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
    } catch (CharacterCodingException e) {
      throw new WeightsException(file + ": not valid UTF-8", e);
    }
  }

  /** Jackson would take an alias for text and pass over a tag; neither is plain data. */
  private static void checkPlain(Path file, String text) throws IOException {
    try (YAMLParser parser = MAPPER.getFactory().createParser(text)) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        String found =
            parser.isCurrentAlias() ? "an alias" : parser.getTypeId() != null ? "a tag" : null;
        if (found != null) {
          throw new WeightsException(
              "%s: line %d: must be plain YAML without aliases and tags, found %s"
                  .formatted(file, parser.currentTokenLocation().getLineNr(), found));
        }
      }
    }
  }

  private static YAMLMapper mapper() {
    YAMLFactory factory =
        YAMLFactory.builder()
            .streamReadConstraints(
                StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxTokenCount(MAX_TOKENS)
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
            .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
            .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
            .build();
    YAMLMapper mapper = new YAMLMapper(factory);
    mapper.enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    return mapper;
  }
}
