package dev.diarist.tests.golden;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.diarist.clustering.LinearSumAssignment;
import dev.diarist.dataset.Dataset;
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
import dev.diarist.nn.train.Trainer;
import dev.diarist.nn.weights.Weights;
import dev.diarist.training.EpochFigures;
import dev.diarist.training.FineTuningJob;
import dev.diarist.training.FineTuningSettings;
import dev.diarist.training.Sampling;
import dev.diarist.training.TrainingListener;
import dev.diarist.weights.ModelFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Trainings of pyannote, step by step. */
class TrainingGoldenTest {
  private static final String KIND = "training";
  private static final int THREADS = 2;

  @TempDir private static Path temporary;

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

  /** A subset of the AMI excerpts, of it the recordings that were recorded. */
  private static Dataset subset(String name, JsonNode chunks) throws IOException {
    Set<String> uris = new HashSet<>();
    chunks.forEach(chunk -> uris.add(chunk.get(0).asText()));
    Path folder = GoldenCases.shared().resolve("data/ami-debug");
    Dataset all =
        Dataset.open(folder.resolve("database.yml") + ":Debug.SpeakerDiarization.Debug." + name);
    return new Dataset(
        name, all.recordings().stream().filter(own -> uris.contains(own.uri())).toList());
  }

  private static void fineTuning(GoldenCase golden) throws IOException {
    JsonNode manifest = golden.manifest();
    JsonNode recorded = manifest.required("hyper_parameters");
    FineTuningSettings settings =
        new FineTuningSettings(
            recorded.required("epochs").asInt(),
            recorded.required("batch_size").asInt(),
            recorded.required("learning_rate").asDouble(),
            FineTuningSettings.Decay.COSINE,
            0,
            recorded.required("dropout").asDouble(),
            recorded.required("gradient_clipping").asDouble(),
            0,
            Sampling.DIARIZERS,
            recorded.required("shuffle").asBoolean(),
            List.of(),
            0,
            42);
    new FineTuningJob(
            GoldenCases.shared().resolve(manifest.required("model").asText()),
            golden.name(),
            subset("train", manifest.required("train_chunks")),
            Optional.of(subset("development", manifest.required("development_chunks"))),
            settings,
            THREADS,
            Files.createDirectory(temporary.resolve(golden.name())),
            List.of())
        .run(
            false,
            new Comparison(golden),
            notice -> {
              throw new AssertionError(notice);
            });
  }

  /** Compares each step and each epoch with what was recorded. */
  private record Comparison(GoldenCase golden) implements TrainingListener {
    @Override
    public void step(long number, long steps, int epoch, Trainer.Step step) {
      JsonNode rows = rows("steps_loss_gradnorm_lr");
      assertEquals(rows.size(), steps);
      JsonNode row = rows.get((int) number - 1);
      double expected = row.get(0).asDouble();
      double tolerance =
          golden.name().endsWith("small") ? Tolerances.TOSSED_LOSS : Tolerances.FINE_TUNING_LOSS;
      assertEquals(expected, step.loss(), tolerance * expected, "step " + number);
      assertEquals(row.get(2).asDouble(), step.learningRate(), 1e-12, "rate of step " + number);
    }

    @Override
    public void epoch(EpochFigures figures) {
      JsonNode expected = rows("development").get(figures.epoch());
      String when = " after epoch " + figures.epoch();
      double tolerance = Tolerances.DEVELOPMENT;
      FrameErrors errors = figures.errors();
      assertEquals(value(expected, "loss"), figures.developmentLoss(), tolerance, "loss" + when);
      assertEquals(value(expected, "der"), errors.errorRate(), tolerance, "DER" + when);
      assertEquals(
          value(expected, "false_alarm"), errors.falseAlarmRate(), tolerance, "false alarm" + when);
      assertEquals(
          value(expected, "missed_detection"), errors.missedRate(), tolerance, "missed" + when);
      assertEquals(
          value(expected, "confusion"), errors.confusionRate(), tolerance, "confusion" + when);
    }

    private JsonNode rows(String name) {
      return golden.manifest().required(name);
    }

    private static double value(JsonNode row, String name) {
      return row.required(name).asDouble();
    }
  }
}
