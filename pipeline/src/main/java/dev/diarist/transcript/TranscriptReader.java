package dev.diarist.transcript;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Finds the passages and words of the kinds of JSON that Whisper and its relatives write. */
final class TranscriptReader {
  /** Keeps what it reads as it is: digits, order, and the NaN that Python writes. */
  static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .disable(JsonWriteFeature.WRITE_NAN_AS_STRINGS)
          .build();

  private static final double MILLISECONDS = 1000;

  /** Later is no time of speech, and its milliseconds would not fit in an integer. */
  private static final double MAX_TIME = 1e12;

  private final String name;

  /**
   * @param name of the file, for messages
   */
  TranscriptReader(String name) {
    this.name = name;
  }

  JsonNode parse(byte[] json) throws IOException {
    JsonNode root;
    try {
      root = MAPPER.readTree(json);
    } catch (JsonProcessingException e) {
      String where =
          e.getLocation() == null
              ? ""
              : "line %d, column %d: "
                  .formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr());
      throw new TranscriptException(
          name + ": " + where + "must be JSON: " + e.getOriginalMessage(), e);
    }
    return root;
  }

  /** The passages of a transcript, in its order. */
  List<Passage> passages(JsonNode root) throws TranscriptException {
    if (root.isArray()) {
      return segments(root, "");
    }
    if (root.path("segments").isArray()) {
      return segments(root.get("segments"), "segments");
    }
    if (root.path("transcription").isArray()) {
      return transcription(root.get("transcription"));
    }
    if (root.path("words").isArray()) {
      List<Passage.Word> words = words(root.get("words"), "words");
      String text = root.path("text").asText("");
      return words.isEmpty() ? List.of() : List.of(passage(null, "words", text, words));
    }
    throw error(
        "must be a transcript of Whisper: an array of segments, or an object with segments,"
            + " transcription or words");
  }

  /** Words that are listed beside the segments, as OpenAI's service and whisperX do. */
  List<Passage.Word> looseWords(JsonNode root) throws TranscriptException {
    List<Passage.Word> loose = new ArrayList<>();
    for (String list : List.of("words", "word_segments")) {
      if (root.path("segments").isArray() && root.path(list).isArray()) {
        loose.addAll(words(root.get(list), list));
      }
    }
    return loose;
  }

  private List<Passage> segments(JsonNode segments, String path) throws TranscriptException {
    List<Passage> passages = new ArrayList<>();
    for (int i = 0; i < segments.size(); i++) {
      String at = path + "[" + i + "]";
      ObjectNode segment = object(segments.get(i), at);
      JsonNode words = segment.path("words");
      if (!words.isArray() && !words.isNull() && !words.isMissingNode()) {
        throw error(at + ".words must be an array, found " + brief(words));
      }
      passages.add(
          passage(segment, at, segment.path("text").asText(""), words(words, at + ".words")));
    }
    return passages;
  }

  private Passage passage(ObjectNode node, String at, String text, List<Passage.Word> words)
      throws TranscriptException {
    double start = node == null ? Double.NaN : seconds(node, "start", at);
    double end = node == null ? Double.NaN : seconds(node, "end", at);
    for (Passage.Word word : words) {
      if (word.isTimed() && Double.isNaN(start)) {
        start = word.startSeconds();
      }
    }
    for (Passage.Word word : words.reversed()) {
      if (word.isTimed() && Double.isNaN(end)) {
        end = word.endSeconds();
      }
    }
    if (Double.isNaN(start) || Double.isNaN(end)) {
      throw error(at + " must have a start and an end, or words that have");
    }
    return new Passage(node, start, Math.max(start, end), text, words);
  }

  private List<Passage.Word> words(JsonNode words, String path) throws TranscriptException {
    List<Passage.Word> read = new ArrayList<>();
    for (int i = 0; i < words.size(); i++) {
      String at = path + "[" + i + "]";
      ObjectNode word = object(words.get(i), at);
      double start = seconds(word, "start", at);
      double end = seconds(word, "end", at);
      if (Double.isNaN(start) || Double.isNaN(end)) {
        start = Double.NaN;
        end = Double.NaN;
      }
      String text = word.path("word").asText(word.path("text").asText(""));
      read.add(new Passage.Word(word, start, Math.max(start, end), text));
    }
    return read;
  }

  /** whisper.cpp: milliseconds, in an object of their own. */
  private List<Passage> transcription(JsonNode transcription) throws TranscriptException {
    List<Passage> passages = new ArrayList<>();
    for (int i = 0; i < transcription.size(); i++) {
      String at = "transcription[" + i + "]";
      ObjectNode part = object(transcription.get(i), at);
      ObjectNode offsets = object(part.path("offsets"), at + ".offsets");
      double from = seconds(offsets, "from", at + ".offsets") / MILLISECONDS;
      double to = seconds(offsets, "to", at + ".offsets") / MILLISECONDS;
      if (Double.isNaN(from) || Double.isNaN(to)) {
        throw error(at + ".offsets must have from and to");
      }
      passages.add(
          new Passage(part, from, Math.max(from, to), part.path("text").asText(""), List.of()));
    }
    return passages;
  }

  /** The number of a field; NaN where it is absent or null. */
  private double seconds(ObjectNode node, String field, String at) throws TranscriptException {
    JsonNode value = node.path(field);
    if (value.isMissingNode() || value.isNull()) {
      return Double.NaN;
    }
    double seconds = value.isNumber() ? value.doubleValue() : Double.NaN;
    if (!(seconds >= 0 && seconds <= MAX_TIME)) {
      throw error(
          "%s.%s must be a number from 0 to 1e12, found %s".formatted(at, field, brief(value)));
    }
    return seconds;
  }

  private ObjectNode object(JsonNode node, String at) throws TranscriptException {
    if (node instanceof ObjectNode object) {
      return object;
    }
    throw error(at + " must be an object, found " + brief(node));
  }

  private static String brief(JsonNode node) {
    String text = node.isNumber() ? node.asText() : node.toString(); // NaN would be in quotes
    if (node.isMissingNode()) {
      return "nothing";
    }
    return text.length() <= 40 ? text : text.substring(0, 40) + "…";
  }

  private TranscriptException error(String sentence) {
    return new TranscriptException(name + ": " + sentence);
  }
}
