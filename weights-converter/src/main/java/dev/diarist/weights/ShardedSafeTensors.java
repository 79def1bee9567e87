package dev.diarist.weights;

import com.fasterxml.jackson.databind.JsonNode;
import dev.diarist.nn.weights.SafeTensors;
import dev.diarist.nn.weights.Tensor;
import dev.diarist.nn.weights.Weights;
import dev.diarist.nn.weights.WeightsException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Weights in several safetensors files, with an index that says which tensor is where.
 *
 * <p>Source: {@code model.safetensors.index.json} of Hugging Face transformers.
 */
final class ShardedSafeTensors {
  private static final int MAX_SHARDS = 1_000;

  private ShardedSafeTensors() {}

  /**
   * @throws WeightsException if the index is none, names a file outside its folder, or does not
   *     list exactly what the files hold
   */
  static Weights read(Path index) throws IOException {
    JsonNode places = StrictJson.read(index).path("weight_map");
    if (!places.isObject() || places.isEmpty()) {
      throw new WeightsException(index + ": an index of shards must hold a weight_map of names");
    }
    Map<String, Weights> shards = new HashMap<>();
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> place : places.properties()) {
      String file = place.getValue().textValue();
      if (file == null || !file.matches("[A-Za-z0-9_][A-Za-z0-9._-]*")) {
        throw new WeightsException(
            "%s: tensor '%s': must lie in a file beside the index, found %s"
                .formatted(index, place.getKey(), place.getValue()));
      }
      if (!shards.containsKey(file)) {
        if (shards.size() == MAX_SHARDS) {
          throw new WeightsException("%s: must name at most %d files".formatted(index, MAX_SHARDS));
        }
        shards.put(file, SafeTensors.read(index.resolveSibling(file)));
      }
      if (!shards.get(file).contains(place.getKey())) {
        throw new WeightsException(
            "%s: tensor '%s' is not in %s".formatted(index, place.getKey(), file));
      }
      tensors.put(place.getKey(), shards.get(file).tensor(place.getKey()));
    }
    for (Map.Entry<String, Weights> shard : shards.entrySet()) {
      for (String name : shard.getValue().names()) {
        if (!shard.getKey().equals(places.path(name).textValue())) {
          throw new WeightsException(
              "%s: tensor '%s' of %s is not in the index".formatted(index, name, shard.getKey()));
        }
      }
    }
    return Weights.of(tensors, shards.values().iterator().next().metadata());
  }
}
