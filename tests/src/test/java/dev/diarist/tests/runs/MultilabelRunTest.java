package dev.diarist.tests.runs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.diarist.Diarizer;
import dev.diarist.StageListener;
import dev.diarist.Turn;
import dev.diarist.annotation.Rttm;
import dev.diarist.audio.AudioFiles;
import dev.diarist.audio.AudioSource;
import dev.diarist.nn.weights.SafeTensors;
import dev.diarist.nn.weights.Tensor;
import dev.diarist.nn.weights.Weights;
import dev.diarist.regions.Region;
import dev.diarist.regions.RegionDetector;
import dev.diarist.regions.ScoreFormat;
import dev.diarist.regions.ScoreKind;
import dev.diarist.regions.Thresholds;
import dev.diarist.weights.ConversionOptions;
import dev.diarist.weights.ConversionOptions.Layout;
import dev.diarist.weights.ConversionOptions.Precision;
import dev.diarist.weights.Converter;
import dev.diarist.weights.Network;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * A segmentation that gives a probability for each speaker, as pyannote/segmentation does: RTTM is
 * that of the real pyannote.audio 3.3.2, recorded by tests/runs/multilabel.py, which says how.
 */
class MultilabelRunTest {
  private static final Path GOLDEN =
      Path.of(System.getProperty("diarist.root")).resolve("tests/shared/golden");
  private static final Path SAMPLE = GOLDEN.resolve("audio/dialogue-synthetic.wav");
  private static final int SPEAKERS = 3;

  @TempDir private static Path model;

  @BeforeAll
  static void makeModel() throws IOException {
    Converter.convert(GOLDEN.resolve("models/small"), model);
    Path file = model.resolve("segmentation.safetensors");
    SafeTensors.write(file, multilabel(Network.read(file).weights()));
  }

  /** Of each speaker, the output of the speaker alone less that of nobody. */
  private static Weights multilabel(Weights powerset) throws IOException {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (String name : powerset.names()) {
      tensors.put(name, powerset.tensor(name));
    }
    float[] weight = powerset.floats("classifier.weight");
    int width = weight.length / powerset.floats("classifier.bias").length;
    tensors.put("classifier.weight", Tensor.of(lessFirst(weight, width), SPEAKERS, width));
    tensors.put(
        "classifier.bias", Tensor.of(lessFirst(powerset.floats("classifier.bias"), 1), SPEAKERS));
    Map<String, String> metadata = new LinkedHashMap<>(powerset.metadata());
    ObjectNode specifications =
        (ObjectNode) new ObjectMapper().readTree(metadata.get("specifications"));
    specifications.put("problem", "MULTI_LABEL_CLASSIFICATION").putNull("powerset_max_classes");
    specifications.putArray("warm_up").add(0.0).add(0.8);
    metadata.put("specifications", specifications.toString());
    return Weights.of(tensors, metadata);
  }

  private static float[] lessFirst(float[] rows, int width) {
    float[] differences = new float[SPEAKERS * width];
    for (int i = 0; i < differences.length; i++) {
      differences[i] = rows[width + i] - rows[i % width];
    }
    return differences;
  }

  @TestFactory
  Stream<DynamicTest> rttmIsThatOfPyannote() throws IOException {
    try (InputStream recorded = MultilabelRunTest.class.getResourceAsStream("multilabel.json")) {
      List<DynamicTest> tests = new ArrayList<>();
      for (JsonNode run : new ObjectMapper().readTree(recorded).required("runs")) {
        List<String> expected = new ArrayList<>();
        run.required("rttm").forEach(line -> expected.add(line.textValue()));
        ObjectNode options = run.deepCopy();
        options.remove("rttm");
        tests.add(
            DynamicTest.dynamicTest(
                options.toString(),
                () -> {
                  StringBuilder rttm = new StringBuilder();
                  Rttm.write(
                      run.has("region") ? region(run) : diarization(run),
                      AudioFiles.uri(SAMPLE),
                      rttm);
                  assertEquals(expected, rttm.toString().lines().toList());
                }));
      }
      return tests.stream();
    }
  }

  private static List<Turn> diarization(JsonNode run) throws IOException {
    try (Diarizer diarizer =
        Diarizer.open(
            model,
            o ->
                o.with("segmentation.threshold", run.required("threshold").asText())
                    .with("clustering.threshold", run.required("clustering").asText())
                    .with("clustering.min_cluster_size", "3"))) {
      return diarizer.diarize(SAMPLE).turns();
    }
  }

  private static List<Turn> region(JsonNode run) throws IOException {
    try (RegionDetector detector = RegionDetector.open(model, o -> o);
        AudioSource audio = AudioFiles.open(SAMPLE)) {
      Thresholds thresholds =
          new Thresholds(run.required("onset").asDouble(), run.required("offset").asDouble());
      Region region = Region.valueOf(run.required("region").textValue());
      return detector.detect(audio, region, thresholds, 0.1, 0.05, StageListener.NONE).turns();
    }
  }

  @Test
  void scoresAreProbabilitiesAndThereAreNoLogProbabilities() throws IOException {
    try (RegionDetector detector = RegionDetector.open(model, o -> o);
        AudioSource audio = AudioFiles.open(SAMPLE)) {
      ByteArrayOutputStream csv = new ByteArrayOutputStream();
      detector.writeScores(audio, ScoreKind.MULTILABEL, ScoreFormat.CSV, csv, StageListener.NONE);
      long unsure =
          csv.toString(StandardCharsets.US_ASCII)
              .lines()
              .skip(1)
              .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(',') + 1)))
              .filter(score -> score > 0.1 && score < 0.9)
              .count();
      assertTrue(unsure > 0);
      assertThrows(
          IllegalArgumentException.class,
          () ->
              detector.writeScores(
                  audio, ScoreKind.LOG_PROBABILITIES, ScoreFormat.CSV, csv, StageListener.NONE));
    }
  }

  @Test
  void aRepositoryOfDiarizersCannotHoldIt(@TempDir Path folder) {
    ConversionOptions options =
        new ConversionOptions(
            Layout.DIARIZERS, Precision.AS_STORED, false, ConversionOptions.DEFAULT.repositories());
    Path target = folder.resolve("out");
    String sentence =
        assertThrows(IOException.class, () -> Converter.convert(model, target, options))
            .getMessage();
    assertTrue(sentence.endsWith("this one has a probability for each of 3"), sentence);
  }
}
