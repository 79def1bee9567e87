package dev.diarist.nn.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.diarist.nn.weights.Weights;

/**
 * What a checkpoint says of its network beyond the tensors: JSON texts in the weights' metadata.
 */
final class HyperParameters {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final JsonNode root;

  private HyperParameters(JsonNode root) {
    this.root = root;
  }

  /**
   * The JSON text under {@code key}; empty if there is none.
   *
   * @throws IllegalArgumentException if the text is not JSON
   */
  static HyperParameters of(Weights weights, String key) {
    String text = weights.metadata().getOrDefault(key, "{}");
    try {
      return new HyperParameters(JSON.readTree(text));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "metadata " + key + " must be JSON, got " + text + ": " + e.getOriginalMessage(), e);
    }
  }

  /**
   * The integer at a path such as {@code /sincnet/stride}, or {@code otherwise} where it is absent.
   */
  int integer(String path, int otherwise) {
    double number = number(path, otherwise);
    if (number != (int) number) {
      throw new IllegalArgumentException(
          "hyper-parameter " + path + " must be an integer, got " + number);
    }
    return (int) number;
  }

  /**
   * Checks what is computed in one way only.
   *
   * @throws IllegalArgumentException if the value at a path is there and another one
   */
  void require(String path, JsonNode only) {
    JsonNode value = root.at(path);
    boolean same =
        only.isNumber()
            ? value.isNumber() && value.doubleValue() == only.doubleValue()
            : value.equals(only);
    if (!value.isMissingNode() && !value.isNull() && !same) {
      throw new IllegalArgumentException(
          "hyper-parameter " + path + " must be " + only + ", got " + value);
    }
  }

  double number(String path, double otherwise) {
    JsonNode value = root.at(path);
    if (value.isMissingNode() || value.isNull()) {
      return otherwise;
    }
    if (!value.isNumber()) {
      throw new IllegalArgumentException("hyper-parameter " + path + " must be a number: " + value);
    }
    return value.doubleValue();
  }

  /** The text at a path, or {@code otherwise} where there is none. */
  String text(String path, String otherwise) {
    JsonNode value = root.at(path);
    return value.isTextual() ? value.textValue() : otherwise;
  }

  /** The length of the list at a path, or {@code otherwise} where it is absent. */
  int length(String path, int otherwise) {
    JsonNode value = root.at(path);
    return value.isArray() ? value.size() : otherwise;
  }
}
