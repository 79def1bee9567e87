package dev.diarist.tests.runs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.diarist.Diarizer;
import dev.diarist.DiarizerOptions;
import dev.diarist.SpeakerBounds;
import dev.diarist.StageListener;
import dev.diarist.Turn;
import dev.diarist.annotation.Annotation;
import dev.diarist.annotation.Rttm;
import dev.diarist.annotation.Segment;
import dev.diarist.annotation.Track;
import dev.diarist.audio.AudioFiles;
import dev.diarist.audio.AudioOptions;
import dev.diarist.audio.AudioSource;
import dev.diarist.reconstruction.TieOrder;
import dev.diarist.regions.Region;
import dev.diarist.regions.RegionDetector;
import dev.diarist.regions.Thresholds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whole runs against the pyannote.audio of the Python that {@code -Ddiarist.python=…} names, on
 * recordings and options made anew: {@code -Ddiarist.seed=…} makes others, {@code
 * -Ddiarist.recordings=…} another number of them. RTTM is compared byte for byte.
 */
class RandomRunsTest {
  private static final String PYTHON = System.getProperty("diarist.python", "");
  private static final String SEED = System.getProperty("diarist.seed", "7");
  private static final String RECORDINGS = System.getProperty("diarist.recordings", "6");
  private static final Path SHARED = Path.of(System.getProperty("diarist.shared"));
  private static final Path MODEL = SHARED.resolve("golden/models/small");
  private static final Path SPEECH = SHARED.resolve("data/librispeech/train-clean-100");

  /** Beyond so many clusters numpy without vector instructions has an order of its own. */
  private static final int LOWEST_FIRST_CLUSTERS = 16;

  @TempDir private static Path folder;

  /** Of the numpy that runs. */
  private static TieOrder ties;

  @TestFactory
  Stream<DynamicTest> rttmIsThatOfPyannote() throws IOException, InterruptedException {
    assumeTrue(!PYTHON.isEmpty(), "skipped: no Python with pyannote.audio (diarist.python)");
    assumeTrue(Files.isDirectory(SPEECH), "skipped: no shared data in " + SHARED);
    List<DynamicTest> tests = new ArrayList<>();
    for (JsonNode recording : recordings()) {
      String name = recording.required("name").asText();
      for (JsonNode run : recording.required("runs")) {
        String options = run.required("parameters") + " " + run.required("speakers");
        tests.add(dynamicTest(name + ": " + options, () -> checkRun(recording, run)));
      }
      tests.add(dynamicTest(name + ": oracle", () -> checkOracle(recording)));
      for (JsonNode region : recording.required("regions")) {
        tests.add(
            dynamicTest(
                name + ": " + region.required("region").asText(),
                () -> checkRegions(recording, region)));
      }
    }
    return tests.stream();
  }

