package dev.diarist.weights;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.diarist.nn.model.PyanNet;
import dev.diarist.nn.weights.WeightsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The {@code config.json} of a diarizers repository, which says of a segmentation network what
 * pyannote keeps in its specifications.
 *
 * <p>Source: {@code SegmentationModelConfig} of Hugging Face diarizers.
 *
 * @param chunkSeconds length of the chunks
 * @param speakers local speakers of a chunk, at most
 * @param simultaneous of them in a frame, at most
 */
record DiarizersConfig(double chunkSeconds, int speakers, int simultaneous) {
  static final String FILE = "config.json";
  static final String MODEL_TYPE = "pyannet";

  /** Bounds of what a file may say; the published ones have 3 and 4 speakers. */
  private static final int MAX_SPEAKERS = 8;

  /**
   * @throws IllegalArgumentException if the network has no class for each set of speakers, without
   *     which diarizers cannot describe it
   */
  static DiarizersConfig of(PyanNet network) {
    return new DiarizersConfig(
        network.chunkSeconds(),
        network.powerset().speakers(),
        network.powerset().maxSimultaneous());
  }

  /**
   * The configuration in a folder; empty if there is none, or it is that of something else.
   *
   * @throws WeightsException if it is one and holds other values than it must
   */
  static Optional<DiarizersConfig> in(Path folder) throws IOException {
    Path file = folder.resolve(FILE);
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    JsonNode config = StrictJson.read(file);
    if (!MODEL_TYPE.equals(config.path("model_type").textValue())) {
      return Optional.empty();
    }
    JsonNode seconds = config.path("chunk_duration");
    if (!seconds.isNumber()) {
      throw new WeightsException(file + ": chunk_duration must be a number, found " + seconds);
    }
    return Optional.of(
        new DiarizersConfig(
            seconds.doubleValue(),
            speakers(file, config, "max_speakers_per_chunk"),
            speakers(file, config, "max_speakers_per_frame")));
  }

  private static int speakers(Path file, JsonNode config, String field) throws WeightsException {
    JsonNode value = config.path(field);
    if (!value.isInt() || value.intValue() < 1 || value.intValue() > MAX_SPEAKERS) {
      throw new WeightsException(
          "%s: %s must be an integer from 1 to %d, found %s"
              .formatted(file, field, MAX_SPEAKERS, value.isMissingNode() ? "nothing" : value));
    }
    return value.intValue();
  }

  /** The same in pyannote's terms, as JSON. */
  String specifications() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("problem", "MONO_LABEL_CLASSIFICATION").put("resolution", "FRAME");
    json.put("duration", chunkSeconds).putNull("min_duration");
    json.putArray("warm_up").add(0.0).add(0.0);
    ArrayNode classes = json.putArray("classes");
    for (int speaker = 1; speaker <= speakers; speaker++) {
      classes.add("speaker#" + speaker);
    }
    json.put("powerset_max_classes", simultaneous).put("permutation_invariant", true);
    return json.toString();
  }

  /**
   * Writes the file as diarizers reads it.
   *
   * @param file to be replaced
   */
  void write(Path file) throws IOException {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.putArray("architectures").add("SegmentationModel");
    if (chunkSeconds == Math.rint(chunkSeconds)) {
      json.put("chunk_duration", (long) chunkSeconds);
    } else {
      json.put("chunk_duration", chunkSeconds);
    }
    json.put("max_speakers_per_chunk", speakers).put("max_speakers_per_frame", simultaneous);
    json.putNull("min_duration").put("model_type", MODEL_TYPE).put("torch_dtype", "float32");
    json.putArray("warm_up").add(0.0).add(0.0);
    json.put("weigh_by_cardinality", false);
    Files.writeString(file, StrictJson.write(json));
  }
}
