package dev.diarist.weights;

import com.fasterxml.jackson.databind.JsonNode;
import dev.diarist.nn.weights.WeightsException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Takes a {@code config.yaml} apart, field by field. */
final class PipelineConfigReader {
  private static final Set<String> TOP_FIELDS =
      Set.of("version", "dependencies", "pipeline", "params", "freeze", "preprocessors", "device");
  private static final Set<String> PIPELINE_FIELDS = Set.of("name", "params");
  private static final Set<String> MODELS = Set.of("segmentation", "embedding", "plda");

  private final Path file;
  private final Map<String, Object> settings = new LinkedHashMap<>();

  PipelineConfigReader(Path file) {
    this.file = file;
  }

  PipelineConfig read() throws IOException {
    JsonNode config = StrictYaml.read(file);
    if (!config.isObject()) {
      throw error("the configuration must be a mapping, found " + kind(config));
    }
    checkFields("", config, TOP_FIELDS);
    JsonNode pipeline = mapping(config, "pipeline", "pipeline");
    checkFields("pipeline.", pipeline, PIPELINE_FIELDS);
    String name = text(pipeline, "name", "pipeline.name");
    if (!name.equals(PipelineConfig.PIPELINE_NAME)) {
      throw error(
          "pipeline.name must be %s, found '%s'".formatted(PipelineConfig.PIPELINE_NAME, name));
    }
    JsonNode pipelineParams = mapping(pipeline, "params", "pipeline.params");
    for (Map.Entry<String, JsonNode> entry : pipelineParams.properties()) {
      if (!MODELS.contains(entry.getKey())) {
        addSetting("pipeline.params.", "", entry);
      }
    }
    addGroups("params", mapping(config, "params", "params"));
    if (config.has("freeze")) {
      addGroups("freeze", mapping(config, "freeze", "freeze"));
    }
    return new PipelineConfig(
        text(pipelineParams, "segmentation", "pipeline.params.segmentation"),
        text(pipelineParams, "embedding", "pipeline.params.embedding"),
        pipelineParams.has("plda")
            ? Optional.of(text(pipelineParams, "plda", "pipeline.params.plda"))
            : Optional.empty(),
        settings);
  }

  private void addGroups(String field, JsonNode groups) throws WeightsException {
    for (String group : groups.properties().stream().map(Map.Entry::getKey).toList()) {
      String path = field + "." + group;
      checkName(path, group);
      for (Map.Entry<String, JsonNode> entry : mapping(groups, group, path).properties()) {
        addSetting(path + ".", group + ".", entry);
      }
    }
  }

  private void addSetting(String path, String prefix, Map.Entry<String, JsonNode> entry)
      throws WeightsException {
    String field = path + entry.getKey();
    checkName(field, entry.getKey());
    Object value = value(field, entry.getValue());
    if (settings.containsKey(prefix + entry.getKey())) {
      throw error(field + " is set twice, in params and in freeze");
    }
    settings.put(prefix + entry.getKey(), value);
  }

  private Object value(String field, JsonNode value) throws WeightsException {
    if (value.isNull()) {
      return null;
    }
    if (value.isBoolean()) {
      return value.booleanValue();
    }
    if (value.isIntegralNumber() && value.canConvertToLong()) {
      return value.longValue();
    }
    if (value.isFloatingPointNumber()) {
      return value.doubleValue();
    }
    if (value.isTextual()) {
      return value.textValue();
    }
    throw error("%s must be a boolean, a number or text, found %s".formatted(field, kind(value)));
  }

  private JsonNode mapping(JsonNode parent, String key, String field) throws WeightsException {
    JsonNode value = parent.path(key);
    if (!value.isObject()) {
      throw error("%s must be a mapping, found %s".formatted(field, kind(value)));
    }
    return value;
  }

  private String text(JsonNode parent, String key, String field) throws WeightsException {
    JsonNode value = parent.path(key);
    if (!value.isTextual() || value.textValue().isBlank()) {
      throw error("%s must be text, found %s".formatted(field, kind(value)));
    }
    return value.textValue();
  }

  private void checkFields(String prefix, JsonNode mapping, Set<String> known)
      throws WeightsException {
    for (Map.Entry<String, JsonNode> entry : mapping.properties()) {
      if (!known.contains(entry.getKey())) {
        throw error("unknown field %s%s".formatted(prefix, entry.getKey()));
      }
    }
  }

  /** A dot in a name would make it look like a group's. */
  private void checkName(String field, String name) throws WeightsException {
    if (name.isEmpty() || name.indexOf('.') >= 0) {
      throw error("the name of %s must not be empty or hold a dot".formatted(field));
    }
  }

  private static String kind(JsonNode value) {
    return switch (value.getNodeType()) {
      case MISSING -> "nothing";
      case OBJECT -> "a mapping";
      case ARRAY -> "a list";
      case STRING -> value.textValue().isBlank() ? "empty text" : "text";
      case NUMBER -> "the number " + value;
      case BOOLEAN -> "a boolean";
      default -> "nothing after the colon";
    };
  }

  private WeightsException error(String reason) {
    return new WeightsException(file + ": " + reason);
  }
}
