package dev.diarist.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.diarist.dataset.Dataset;
import dev.diarist.nn.weights.Weights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SegmentationTrainingTest {
  private static final TrainingSettings SETTINGS =
      new TrainingSettings(
          3, 5e-3, 4, "cosine", 2, 0.2, 1, List.of(), ChunkSampling.DIARIZERS, true, 7);

  @TempDir Path folder;
  private Path train;
  private Path held;

  @BeforeEach
  void write() throws IOException {
    train = Files.createDirectories(folder.resolve("train"));
    held = Files.createDirectories(folder.resolve("held"));
    TrainingFolder.write(train, "first", 3.2, 1);
    TrainingFolder.write(train, "second", 2.6, 2);
    TrainingFolder.write(held, "third", 3.1, 3);
  }

  private Weights run(
      TrainingSettings settings, String output, int threads, TrainingListener listener)
      throws IOException {
    Path folder = Files.createDirectories(this.folder.resolve(output));
    try (ChunkSource source = source(train, new ArrayList<>());
        ChunkSource development = source(held, new ArrayList<>());
        SegmentationTraining training =
            new SegmentationTraining(
                TrainingFolder.network(5),
                settings,
                null,
                source,
                development,
                folder,
                threads,
                listener)) {
      if (SegmentationTraining.isBegun(folder)) {
        training.resume();
      }
      return training.run();
    }
  }

  private ChunkSource source(Path data, List<String> skipped) throws IOException {
    return ChunkSource.open(
        Dataset.open(data.toString()),
        folder.resolve("audio"),
        (uri, reason) -> skipped.add(uri + ": " + reason));
  }

  private static void assertSameBits(Weights expected, Weights actual) {
    assertEquals(expected.names(), actual.names());
    for (String name : expected.names()) {
      assertArrayEquals(expected.floats(name), actual.floats(name), name);
    }
  }

  @Test
  void theLossFallsAndTheLogSaysSo() throws IOException {
    TrainingSettings longer =
        new TrainingSettings(
            12, 1e-2, 4, "cosine", 0, 0, 1, List.of(), ChunkSampling.DIARIZERS, true, 7);
    List<TrainingLog.EpochRow> epochs = new ArrayList<>();
    run(
        longer,
        "out",
        2,
        new TrainingListener() {
          @Override
          public void epoch(TrainingLog.EpochRow row) {
            epochs.add(row);
          }
        });
    assertEquals(13, epochs.size());
    double before = epochs.getFirst().development().loss();
    double after = epochs.getLast().development().loss();
    assertTrue(after < 0.8 * before, before + " → " + after);
    // 11 chunks of 3.2 s and 9 of 2.6 s make five steps of up to four
    List<String> steps = Files.readAllLines(folder.resolve("out/steps.csv"));
    assertEquals(1 + 12 * 5, steps.size());
    assertEquals(1 + 13, Files.readAllLines(folder.resolve("out/epochs.csv")).size());
  }

  @Test
  void theSeedDecidesEveryBitOnAnyNumberOfThreads() throws IOException {
    Weights one = run(SETTINGS, "one", 1, TrainingListener.NONE);
    Weights three = run(SETTINGS, "three", 3, TrainingListener.NONE);
    assertSameBits(one, three);
    assertEquals(
        Files.readString(folder.resolve("one/log.json")),
        Files.readString(folder.resolve("three/log.json")));
  }

  @Test
  void whatIsBrokenOffAndResumedEndsInTheSameBits() throws IOException {
    for (ChunkSampling sampling : ChunkSampling.values()) {
      TrainingSettings settings =
          new TrainingSettings(3, 5e-3, 4, "cosine", 2, 0.2, 1, List.of(), sampling, true, 7);
      String name = sampling.samplingName();
      Weights whole = run(settings, name, 2, TrainingListener.NONE);
      TrainingListener breaksOff =
          new TrainingListener() {
            @Override
            public void step(TrainingLog.StepRow row, long steps, double secondsLeft) {
              if (row.epoch() == 2) {
                throw new IllegalStateException("broken off");
              }
            }
          };
      assertThrows(
          IllegalStateException.class, () -> run(settings, name + "-resumed", 2, breaksOff));
      assertTrue(SegmentationTraining.isBegun(folder.resolve(name + "-resumed")));
      assertSameBits(whole, run(settings, name + "-resumed", 2, TrainingListener.NONE));
      assertEquals(
          Files.readString(folder.resolve(name + "/steps.csv")),
          Files.readString(folder.resolve(name + "-resumed/steps.csv")));
    }
  }

  @Test
  void aTrainingOfOtherSettingsIsNotResumed() throws IOException {
    run(SETTINGS, "out", 2, TrainingListener.NONE);
    TrainingSettings other =
        new TrainingSettings(
            4, 5e-3, 4, "cosine", 2, 0.2, 1, List.of(), ChunkSampling.DIARIZERS, true, 7);
    IOException refused =
        assertThrows(IOException.class, () -> run(other, "out", 2, TrainingListener.NONE));
    assertTrue(refused.getMessage().contains("epochs=3"), refused.getMessage());
  }

  @Test
  void frozenParametersStay() throws IOException {
    TrainingSettings frozen =
        new TrainingSettings(
            1,
            5e-3,
            4,
            "constant",
            0,
            0,
            1,
            List.of("sincnet.*"),
            ChunkSampling.DIARIZERS,
            true,
            7);
    Weights before = TrainingFolder.network(5);
    Weights after = run(frozen, "out", 2, TrainingListener.NONE);
    assertArrayEquals(
        before.floats("sincnet.conv1d.1.weight"), after.floats("sincnet.conv1d.1.weight"));
    assertTrue(after.metadata().get("training").contains("sincnet.*"), "" + after.metadata());
    assertFalse(
        java.util.Arrays.equals(
            before.floats("classifier.weight"), after.floats("classifier.weight")));
  }

  @Test
  void recordingsThatCannotBeHeardAreNamedAndLeftOut() throws IOException {
    Files.write(train.resolve("broken.wav"), new byte[10]);
    Files.writeString(
        train.resolve("broken.rttm"), "SPEAKER broken 1 0.0 1.0 <NA> <NA> s0 <NA> <NA>\n");
    Files.writeString(
        train.resolve("absent.rttm"), "SPEAKER absent 1 0.0 1.0 <NA> <NA> s0 <NA> <NA>\n");
    List<String> skipped = new ArrayList<>();
    try (ChunkSource source = source(train, skipped)) {
      assertEquals(2, source.recordings().size());
    }
    assertEquals(2, skipped.size(), skipped.toString());
    assertTrue(skipped.contains("absent: no audio was found"), skipped.toString());
  }

  @Test
  void theAnswersOfATeacherAreLearnt() throws IOException {
    TrainingSettings longer =
        new TrainingSettings(
            12, 1e-2, 4, "cosine", 0, 0, 1, List.of(), ChunkSampling.DIARIZERS, true, 7);
    Path output = Files.createDirectories(folder.resolve("taught"));
    try (ChunkSource source = source(train, new ArrayList<>());
        Teacher teacher = new Teacher("nine", TrainingFolder.network(9), 2, 4);
        SegmentationTraining training =
            new SegmentationTraining(
                TrainingFolder.network(5),
                longer,
                teacher,
                source,
                null,
                output,
                2,
                TrainingListener.NONE)) {
      training.run();
      double before = training.log().steps().getFirst().loss();
      double after = training.log().steps().getLast().loss();
      assertTrue(after < 0.5 * before, before + " → " + after);
    }
    // A training without the teacher is another one.
    try (ChunkSource source = source(train, new ArrayList<>());
        SegmentationTraining other =
            new SegmentationTraining(
                TrainingFolder.network(5),
                longer,
                null,
                source,
                null,
                output,
                2,
                TrainingListener.NONE)) {
      assertThrows(IOException.class, other::resume);
    }
  }

  @Test
  void aTeacherNamesSpeakersInTheOrderInWhichTheySpeak() {
    byte[] sets = {9, 0, 4, 6, 2, 1, 6, 3};
    Teacher.inOrder(sets, 1, 8, 3);
    assertArrayEquals(new byte[] {9, 0, 1, 3, 2, 4, 3, 6}, sets);
  }

  @Test
  void aTrainingThatGetsNoBetterEndsEarly() throws IOException {
    // At such a rate the loss of unheard chunks rises after the first epochs.
    TrainingSettings patient =
        new TrainingSettings(
            30, 0.5, 4, "constant", 0, 0, 1, List.of(), ChunkSampling.DIARIZERS, true, 7, 2);
    List<TrainingLog.EpochRow> epochs = new ArrayList<>();
    TrainingListener counting =
        new TrainingListener() {
          @Override
          public void epoch(TrainingLog.EpochRow row) {
            epochs.add(row);
          }
        };
    run(patient, "out", 2, counting);
    int made = epochs.getLast().epoch();
    assertTrue(made < 30, made + " epochs");
    double best = epochs.stream().skip(1).mapToDouble(e -> e.development().loss()).min().orElse(0);
    assertEquals(best, epochs.get(made - 2).development().loss());
    run(patient, "out", 2, counting); // resumed, and done
    assertEquals(made, epochs.getLast().epoch());
  }
}
