package dev.diarist.tests.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import dev.diarist.StageListener;
import dev.diarist.Turn;
import dev.diarist.annotation.Annotation;
import dev.diarist.audio.AudioFiles;
import dev.diarist.audio.AudioSource;
import dev.diarist.regions.Region;
import dev.diarist.regions.RegionDetector;
import dev.diarist.regions.Thresholds;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/**
 * Voice activity and overlapped speech, from audio file and checkpoint to regions, against
 * pyannote: every bit of every boundary.
 */
@Tag("long")
class RegionsGoldenTest {
  private static final String KIND = "regions";
  private static final Map<String, Region> REGIONS =
      Map.of(
          "voice-activity-detection", Region.SPEECH, "overlapped-speech-detection", Region.OVERLAP);

  private static final Map<Path, RegionDetector> DETECTORS = new HashMap<>();

  @AfterAll
  static void close() {
    DETECTORS.values().forEach(RegionDetector::close);
  }

  @TestFactory
  List<DynamicTest> regionsAreThoseOfPyannote() throws IOException {
    if (!GoldenCases.present()) {
      return List.of(GoldenCases.skipped(KIND));
    }
    List<DynamicTest> tests = new ArrayList<>();
    for (GoldenCase golden : GoldenCases.flat(KIND)) {
      tests.add(GoldenCases.test(KIND, golden, RegionsGoldenTest::check));
    }
    return tests;
  }

  private static void check(GoldenCase golden) throws IOException {
    JsonNode manifest = golden.manifest();
    Region region = REGIONS.get(manifest.required("pipeline").asText());
    double on = manifest.required("min_duration_on").asDouble();
    double off = manifest.required("min_duration_off").asDouble();
    Path file = GoldenCases.shared().resolve(manifest.required("audio").asText());
    try (AudioSource audio = AudioFiles.open(file)) {
      Annotation found =
          detector(manifest).detect(audio, region, Thresholds.HALF, on, off, StageListener.NONE);
      assertEquals(expected(manifest, region), found.turns());
    }
  }

  private static RegionDetector detector(JsonNode manifest) throws IOException {
    Path model = GoldenCases.shared().resolve(manifest.required("model").asText());
    RegionDetector detector = DETECTORS.get(model);
    if (detector == null) {
      detector = RegionDetector.open(model, UnaryOperator.identity());
      DETECTORS.put(model, detector);
    }
    return detector;
  }

  private static List<Turn> expected(JsonNode manifest, Region region) {
    List<Turn> turns = new ArrayList<>();
    for (JsonNode part : manifest.required("regions")) {
      turns.add(new Turn(part.get(0).asDouble(), part.get(1).asDouble(), region.label()));
    }
    return turns;
  }
}
