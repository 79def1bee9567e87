package dev.diarist.tests.golden;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import com.fasterxml.jackson.databind.JsonNode;
import dev.diarist.clustering.LinearSumAssignment;
import dev.diarist.dataset.Dataset;
import dev.diarist.dataset.Recording;
import dev.diarist.nn.backend.Execution;
import dev.diarist.nn.graph.Graph;
import dev.diarist.nn.model.Powerset;
import dev.diarist.nn.model.PyanNet;
import dev.diarist.nn.train.Adam;
import dev.diarist.nn.train.Dropout;
import dev.diarist.nn.train.FrameErrors;
import dev.diarist.nn.train.LossValue;
import dev.diarist.nn.train.Parameter;
import dev.diarist.nn.train.Parameters;
import dev.diarist.nn.train.PowersetLoss;
import dev.diarist.nn.train.TrainableNetwork;
import dev.diarist.nn.weights.Weights;
import dev.diarist.training.ChunkSampling;
import dev.diarist.training.ChunkSource;
import dev.diarist.training.DevelopmentFigures;
import dev.diarist.training.SegmentationTraining;
import dev.diarist.training.TrainingListener;
import dev.diarist.training.TrainingLog;
import dev.diarist.training.TrainingSettings;
import dev.diarist.weights.ModelFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** Trainings of pyannote, step by step. */
class TrainingGoldenTest {
  private static final String KIND = "training";
  private static final int THREADS = 2;

  @TestFactory
  Stream<DynamicTest> oneBatchIsThatOfPyannote() throws IOException {
    return cases("pyannote-powerset", TrainingGoldenTest::oneBatch);
  }

  @TestFactory
  Stream<DynamicTest> aSmallFineTuningIsThatOfPyannote() throws IOException {
    return cases("finetune-small", TrainingGoldenTest::fineTuning);
  }

  @Tag("long")
  @TestFactory
  Stream<DynamicTest> aFullFineTuningIsThatOfPyannote() throws IOException {
    return cases("finetune-full", TrainingGoldenTest::fineTuning);
  }

  private static Stream<DynamicTest> cases(String prefix, GoldenCases.Check check)
      throws IOException {
    if (!GoldenCases.present()) {
      return Stream.of(GoldenCases.skipped(KIND));
    }
    return GoldenCases.flat(KIND).stream()
        .filter(golden -> golden.name().startsWith(prefix))
        .map(golden -> GoldenCases.test(KIND, golden, check));
  }

  private static Weights model(GoldenCase golden) throws IOException {
    Path folder = GoldenCases.shared().resolve(golden.manifest().required("model").asText());
    return ModelFolder.open(folder).segmentation();
  }

  private static PowersetLoss loss(Powerset powerset) {
    return new PowersetLoss(powerset, LinearSumAssignment::minimize, false);
  }

  /** (…, S) of 0 and 1 → one byte for each frame. */
  private static byte[] sets(float[] multilabel, int speakers) {
    byte[] sets = new byte[multilabel.length / speakers];
    for (int i = 0; i < multilabel.length; i++) {
      if (multilabel[i] != 0) {
        sets[i / speakers] |= (byte) (1 << i % speakers);
      }
    }
    return sets;
  }