  private static JsonNode recordings() throws IOException, InterruptedException {
    Path script = Path.of(System.getProperty("diarist.root")).resolve("tests/runs/random_runs.py");
    Path json = folder.resolve("cases.json");
    List<String> command =
        List.of(
            PYTHON,
            script.toString(),
            RECORDINGS,
            SEED,
            MODEL.toString(),
            SPEECH.toString(),
            folder.toString());
    int code =
        new ProcessBuilder(command)
            .redirectOutput(json.toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start()
            .waitFor();
    assertEquals(0, code, script + " failed");
    JsonNode said = new ObjectMapper().readTree(json.toFile());
    ties = TieOrder.of(said.required("ties").asText());
    return said.required("cases");
  }

  private static void checkRun(JsonNode recording, JsonNode run) throws IOException {
    assumeFalse(
        run.required("unsettled").asBoolean(),
        "skipped: a tie that rounding decides; pyannote differs from itself with float32 noise");
    SpeakerBounds bounds = bounds(run.required("speakers"));
    try (Diarizer diarizer =
            Diarizer.open(MODEL, o -> options(o, recording, run.required("parameters")));
        AudioSource audio = open(recording)) {
      check(run, audio.uri(), () -> diarizer.diarize(audio, bounds, StageListener.NONE).turns());
    }
  }

  private static void checkOracle(JsonNode recording) throws IOException {
    JsonNode run = recording.required("oracle");
    try (Diarizer diarizer =
            Diarizer.open(MODEL, o -> options(o, recording, run.required("parameters")));
        AudioSource audio = open(recording)) {
      Annotation reference = reference(recording);
      check(
          run,
          audio.uri(),
          () -> diarizer.diarize(audio, reference, SpeakerBounds.AUTO, StageListener.NONE).turns());
    }
  }

  private static void checkRegions(JsonNode recording, JsonNode run) throws IOException {
    try (RegionDetector detector = RegionDetector.open(MODEL, o -> o);
        AudioSource audio = open(recording)) {
      check(
          run,
          audio.uri(),
          () ->
              detector
                  .detect(
                      audio,
                      Region.valueOf(run.required("region").asText()),
                      Thresholds.HALF,
                      run.required("min_duration_on").asDouble(),
                      run.required("min_duration_off").asDouble(),
                      StageListener.NONE)
                  .turns());
    }
  }

  private interface Run {
    List<Turn> turns() throws IOException;
  }

  /** What makes pyannote fail is refused here, too. */
  private static void check(JsonNode expected, String uri, Run run) throws IOException {
    if (expected.has("error")) {
      String error = expected.required("error").asText();
      assertThrows(IllegalArgumentException.class, run::turns, "pyannote: " + error);
      return;
    }
    long speakers =
        expected
            .required("rttm")
            .asText()
            .lines()
            .map(line -> line.split(" ")[7])
            .distinct()
            .count();
    assumeTrue(
        ties == TieOrder.NUMPY_X86 || speakers <= LOWEST_FIRST_CLUSTERS,
        "skipped: numpy without vector instructions orders "
            + speakers
            + " clusters in its own way");
    StringBuilder rttm = new StringBuilder();
    Rttm.write(run.turns(), uri, rttm);
    assertEquals(expected.required("rttm").asText(), rttm.toString());
  }

  private static AudioSource open(JsonNode recording) throws IOException {
    JsonNode channel = recording.required("channel");
    AudioOptions options = AudioOptions.DEFAULT;
    return AudioFiles.open(
        Path.of(recording.required("audio").asText()),
        channel.isNull() ? options : options.withChannel(channel.asInt()));
  }

  private static DiarizerOptions options(
      DiarizerOptions configured, JsonNode recording, JsonNode parameters) {
    DiarizerOptions options = configured.withTies(ties);
    for (String name : List.of("segmentation_step", "embedding_exclude_overlap")) {
      options = options.with(name, recording.required(name).asText());
    }
    for (Map.Entry<String, JsonNode> parameter : parameters.properties()) {
      options = options.with(parameter.getKey(), parameter.getValue().asText());
    }
    return options;
  }

  private static SpeakerBounds bounds(JsonNode speakers) {
    if (speakers.has("num_speakers")) {
      return SpeakerBounds.exactly(speakers.required("num_speakers").asInt());
    }
    int min = speakers.path("min_speakers").asInt(0);
    int max = speakers.path("max_speakers").asInt(0);
    if (min > 0 && max > 0) {
      return SpeakerBounds.between(min, max);
    }
    return min > 0
        ? SpeakerBounds.atLeast(min)
        : max > 0 ? SpeakerBounds.atMost(max) : SpeakerBounds.AUTO;
  }

  private static Annotation reference(JsonNode recording) {
    List<Track> tracks = new ArrayList<>();
    for (JsonNode turn : recording.required("reference")) {
      Segment segment = new Segment(turn.get(0).asDouble(), turn.get(1).asDouble());
      tracks.add(new Track(segment, Integer.toString(tracks.size()), turn.get(2).asText()));
    }
    return Annotation.of(tracks);
  }
}
