package dev.diarist.tests.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.diarist.annotation.Annotation;
import dev.diarist.annotation.Segment;
import dev.diarist.annotation.Track;
import dev.diarist.metric.Comparison;
import dev.diarist.metric.Convention;
import dev.diarist.metric.Metric;
import dev.diarist.metric.Score;
import dev.diarist.metric.Scoring;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A reference, a hypothesis, and what pyannote.metrics made of them. */
public record MetricCase(String name, JsonNode json) {
  /** Sums of a few hundred seconds in other orders differ by some 1e-13. */
  private static final double TOLERANCE = 1e-9;

  private static final Map<String, Metric> METRICS =
      Arrays.stream(Metric.values())
          .collect(
              Collectors.toMap(
                  metric -> metric.metricName().replace(' ', '_'), Function.identity()));

  /** The cases of a file. */
  public static List<MetricCase> in(JsonNode file) {
    List<MetricCase> cases = new ArrayList<>();
    for (JsonNode node : file.required("cases")) {
      cases.add(new MetricCase("case-" + cases.size(), node));
    }
    return cases;
  }

  /** Compares every metric that the case has a recording of. */
  public void check() {
    Scoring scoring =
        new Scoring(
            Convention.PYANNOTE,
            json.required("collar").asDouble(),
            json.required("skip_overlap").asBoolean());
    int compared = 0;
    for (Map.Entry<String, JsonNode> field : json.properties()) {
      Metric metric = METRICS.get(field.getKey());
      if (metric != null) {
        check(metric.score(comparison(), scoring), field.getValue());
        compared++;
      }
    }
    assertTrue(compared >= 6, () -> name + " records too few metrics: " + json);
    Map<String, String> mapping = new LinkedHashMap<>();
    json.required("mapping")
        .properties()
        .forEach(pair -> mapping.put(pair.getKey(), pair.getValue().asText()));
    assertEquals(mapping, comparison().optimalMapping(), name + " mapping");
  }

  private void check(Score score, JsonNode expected) {
    String metric = name + " " + score.metric();
    if (expected.has("error")) {
      // Only the Jaccard error rate without reference speakers: a division by zero.
      assertTrue(
          expected.get("error").asText().startsWith("ZeroDivisionError"), expected::toString);
      assertTrue(Double.isNaN(score.rate()), metric);
      return;
    }
    for (String component : score.metric().components()) {
      assertEquals(
          expected.required(component).asDouble(),
          score.component(component),
          TOLERANCE,
          () -> metric + " " + component);
    }
    String rate =
        score.metric().metricName().replace("greedy ", ""); // pyannote gives both one name
    assertEquals(expected.required(rate).asDouble(), score.rate(), TOLERANCE, metric);
  }

  private Comparison comparison() {
    Optional<List<Segment>> region = Optional.empty();
    if (!json.required("uem").isNull()) {
      List<Segment> segments = new ArrayList<>();
      json.get("uem")
          .forEach(
              node -> segments.add(new Segment(node.get(0).asDouble(), node.get(1).asDouble())));
      region = Optional.of(segments);
    }
    return new Comparison(
        name,
        annotation(json.required("reference")),
        annotation(json.required("hypothesis")),
        region);
  }

  private static Annotation annotation(JsonNode turns) {
    List<Track> tracks = new ArrayList<>();
    for (JsonNode turn : turns) {
      tracks.add(
          new Track(
              new Segment(turn.get(0).asDouble(), turn.get(1).asDouble()),
              Integer.toString(tracks.size()),
              turn.get(2).asText()));
    }
    return Annotation.of(tracks);
  }
}