  private static void oneBatch(GoldenCase golden) throws IOException {
    Weights expected = golden.arrays(golden.name() + ".safetensors");
    Weights weights = model(golden);
    PyanNet network = PyanNet.of(weights);
    Powerset powerset = network.powerset();
    int batch = (int) expected.shape("X")[0];
    Graph graph = network.graph((int) expected.shape("X")[2]);
    int frames = graph.output().shape().dimension(0);
    float[] x = expected.floats("X");
    byte[] targets = sets(expected.floats("y"), powerset.speakers());
    PowersetLoss loss = loss(powerset);
    Parameters parameters = Parameters.of(graph, weights);
    try (TrainableNetwork trained =
        new TrainableNetwork(graph, parameters, new Execution(THREADS, batch))) {
      float[] output = trained.forward(batch, Dropout.NONE, x);
      Compare.logProbabilities(
          Tolerances.LOG_PROBABILITY,
          expected.floats("log_probabilities"),
          output,
          "log-probabilities");
      byte[] permuted = loss.permuted(output, targets, frames);
      assertArrayEquals(sets(expected.floats("permutated_target"), powerset.speakers()), permuted);
      assertClasses(expected.floats("target_powerset"), permuted, powerset);

      LossValue value = loss.of(output, targets, frames, null);
      JsonNode losses = golden.manifest().required("losses");
      assertLoss(losses.get(0).asDouble(), value.value(), 0);
      parameters.clearGradients();
      trained.backward(value.gradient());
      assertGradients(expected, parameters);

      Adam adam = new Adam(parameters.trainable(), Adam.Settings.DEFAULT);
      double rate = golden.manifest().required("learning_rate").asDouble();
      adam.step(rate);
      assertStep(expected, parameters);
      for (int step = 1; step < losses.size(); step++) {
        value = loss.of(trained.forward(batch, Dropout.NONE, x), targets, frames, null);
        assertLoss(losses.get(step).asDouble(), value.value(), step);
        parameters.clearGradients();
        trained.backward(value.gradient());
        adam.step(rate);
      }
      byte[] predicted = new byte[targets.length];
      powerset.toMultilabel(trained.evaluate(batch, x), 0, targets.length, predicted, 0);
      FrameErrors errors =
          FrameErrors.of(
              predicted, targets, frames, powerset.speakers(), LinearSumAssignment::minimize);
      JsonNode components = golden.manifest().required("components");
      assertEquals(
          new FrameErrors(
              components.get(1).asLong(),
              components.get(2).asLong(),
              components.get(3).asLong(),
              components.get(4).asLong()),
          errors);
      assertEquals(components.get(0).asDouble(), errors.errorRate(), 1e-6);
    }
  }

  private static void assertClasses(float[] oneHot, byte[] sets, Powerset powerset) {
    for (int f = 0; f < sets.length; f++) {
      int p = powerset.classOf(sets[f]);
      assertEquals(1, oneHot[f * powerset.classes() + p], "class of frame " + f);
    }
  }

  private static void assertLoss(double expected, double actual, int step) {
    assertEquals(expected, actual, Tolerances.TRAINING_LOSS * expected, "loss of step " + step);
  }

  private static void assertGradients(Weights expected, Parameters parameters) {
    for (Parameter parameter : parameters.trainable()) {
      float[] recorded = expected.floats("grad/" + parameter.name());
      double difference = 0;
      double norm = 0;
      for (int i = 0; i < recorded.length; i++) {
        difference += Math.pow(recorded[i] - parameter.gradient()[i], 2);
        norm += Math.pow(recorded[i], 2);
      }
      double error = Math.sqrt(difference);
      double largest = Math.sqrt(norm);
      double bound =
          parameter.name().equals("sincnet.wav_norm1d.bias")
              ? Tolerances.WAVEFORM_BIAS_GRADIENT
              : Tolerances.GRADIENT;
      assertTrue(
          error <= bound * largest + Tolerances.NO_GRADIENT,
          () ->
              "gradient of %s: off by %g, its norm is %g"
                  .formatted(parameter.name(), error, largest));
    }
  }

  /**
   * Parameters after the first step of Adam, which is the sign of the gradient times the rate:
   * where the recorded gradient is nothing but rounding, so is the step.
   */
  private static void assertStep(Weights expected, Parameters parameters) {
    int compared = 0;
    int values = 0;
    for (Parameter parameter : parameters.trainable()) {
      float[] recorded = expected.floats("after_step_1/" + parameter.name());
      float[] gradient = expected.floats("grad/" + parameter.name());
      values += recorded.length;
      double squares = 0;
      for (float g : gradient) {
        squares += (double) g * g;
      }
      double rounding = Tolerances.GRADIENT * Math.sqrt(squares / gradient.length);
      rounding = Math.max(rounding, Tolerances.NO_GRADIENT);
      for (int i = 0; i < recorded.length; i++) {
        if (Math.abs(gradient[i]) > rounding) {
          compared++;
          assertEquals(
              recorded[i],
              parameter.value()[i],
              Tolerances.STEP,
              parameter.name() + " after a step, value " + i);
        }
      }
    }
    assertTrue(compared > 0.85 * values, compared + " of " + values + " have a gradient");
  }

