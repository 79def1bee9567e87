package dev.diarist.weights.torch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.diarist.weights.pickle.Kind;
import dev.diarist.weights.pickle.PickledObject;
import dev.diarist.weights.pickle.Tuple;
import java.util.List;
import java.util.Map;

/** Writes unpickled values as JSON; bounded, since they may be shared or contain themselves. */
final class PickleJson {
  private static final int MAX_DEPTH = 32;
  private static final int MAX_VALUES = 100_000;
  private static final int MAX_CHARACTERS = 1_000_000;

  /** Values 0 to 4 of the enum. Source: pyannote/audio/core/task.py. */
  static final List<String> PROBLEMS =
      List.of(
          "BINARY_CLASSIFICATION",
          "MONO_LABEL_CLASSIFICATION",
          "MULTI_LABEL_CLASSIFICATION",
          "REPRESENTATION",
          "REGRESSION");

  /** Values 1 and 2 of the enum. Source: pyannote/audio/core/task.py. */
  static final List<String> RESOLUTIONS = List.of("FRAME", "CHUNK");

  /**
   * What pyannote declares; a pickle may also carry values it computed from these.
   *
   * <p>Source: {@code Specifications} in pyannote/audio/core/task.py.
   */
  private static final List<String> SPECIFICATION_FIELDS =
      List.of(
          "problem",
          "resolution",
          "duration",
          "min_duration",
          "warm_up",
          "classes",
          "powerset_max_classes",
          "permutation_invariant");

  private final JsonNodeFactory json = JsonNodeFactory.instance;
  private int values;
  private long characters;

  private PickleJson() {}

  /**
   * @throws IllegalArgumentException if a value has no form in JSON or there is too much of it; the
   *     message says which
   */
  static String write(Object value) {
    return new PickleJson().node(value, 0).toString();
  }

  private JsonNode node(Object value, int depth) {
    if (depth > MAX_DEPTH || ++values > MAX_VALUES) {
      throw new IllegalArgumentException(
          "it must nest at most %d deep and hold at most %d values"
              .formatted(MAX_DEPTH, MAX_VALUES));
    }
    return switch (value) {
      case null -> json.nullNode();
      case Boolean b -> json.booleanNode(b);
      case Long l -> json.numberNode(l);
      case Double d -> json.numberNode(d);
      case String text -> json.textNode(counted(text));
      case Tuple tuple -> array(tuple.items(), depth);
      case List<?> list -> array(list, depth);
      case Map<?, ?> map -> object(map, depth);
      case PickledObject object -> object(object, depth);
      default ->
          throw new IllegalArgumentException("it must hold plain values, found " + Kind.of(value));
    };
  }

  /** Text may be shared, so that a short pickle would make a long JSON. */
  private String counted(String text) {
    characters += text.length();
    if (characters > MAX_CHARACTERS) {
      throw new IllegalArgumentException(
          "it must hold at most %d characters".formatted(MAX_CHARACTERS));
    }
    return text;
  }

  private JsonNode array(List<?> items, int depth) {
    ArrayNode array = json.arrayNode();
    for (Object item : items) {
      array.add(node(item, depth + 1));
    }
    return array;
  }

  private ObjectNode object(Map<?, ?> map, int depth) {
    ObjectNode object = json.objectNode();
    map.forEach((key, value) -> object.set(counted(String.valueOf(key)), node(value, depth + 1)));
    return object;
  }

  private JsonNode object(PickledObject object, int depth) {
    return switch (object.type()) {
      case TorchGlobals.PROBLEM -> constant(object, PROBLEMS, 0);
      case TorchGlobals.RESOLUTION -> constant(object, RESOLUTIONS, 1);
      case TorchGlobals.SPECIFICATIONS ->
          object(object.state(), depth).retain(SPECIFICATION_FIELDS);
      default -> object(object.state(), depth);
    };
  }

  private JsonNode constant(PickledObject object, List<String> names, int first) {
    if (object.arguments().size() == 1
        && object.arguments().getFirst() instanceof Long number
        && number >= first
        && number < first + names.size()) {
      return json.textNode(names.get((int) (number - first)));
    }
    throw new IllegalArgumentException(
        "an unknown value of %s; known are %s".formatted(object.type(), names));
  }
}
