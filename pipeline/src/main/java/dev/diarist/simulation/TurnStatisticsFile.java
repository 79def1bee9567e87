package dev.diarist.simulation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.diarist.annotation.Annotation;
import dev.diarist.dataset.Dataset;
import dev.diarist.dataset.Recording;
import dev.diarist.weights.StrictYaml;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Statistics of turn-taking as a YAML file, durations in seconds with three decimals. */
public final class TurnStatisticsFile {
  private static final double DECIMALS = 1000;

  private static final Set<String> KEYS =
      Set.of(
          "recordings",
          "speakers",
          "same_share",
          "overlap_share",
          "return_share",
          "backchannels_per_second",
          "turn_seconds",
          "same_pause_seconds",
          "other_pause_seconds",
          "overlap_seconds",
          "backchannel_seconds");

  private TurnStatisticsFile() {}

  /**
   * The statistics that a file of them holds, or those of a data set.
   *
   * @param name a file that ends in {@code .yml} or {@code .yaml}, or what {@link Dataset#open}
   *     takes
   * @throws IOException if they cannot be read, or nobody takes the floor from anybody
   */
  public static TurnStatistics open(String name) throws IOException {
    String lower = name.toLowerCase(Locale.ROOT);
    if (lower.endsWith(".yml") || lower.endsWith(".yaml")) {
      return read(Path.of(name));
    }
    List<Annotation> annotations =
        Dataset.open(name).recordings().stream().map(Recording::annotation).toList();
    try {
      return TurnStatistics.of(annotations);
    } catch (IllegalArgumentException e) {
      throw new SimulationException(name + ": " + e.getMessage(), e);
    }
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws IOException if the file is no such file; names it and the entry
   */
  public static TurnStatistics read(Path file) throws IOException {
    JsonNode root = StrictYaml.read(file);
    for (Map.Entry<String, JsonNode> entry : root.properties()) {
      if (!KEYS.contains(entry.getKey())) {
        throw new SimulationException(
            "%s: statistics of turn-taking have no entry %s".formatted(file, entry.getKey()));
      }
    }
    try {
      return new TurnStatistics(
          (int) number(root, "recordings"),
          speakers(root.path("speakers")),
          distribution(root, "turn_seconds"),
          distribution(root, "same_pause_seconds"),
          distribution(root, "other_pause_seconds"),
          distribution(root, "overlap_seconds"),
          distribution(root, "backchannel_seconds"),
          number(root, "same_share"),
          number(root, "overlap_share"),
          number(root, "return_share"),
          number(root, "backchannels_per_second"));
    } catch (IllegalArgumentException e) {
      throw new SimulationException(file + ": " + e.getMessage(), e);
    }
  }

  private static double number(JsonNode root, String name) {
    JsonNode value = root.path(name);
    if (!value.isNumber()) {
      throw new IllegalArgumentException(
          name + " must be a number, found " + (value.isMissingNode() ? "nothing" : value));
    }
    return value.asDouble();
  }

  private static SortedMap<Integer, Integer> speakers(JsonNode node) {
    SortedMap<Integer, Integer> speakers = new TreeMap<>();
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      int count = Integer.parseInt(entry.getKey()); // says itself what it cannot read
      speakers.put(count, (int) number(node, entry.getKey()));
    }
    return speakers;
  }

  private static Distribution distribution(JsonNode root, String name) {
    List<Double> quantiles = new ArrayList<>();
    for (JsonNode value : root.path(name)) {
      if (!value.isNumber()) {
        throw new IllegalArgumentException(name + " must hold numbers, found " + value);
      }
      quantiles.add(value.asDouble());
    }
    try {
      return new Distribution(quantiles);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(name + ": " + e.getMessage(), e);
    }
  }

  /** Writes statistics; a file of that name is replaced. */
  public static void write(TurnStatistics statistics, Path file) throws IOException {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("recordings", statistics.recordings());
    ObjectNode speakers = root.putObject("speakers");
    statistics.speakers().forEach((count, many) -> speakers.put(count.toString(), many));
    root.put("same_share", statistics.sameShare());
    root.put("overlap_share", statistics.overlapShare());
    root.put("return_share", statistics.returnShare());
    root.put("backchannels_per_second", statistics.backchannelsPerSecond());
    put(root.putArray("turn_seconds"), statistics.turnSeconds());
    put(root.putArray("same_pause_seconds"), statistics.samePauseSeconds());
    put(root.putArray("other_pause_seconds"), statistics.otherPauseSeconds());
    put(root.putArray("overlap_seconds"), statistics.overlapSeconds());
    put(root.putArray("backchannel_seconds"), statistics.backchannelSeconds());
    Files.writeString(file, StrictYaml.write(root));
  }

  private static void put(ArrayNode array, Distribution distribution) {
    for (double seconds : distribution.quantiles()) {
      array.add(Math.round(seconds * DECIMALS) / DECIMALS);
    }
  }
}
