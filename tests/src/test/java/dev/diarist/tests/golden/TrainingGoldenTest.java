package dev.diarist.tests.golden;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.diarist.audio.AudioFiles;
import dev.diarist.audio.AudioSource;
import dev.diarist.clustering.LinearSumAssignment;
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
import dev.diarist.nn.train.Schedule;
import dev.diarist.nn.train.TrainableNetwork;
import dev.diarist.nn.train.Trainer;
import dev.diarist.nn.weights.SafeTensors;
import dev.diarist.nn.weights.Weights;
import dev.diarist.weights.ModelFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** Trainings of pyannote, step by step. */
class TrainingGoldenTest {
  private static final String KIND = "training";
  private static final int SAMPLE_RATE = 16000;
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

  /** The chunks of a manifest, (chunks, samples). */
  private static float[] waveforms(JsonNode chunks, int samples) throws IOException {
    float[] waveforms = new float[chunks.size() * samples];
    Path folder = GoldenCases.shared().resolve("data/ami-debug");
    for (int c = 0; c < chunks.size(); c++) {
      Path file = folder.resolve(chunks.get(c).get(0).asText() + ".wav");
      long first = Math.round(chunks.get(c).get(1).asDouble() * SAMPLE_RATE);
      try (AudioSource audio = AudioFiles.open(file)) {
        audio.read(first, samples, waveforms, c * samples);
      }
    }
    return waveforms;
  }

  /** The examples {@code from} to {@code to} of an array of examples. */
  private static float[] examples(float[] all, int from, int to, int size) {
    return Arrays.copyOfRange(all, from * size, to * size);
  }

  private static void fineTuning(GoldenCase golden) throws IOException {
    Weights weights = model(golden);
    PyanNet network = PyanNet.of(weights);
    Powerset powerset = network.powerset();
    int samples = network.chunkSamples();
    Graph graph = network.graph(samples);
    int frames = graph.output().shape().dimension(0);
    JsonNode manifest = golden.manifest();
    JsonNode settings = manifest.required("hyper_parameters");
    // Both recordings are of the same chunks; the small one keeps the targets.
    Weights recorded = SafeTensors.read(golden.folder().resolve("finetune-small.safetensors"));
    byte[] targets = sets(recorded.floats("train_targets"), powerset.speakers());
    byte[] heldOut = sets(recorded.floats("development_targets"), powerset.speakers());
    float[] train = waveforms(manifest.required("train_chunks"), samples);
    float[] development = waveforms(manifest.required("development_chunks"), samples);
    int chunks = targets.length / frames;
    int batch = settings.required("batch_size").asInt();
    int epochs = settings.required("epochs").asInt();
    int steps = epochs * Math.ceilDiv(chunks, batch);
    PowersetLoss loss = loss(powerset);
    Parameters parameters = Parameters.of(graph, weights);
    try (TrainableNetwork trained =
        new TrainableNetwork(graph, parameters, new Execution(THREADS, batch))) {
      Trainer trainer =
          new Trainer(
              trained,
              new Trainer.Settings(
                  Adam.Settings.DEFAULT,
                  settings.required("learning_rate").asDouble(),
                  new Schedule.Cosine(steps, 0),
                  settings.required("gradient_clipping").asDouble(),
                  settings.required("dropout").asDouble(),
                  0,
                  42));
      JsonNode rows = manifest.required("steps_loss_gradnorm_lr");
      JsonNode evaluations = manifest.required("development");
      assertDevelopment(evaluations.get(0), trained, development, heldOut, loss, "the start");
      int step = 0;
      for (int epoch = 1; epoch <= epochs; epoch++) {
        for (int from = 0; from < chunks; from += batch) {
          int to = Math.min(from + batch, chunks);
          byte[] wanted = Arrays.copyOfRange(targets, from * frames, to * frames);
          Trainer.Step taken =
              trainer.step(
                  to - from,
                  output -> loss.of(output, wanted, frames, null),
                  examples(train, from, to, samples));
          JsonNode row = rows.get(step++);
          double expected = row.get(0).asDouble();
          double tolerance =
              golden.name().endsWith("small")
                  ? Tolerances.TOSSED_LOSS
                  : Tolerances.FINE_TUNING_LOSS;
          assertEquals(expected, taken.loss(), tolerance * expected, "step " + step);
          assertEquals(row.get(2).asDouble(), taken.learningRate(), 1e-12, "rate of step " + step);
        }
        assertDevelopment(
            evaluations.get(epoch), trained, development, heldOut, loss, "epoch " + epoch);
      }
    }
  }

  private static void assertDevelopment(
      JsonNode expected,
      TrainableNetwork network,
      float[] waveforms,
      byte[] targets,
      PowersetLoss loss,
      String when) {
    int frames = network.graph().output().shape().dimension(0);
    Powerset powerset = loss.powerset();
    float[] output = network.evaluate(targets.length / frames, waveforms);
    byte[] predicted = new byte[targets.length];
    powerset.toMultilabel(output, 0, targets.length, predicted, 0);
    FrameErrors errors =
        FrameErrors.of(
            predicted, targets, frames, powerset.speakers(), LinearSumAssignment::minimize);
    double value = loss.of(output, targets, frames, null).value();
    double tolerance = Tolerances.DEVELOPMENT;
    assertEquals(expected.required("loss").asDouble(), value, tolerance, "loss after " + when);
    assertEquals(
        expected.required("der").asDouble(), errors.errorRate(), tolerance, "DER after " + when);
    assertEquals(
        expected.required("false_alarm").asDouble(),
        errors.falseAlarmRate(),
        tolerance,
        "false alarm after " + when);
    assertEquals(
        expected.required("missed_detection").asDouble(),
        errors.missedRate(),
        tolerance,
        "missed after " + when);
    assertEquals(
        expected.required("confusion").asDouble(),
        errors.confusionRate(),
        tolerance,
        "confusion after " + when);
  }
}
