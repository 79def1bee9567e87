package dev.diarist.tuning;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The trials of a study in a file, one JSON object in each line, as soon as they are known: {@code
 * {"study": …}} first, then {@code {"trial": 0, "value": 0.21, "parameters": {…}}}.
 */
public final class TrialLog {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final Path file;
  private final List<Trial> recorded;

  private TrialLog(Path file, List<Trial> recorded) {
    this.file = file;
    this.recorded = recorded;
  }

  /**
   * Begins a study.
   *
   * @param study everything that its trials depend on, in one line
   * @throws IOException if the file exists
   */
  public static TrialLog begin(Path file, String study) throws IOException {
    Files.writeString(
        file,
        MAPPER.createObjectNode().put("study", study) + "\n",
        StandardOpenOption.CREATE_NEW,
        StandardOpenOption.WRITE);
    return new TrialLog(file, List.of());
  }

  /**
   * Goes on with a study. A last line that was cut off is taken away.
   *
   * @throws IOException if the file is none of this study, or damaged
   */
  public static TrialLog resume(Path file, String study) throws IOException {
    String text = Files.readString(file);
    String whole = text.substring(0, text.lastIndexOf('\n') + 1);
    if (!whole.equals(text)) {
      Files.writeString(file, whole);
    }
    List<Trial> trials = new ArrayList<>();
    int line = 0;
    for (String json : whole.lines().toList()) {
      line++;
      JsonNode node = parsed(file, line, json);
      if (line == 1) {
        String recorded = node.path("study").asText();
        if (!recorded.equals(study)) {
          throw new IOException(
              file + ": is a study of its own, " + recorded + "; this one would be " + study);
        }
      } else {
        trials.add(trial(file, line, node));
      }
    }
    if (line == 0) {
      throw new IOException(file + ": must begin with a line that names the study");
    }
    return new TrialLog(file, trials);
  }

  private static JsonNode parsed(Path file, int line, String json) throws IOException {
    try {
      return MAPPER.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IOException(file + ": line " + line + " is no JSON", e);
    }
  }

  private static Trial trial(Path file, int line, JsonNode node) throws IOException {
    if (node.path("trial").asInt(-1) != line - 2 || !node.path("value").isNumber()) {
      throw new IOException(file + ": line " + line + " must be trial " + (line - 2));
    }
    Map<String, String> parameters = new LinkedHashMap<>();
    node.path("parameters")
        .properties()
        .forEach(entry -> parameters.put(entry.getKey(), entry.getValue().asText()));
    return new Trial(line - 2, parameters, node.get("value").asDouble());
  }

  /** The trials that were there when the study went on. */
  List<Trial> recorded() {
    return recorded;
  }

  Path file() {
    return file;
  }

  void append(Trial trial) throws IOException {
    ObjectNode json = MAPPER.createObjectNode();
    json.put("trial", trial.number()).put("value", trial.value());
    ObjectNode parameters = json.putObject("parameters");
    trial.parameters().forEach(parameters::put);
    Files.writeString(file, json + "\n", StandardOpenOption.APPEND);
  }
}