  /**
   * A fine-tuning by the data set's own lists, through the class that the command line calls; a
   * recording whose RTTM names another one is left out, as in the recorded run.
   */
  private static void fineTuning(GoldenCase golden) throws IOException {
    JsonNode manifest = golden.manifest();
    JsonNode recorded = manifest.required("hyper_parameters");
    TrainingSettings settings =
        new TrainingSettings(
            recorded.required("epochs").asInt(),
            recorded.required("learning_rate").asDouble(),
            recorded.required("batch_size").asInt(),
            "cosine",
            0,
            recorded.required("dropout").asDouble(),
            recorded.required("gradient_clipping").asDouble(),
            List.of(),
            ChunkSampling.DIARIZERS,
            recorded.required("shuffle").asBoolean(),
            42);
    Path folder = Files.createTempDirectory("fine-tuning");
    try (ChunkSource train = source("train", manifest.required("train_chunks"));
        ChunkSource development = source("development", manifest.required("development_chunks"));
        SegmentationTraining training =
            new SegmentationTraining(
                model(golden),
                settings,
                null,
                train,
                development,
                folder,
                THREADS,
                TrainingListener.NONE)) {
      training.run();
      double tolerance =
          golden.name().endsWith("small") ? Tolerances.TOSSED_LOSS : Tolerances.FINE_TUNING_LOSS;
      JsonNode rows = manifest.required("steps_loss_gradnorm_lr");
      assertEquals(rows.size(), training.log().steps().size());
      for (TrainingLog.StepRow row : training.log().steps()) {
        JsonNode expected = rows.get((int) row.step() - 1);
        double loss = expected.get(0).asDouble();
        assertEquals(loss, row.loss(), tolerance * loss, "step " + row.step());
        assertEquals(expected.get(2).asDouble(), row.learningRate(), 1e-12, "rate " + row.step());
      }
      JsonNode evaluations = manifest.required("development");
      assertEquals(evaluations.size(), training.log().epochs().size());
      for (TrainingLog.EpochRow row : training.log().epochs()) {
        assertDevelopment(evaluations.get(row.epoch()), row.development(), row.epoch());
      }
    }
  }

  /** A subset of the AMI excerpts, whose chunks must be those of the recorded run. */
  private static ChunkSource source(String subset, JsonNode chunks) throws IOException {
    Path yml = GoldenCases.shared().resolve("data/ami-debug/database.yml");
    Dataset all = Dataset.open(yml + ":Debug.SpeakerDiarization.Debug." + subset);
    List<Recording> named =
        all.recordings().stream().filter(r -> mentions(chunks, r.uri())).toList();
    ChunkSource source =
        ChunkSource.open(
            new Dataset(all.name(), named), yml.getParent(), (uri, reason) -> fail(uri + reason));
    assertEquals(
        StreamSupport.stream(chunks.spliterator(), false)
            .map(chunk -> chunk.get(0).asText())
            .distinct()
            .toList(),
        source.recordings().stream().map(heard -> heard.recording().uri()).toList());
    return source;
  }

  private static boolean mentions(JsonNode chunks, String uri) {
    return StreamSupport.stream(chunks.spliterator(), false)
        .anyMatch(chunk -> chunk.get(0).asText().equals(uri));
  }

  private static void assertDevelopment(JsonNode expected, DevelopmentFigures actual, int epoch) {
    assertFigure(expected, "loss", actual.loss(), epoch);
    assertFigure(expected, "der", actual.der(), epoch);
    assertFigure(expected, "false_alarm", actual.falseAlarm(), epoch);
    assertFigure(expected, "missed_detection", actual.missed(), epoch);
    assertFigure(expected, "confusion", actual.confusion(), epoch);
  }

  private static void assertFigure(JsonNode expected, String name, double actual, int epoch) {
    assertEquals(
        expected.required(name).asDouble(),
        actual,
        Tolerances.DEVELOPMENT,
        name + " after epoch " + epoch);
  }
}
