package dev.diarist.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.diarist.SmallModel;
import dev.diarist.dataset.Dataset;
import dev.diarist.dataset.DatasetException;
import dev.diarist.nn.train.Trainer;
import dev.diarist.nn.weights.Weights;
import dev.diarist.weights.ModelFolder;
import dev.diarist.weights.Network;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The small model on the recording that ships with the project: eight chunks, two steps an epoch.
 */
class FineTuningJobTest {
  private static final TrainingListener DEAF =
      new TrainingListener() {
        @Override
        public void step(long number, long steps, int epoch, Trainer.Step step) {}

        @Override
        public void epoch(EpochFigures figures) {}
      };

  @TempDir private Path folder;

  private static FineTuningSettings settings(int epochs) {
    return new FineTuningSettings(
        epochs,
        4,
        1e-4,
        FineTuningSettings.Decay.CONSTANT,
        0,
        0.3,
        1,
        0,
        Sampling.DIARIZERS,
        true,
        List.of("sincnet.*"),
        0,
        7);
  }

  private static Dataset dataset() throws IOException {
    return Dataset.open(
        SmallModel.RECORDING.resolveSibling("dialogue-synthetic.ref.rttm").toString());
  }

  private FineTuningJob job(String name, int epochs, int threads) throws IOException {
    return new FineTuningJob(
        SmallModel.FOLDER,
        name,
        dataset(),
        Optional.of(dataset()),
        settings(epochs),
        threads,
        folder.resolve(name),
        List.of("Test 1"));
  }

  private FineTuning.Outcome run(String name, int epochs, int threads, boolean resume)
      throws IOException {
    return job(name, epochs, threads).run(resume, DEAF, notice -> {});
  }

  private static void assertSame(Weights expected, Weights actual) {
    for (String name : expected.names()) {
      assertArrayEquals(expected.floats(name), actual.floats(name), name);
    }
  }

  @Test
  void aTrainingThatIsInterruptedGoesOnBitForBitOnAnyNumberOfThreads() throws IOException {
    FineTuning.Outcome whole = run("whole", 2, 2, false);
    class Interruption extends RuntimeException {
      private static final long serialVersionUID = 1L;
    }
    TrainingListener interrupting =
        new TrainingListener() {
          @Override
          public void step(long number, long steps, int epoch, Trainer.Step step) {
            if (number == 3) {
              throw new Interruption();
            }
          }

          @Override
          public void epoch(EpochFigures figures) {}
        };
    FineTuningJob job = job("parts", 2, 1);
    assertThrows(Interruption.class, () -> job.run(false, interrupting, notice -> {}));
    FineTuning.Outcome parts = run("parts", 2, 3, true);
    assertEquals(whole.figures(), parts.figures());
    assertEquals(whole.bestEpoch(), parts.bestEpoch());
    assertSame(whole.weights(), parts.weights());
    for (String file : List.of("steps.csv", "epochs.csv", "loss.svg")) {
      assertEquals(
          Files.readString(folder.resolve("whole").resolve(file)),
          Files.readString(folder.resolve("parts").resolve(file)));
    }
  }

  @Test
  void whatComesOutIsAPipelineARepositoryAndACard() throws IOException {
    FineTuning.Outcome outcome = run("tuned", 1, 2, false);
    assertTrue(outcome.figures().get(1).trainingLoss() > 0);
    Weights start = ModelFolder.open(SmallModel.FOLDER).segmentation();
    ModelFolder bundle = ModelFolder.open(folder.resolve("tuned/bundle"));
    assertSame(outcome.weights(), bundle.segmentation());
    assertSame(outcome.weights(), Network.read(folder.resolve("tuned/diarizers")).weights());
    assertArrayEquals(
        start.floats("sincnet.conv1d.1.weight"),
        outcome.weights().floats("sincnet.conv1d.1.weight"),
        "a frozen tensor");
    String trained = "lstm.weight_ih_l0";
    assertFalse(
        java.util.Arrays.equals(start.floats(trained), outcome.weights().floats(trained)), trained);
    assertFalse(bundle.segmentation().metadata().get("source").contains("pytorch_model"));

    List<String> card = Files.readAllLines(folder.resolve("tuned/README.md"));
    assertTrue(card.contains("- learning_rate: 1.0E-4"), () -> String.join("\n", card));
    assertTrue(card.contains("- train_batch_size: 4"));
    assertTrue(card.contains("- frozen: sincnet.*"));
    assertEquals(2, card.stream().filter(line -> line.matches("\\| .* \\| [01] \\|.*")).count());
    assertEquals(card, Files.readAllLines(folder.resolve("tuned/diarizers/README.md")));
  }

  @Test
  void aRecordingWithoutAudioIsLeftOutWithASentenceAndOneThatIsBadToo() throws IOException {
    Path data = Files.createDirectories(folder.resolve("data"));
    Files.copy(SmallModel.RECORDING, data.resolve("good.wav"));
    Files.write(data.resolve("bad.wav"), new byte[7]);
    for (String uri : List.of("good", "bad", "lost")) {
      Files.writeString(
          data.resolve(uri + ".rttm"),
          "SPEAKER %s 1 1.0 5.0 <NA> <NA> a <NA> <NA>\n".formatted(uri));
    }
    List<String> notices = new ArrayList<>();
    FineTuningJob job =
        new FineTuningJob(
            SmallModel.FOLDER,
            "x",
            Dataset.open(data.toString()),
            Optional.empty(),
            settings(1),
            2,
            folder.resolve("x"),
            List.of());
    FineTuning.Outcome outcome = job.run(false, DEAF, notices::add);
    assertEquals(1, outcome.bestEpoch());
    assertTrue(Double.isNaN(outcome.best().developmentLoss()));
    assertEquals(2, notices.size(), notices.toString());
    assertTrue(notices.get(0).startsWith("bad is left out: "), notices.get(0));
    assertEquals("lost is left out: no audio was found", notices.get(1));
  }

  @Test
  void aDataSetWithoutAnyAudioAndOneOfShortRecordingsAreErrors() throws IOException {
    Path data = Files.createDirectories(folder.resolve("none"));
    Files.writeString(data.resolve("a.rttm"), "SPEAKER a 1 1.0 5.0 <NA> <NA> a <NA> <NA>\n");
    FineTuningJob job =
        new FineTuningJob(
            SmallModel.FOLDER,
            "x",
            Dataset.open(data.toString()),
            Optional.empty(),
            settings(1),
            1,
            folder.resolve("y"),
            List.of());
    Exception refused =
        assertThrows(DatasetException.class, () -> job.run(false, DEAF, notice -> {}));
    assertEquals(
        data + ": a training needs recordings with audio, none of 1 has any that can be read",
        refused.getMessage());
  }
}
