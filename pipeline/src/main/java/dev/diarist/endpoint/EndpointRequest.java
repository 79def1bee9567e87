package dev.diarist.endpoint;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.diarist.SpeakerBounds;
import dev.diarist.endpoint.EndpointException.Reason;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What is asked of an endpoint.
 *
 * @param speakers from {@code num_speakers}, {@code min_speakers} and {@code max_speakers}
 */
public record EndpointRequest(Inputs inputs, SpeakerBounds speakers) {
  /** A recording is one string, as long as its caller lets the request become. */
  private static final StreamReadConstraints LIMITS =
      StreamReadConstraints.builder().maxStringLength(Integer.MAX_VALUE).build();

  private static final JsonMapper MAPPER =
      JsonMapper.builder(JsonFactory.builder().streamReadConstraints(LIMITS).build())
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private static final String NUM = "num_speakers";
  private static final String MIN = "min_speakers";
  private static final String MAX = "max_speakers";

  /** The recording. */
  public sealed interface Inputs {
    /** An audio file as it is on disk; not modified. */
    record Bytes(byte[] bytes) implements Inputs {}

    /** An audio file in base64, or the name of one that lies where the handler looks. */
    record Text(String text) implements Inputs {}
  }

  /**
   * The request {@code {"inputs": …, "parameters": {"num_speakers": …, …}}} as JSON.
   *
   * @param json in UTF-8; not modified
   * @throws EndpointException if the request is malformed
   */
  public static EndpointRequest parse(byte[] json) throws EndpointException {
    JsonNode root;
    try {
      root = MAPPER.readTree(json);
    } catch (JsonProcessingException e) {
      throw new EndpointException(
          Reason.MALFORMED_REQUEST, "the request must be JSON: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new EndpointException(
          Reason.MALFORMED_REQUEST, "the request must be JSON: " + e.getMessage(), e);
    }
    if (!root.isObject()) {
      throw new EndpointException(
          Reason.MALFORMED_REQUEST, "the request must be a JSON object, found " + kind(root));
    }
    Map<String, Object> request = new HashMap<>();
    root.properties().forEach(field -> request.put(field.getKey(), value(field.getValue())));
    return of(request);
  }

  /**
   * The same from a map: {@code inputs} is a {@code byte[]} or a string, {@code parameters} a map
   * of integers. Other fields of the request are none of an endpoint's business.
   *
   * <p>As in pyannote, a number of speakers that is null or 0 is not given, and {@code
   * num_speakers} goes before the others.
   *
   * @param request not modified
   * @throws EndpointException if the request is malformed
   */
  public static EndpointRequest of(Map<String, ?> request) throws EndpointException {
    Inputs inputs =
        switch (request.get("inputs")) {
          case byte[] bytes -> new Inputs.Bytes(bytes);
          case String text -> new Inputs.Text(text);
          case null ->
              throw new EndpointException(
                  Reason.INVALID_INPUTS, "inputs must be an audio file, found nothing");
          case Object other ->
              throw new EndpointException(
                  Reason.INVALID_INPUTS, "inputs must be bytes or a string, found " + kind(other));
        };
    return switch (request.get("parameters")) {
      case null -> new EndpointRequest(inputs, SpeakerBounds.AUTO);
      case Map<?, ?> parameters -> new EndpointRequest(inputs, bounds(parameters));
      case Object other ->
          throw new EndpointException(
              Reason.INVALID_PARAMETERS, "parameters must be an object, found " + kind(other));
    };
  }

  private static SpeakerBounds bounds(Map<?, ?> parameters) throws EndpointException {
    List<String> known = List.of(NUM, MIN, MAX);
    for (Object name : parameters.keySet()) {
      if (!known.contains(String.valueOf(name))) {
        throw new EndpointException(
            Reason.INVALID_PARAMETERS,
            "parameters must be among " + String.join(", ", known) + ", found " + brief(name));
      }
    }
    int exactly = speakers(parameters, NUM);
    int min = speakers(parameters, MIN);
    int max = speakers(parameters, MAX);
    try {
      if (exactly > 0) {
        return SpeakerBounds.exactly(exactly);
      }
      return min == 0 && max == 0
          ? SpeakerBounds.AUTO
          : SpeakerBounds.between(Math.max(min, 1), max == 0 ? Integer.MAX_VALUE : max);
    } catch (IllegalArgumentException e) {
      throw new EndpointException(Reason.INVALID_PARAMETERS, e.getMessage(), e);
    }
  }

  /** 0 where the number is not given. */
  private static int speakers(Map<?, ?> parameters, String name) throws EndpointException {
    Object value = parameters.get(name);
    if (value == null) {
      return 0;
    }
    if ((value instanceof Integer || value instanceof Long)
        && ((Number) value).longValue() >= 0
        && ((Number) value).longValue() <= Integer.MAX_VALUE) {
      return ((Number) value).intValue();
    }
    throw new EndpointException(
        Reason.INVALID_PARAMETERS, name + " must be an integer from 0, found " + brief(value));
  }

  /** A plain value for a node: what {@link #of} understands, or something it refuses. */
  private static Object value(JsonNode node) {
    if (node.isTextual()) {
      return node.textValue();
    }
    if (node.isObject()) {
      Map<String, Object> fields = new HashMap<>();
      node.properties().forEach(field -> fields.put(field.getKey(), value(field.getValue())));
      return fields;
    }
    if (node.isNull()) {
      return null;
    }
    return node.isIntegralNumber() && node.canConvertToLong() ? (Object) node.longValue() : node;
  }

  private static String kind(Object value) {
    return switch (value) {
      case JsonNode node when node.isMissingNode() -> "nothing";
      case JsonNode node -> "a JSON " + node.getNodeType().name().toLowerCase(Locale.ROOT);
      case Map<?, ?> map -> "an object";
      case Number number -> "a number";
      case Object other -> "a " + other.getClass().getSimpleName();
    };
  }

  private static String brief(Object value) {
    String text = String.valueOf(value);
    return text.length() <= 40 ? text : text.substring(0, 40) + "…";
  }
}
