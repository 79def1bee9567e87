package dev.diarist.weights.torch;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.diarist.weights.pickle.PythonValue;
import dev.diarist.weights.pickle.PythonValue.Call;
import dev.diarist.weights.pickle.PythonValue.Instance;
import dev.diarist.weights.pickle.PythonValue.Name;
import dev.diarist.weights.pickle.Tuple;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The way back from {@link PickleJson}: metadata in JSON as values to be pickled. */
final class JsonPickle {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** The one field of specifications that is a tuple in Python. */
  private static final String WARM_UP = "warm_up";

  private JsonPickle() {}

  /**
   * A dictionary from a JSON object; lists stay lists.
   *
   * @throws IllegalArgumentException if the text is no JSON object
   */
  static Map<String, Object> dictionary(String json) {
    Map<String, Object> dictionary = new LinkedHashMap<>();
    object(json).properties().forEach(e -> dictionary.put(e.getKey(), value(e.getValue())));
    return dictionary;
  }

  /**
   * An instance of pyannote's {@code Specifications} from its fields.
   *
   * @throws IllegalArgumentException if the text is no JSON object, or problem or resolution is
   *     none of pyannote's
   */
  static PythonValue specifications(String json) {
    Map<String, Object> fields = dictionary(json);
    fields.computeIfPresent(
        "problem", (_, name) -> constant(TorchGlobals.PROBLEM, PickleJson.PROBLEMS, 0, name));
    fields.computeIfPresent(
        "resolution",
        (_, name) -> constant(TorchGlobals.RESOLUTION, PickleJson.RESOLUTIONS, 1, name));
    fields.computeIfPresent(
        WARM_UP,
        (_, value) -> value instanceof List<?> pair ? new Tuple(new ArrayList<>(pair)) : value);
    return new Instance(name(TorchGlobals.SPECIFICATIONS), fields);
  }

  private static JsonNode object(String json) {
    try {
      JsonNode root = JSON.readTree(json);
      if (root.isObject()) {
        return root;
      }
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("must be JSON: " + e.getOriginalMessage(), e);
    }
    throw new IllegalArgumentException("must be a JSON object, found " + json);
  }

  private static Object value(JsonNode node) {
    return switch (node.getNodeType()) {
      case NULL -> null;
      case BOOLEAN -> node.booleanValue();
      case STRING -> node.textValue();
      case NUMBER -> number(node);
      case ARRAY -> {
        List<Object> items = new ArrayList<>();
        node.forEach(item -> items.add(value(item)));
        yield items;
      }
      case OBJECT -> {
        Map<String, Object> map = new LinkedHashMap<>();
        node.properties().forEach(e -> map.put(e.getKey(), value(e.getValue())));
        yield map;
      }
      case MISSING, BINARY, POJO -> throw new IllegalStateException("JSON text has no such node");
    };
  }

  private static Object number(JsonNode number) {
    if (number.isFloatingPointNumber()) {
      return number.doubleValue();
    }
    if (number.canConvertToLong()) {
      return number.longValue();
    }
    throw new IllegalArgumentException("integers must fit 8 bytes, found " + number);
  }

  private static Call constant(String type, List<String> names, int first, Object name) {
    if (!(name instanceof String known && names.contains(known))) {
      throw new IllegalArgumentException(
          "%s must be one of %s, found %s".formatted(type, names, name));
    }
    return new Call(name(type), List.of(first + names.indexOf(known)));
  }

  private static Name name(String path) {
    int dot = path.lastIndexOf('.');
    return new Name(path.substring(0, dot), path.substring(dot + 1));
  }
}
