package dev.diarist.weights;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.diarist.nn.weights.WeightsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The {@code config.yaml} of a speaker diarization pipeline.
 *
 * <p>Settings are one flat map in the order of the file: those of {@code pipeline.params} by their
 * names ({@code clustering}, {@code embedding_exclude_overlap}), those of {@code params} and {@code
 * freeze} by dotted names ({@code clustering.threshold}). Values are Boolean, Long, Double, String
 * or null. Which names and ranges make sense is for the pipeline to say.
 *
 * <p>Source: {@code Pipeline.from_pretrained} in pyannote/audio/core/pipeline.py. Differs: {@code
 * preprocessors}, which name Python classes, and {@code device} are never acted on.
 *
 * @param segmentation reference to the segmentation model: a path in the folder or a name on the
 *     Hugging Face hub
 * @param embedding reference to the embedding model, likewise
 * @param plda reference to the PLDA transforms of a pipeline of 4.x; empty where there are none
 * @param settings not modified
 */
public record PipelineConfig(
    String segmentation, String embedding, Optional<String> plda, Map<String, Object> settings) {
  /** The only pipeline that is run. */
  public static final String PIPELINE_NAME = "pyannote.audio.pipelines.SpeakerDiarization";

  private static final String SCHEMA_VERSION = "3.1.0";

  public PipelineConfig {
    settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
  }

  /** A configuration without PLDA. */
  public PipelineConfig(String segmentation, String embedding, Map<String, Object> settings) {
    this(segmentation, embedding, Optional.empty(), settings);
  }

  /**
   * @throws WeightsException if the file is missing, is not plain YAML, or a field is missing,
   *     unknown or of the wrong type; the message names file and field
   */
  public static PipelineConfig read(Path file) throws IOException {
    return new PipelineConfigReader(file).read();
  }

  /** The same settings with other models. */
  public PipelineConfig withModels(String segmentation, String embedding, Optional<String> plda) {
    return new PipelineConfig(segmentation, embedding, plda, settings);
  }

  /** Writes the configuration in the schema it is read from. */
  public void write(Path file) throws IOException {
    ObjectNode pipelineParams = JsonNodeFactory.instance.objectNode();
    pipelineParams.put("segmentation", segmentation).put("embedding", embedding);
    plda.ifPresent(reference -> pipelineParams.put("plda", reference));
    ObjectNode params = JsonNodeFactory.instance.objectNode();
    for (Map.Entry<String, Object> setting : settings.entrySet()) {
      String name = setting.getKey();
      int dot = name.indexOf('.');
      ObjectNode group =
          dot < 0 ? pipelineParams : params.withObjectProperty(name.substring(0, dot));
      group.set(name.substring(dot + 1), node(name, setting.getValue()));
    }
    ObjectNode config = JsonNodeFactory.instance.objectNode();
    config.put("version", SCHEMA_VERSION);
    ObjectNode pipeline = config.putObject("pipeline");
    pipeline.put("name", PIPELINE_NAME);
    pipeline.set("params", pipelineParams);
    config.set("params", params);
    Files.writeString(file, StrictYaml.write(config));
  }

  private static JsonNode node(String name, Object value) {
    JsonNodeFactory json = JsonNodeFactory.instance;
    return switch (value) {
      case null -> json.nullNode();
      case Boolean b -> json.booleanNode(b);
      case Integer i -> json.numberNode(i);
      case Long l -> json.numberNode(l);
      case Double d -> json.numberNode(d);
      case String text -> json.textNode(text);
      default ->
          throw new IllegalArgumentException(
              "setting %s must be a boolean, a number or text, found %s"
                  .formatted(name, value.getClass().getSimpleName()));
    };
  }
}
