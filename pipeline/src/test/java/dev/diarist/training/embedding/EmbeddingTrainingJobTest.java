package dev.diarist.training.embedding;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.diarist.nn.signal.Fbank;
import dev.diarist.nn.weights.Weights;
import dev.diarist.simulation.SpeechCorpus;
import dev.diarist.simulation.SpokenFolder;
import dev.diarist.weights.Architecture;
import dev.diarist.weights.Network;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A very small network on a folder of a few made-up speakers. */
class EmbeddingTrainingJobTest {
  private static final EmbeddingTrainingJob.Listener DEAF =
      new EmbeddingTrainingJob.Listener() {
        @Override
        public void step(long number, long steps, double loss) {}

        @Override
        public void judged(long number, double cleanErrorRate, double noisyErrorRate) {}
      };

  @TempDir private Path folder;
  private SpeechCorpus all;

  @BeforeEach
  void speak() throws IOException {
    Path speech = Files.createDirectory(folder.resolve("speech"));
    SpokenFolder.write(speech, 4);
    all = SpeechCorpus.open(speech);
  }

  private static EmbeddingTrainingSettings settings(long steps) {
    return new EmbeddingTrainingSettings(
        1, 8, List.of(1.0, 1.2), 24, 4, steps, 0.003, 2, 0.05, 0.1, 16, 0.9, 7);
  }

  private EmbeddingTrainingJob job(String name, int threads) throws IOException {
    String judged = all.recordings().lastKey();
    return new EmbeddingTrainingJob(
        all.without(Set.of(judged)),
        Optional.of(all.only(Set.of(judged, all.recordings().firstKey()))),
        List.of(),
        List.of(),
        settings(102),
        threads,
        folder.resolve(name));
  }

  private Weights network(String name) throws IOException {
    return Network.read(folder.resolve(name).resolve(EmbeddingTrainingJob.NETWORK)).weights();
  }

  @Test
  void aTrainingThatIsInterruptedGoesOnBitForBitOnAnyNumberOfThreads() throws IOException {
    job("whole", 2).run(false, DEAF);
    class Interruption extends RuntimeException {
      private static final long serialVersionUID = 1L;
    }
    EmbeddingTrainingJob.Listener interrupting =
        new EmbeddingTrainingJob.Listener() {
          @Override
          public void step(long number, long steps, double loss) {
            if (number == 101) {
              throw new Interruption();
            }
          }

          @Override
          public void judged(long number, double cleanErrorRate, double noisyErrorRate) {}
        };
    EmbeddingTrainingJob parts = job("parts", 1);
    assertThrows(Interruption.class, () -> parts.run(false, interrupting));
    parts.run(true, DEAF);
    Weights expected = network("whole");
    Weights actual = network("parts");
    for (String tensor : expected.names()) {
      assertArrayEquals(expected.floats(tensor), actual.floats(tensor), tensor);
    }
    for (String file : List.of("steps.csv", "trials.csv")) {
      List<String> rows = Files.readAllLines(folder.resolve("whole").resolve(file));
      assertEquals(rows, Files.readAllLines(folder.resolve("parts").resolve(file)));
      assertEquals(file.startsWith("steps") ? 103 : 4, rows.size());
    }
    assertEquals(4, actual.floats("resnet.seg_1.bias").length);
    assertEquals(
        Architecture.WESPEAKER_RESNET34,
        Network.read(folder.resolve("parts/embedding.safetensors")).architecture());
    String card = Files.readString(folder.resolve("parts/README.md"));
    assertTrue(card.contains("on 2 speakers that it never heard"), card);
  }

  @Test
  void cropsFollowFromTheSeedAndTheStepAlone() throws IOException {
    Voices voices = new Voices(all, List.of(1.0, 1.2));
    Crops crops =
        new Crops(voices, new Acoustics(List.of(), List.of(), voices), new Fbank(16000, 80), 24);
    Crops.Batch one = crops.batch(1, 5, 4, 0.5);
    Crops.Batch again = crops.batch(1, 5, 4, 0.5);
    assertArrayEquals(one.features(), again.features());
    assertArrayEquals(one.voices(), again.voices());
    assertFalse(Arrays.equals(one.features(), crops.batch(1, 6, 4, 0.5).features()));
    assertFalse(Arrays.equals(one.features(), crops.batch(2, 5, 4, 0.5).features()));
    assertEquals(8, voices.count());
  }

  @Test
  void aCropIsAsLongAsAskedForAtAnySpeedAndBeginsAgainWhereTheRecordingEnds() throws IOException {
    Path file = all.recordings().firstEntry().getValue().getFirst();
    for (double speed : new double[] {0.9, 1, 1.1}) {
      assertEquals(100_000, Voices.crop(file, speed, 100_000, 0.5).length);
      assertEquals(1_000, Voices.crop(file, speed, 1_000, 1).length);
    }
    assertArrayEquals(
        Voices.crop(file, 1, 500, 0), Arrays.copyOf(Voices.crop(file, 1, 1_000, 0), 500));
  }

  @Test
  void aNumberOutOfRangeIsNamed() {
    Exception refused =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                new EmbeddingTrainingSettings(
                    16, 256, List.of(3.0), 150, 32, 10, 0.003, 30, 0.05, 0, 24, 0.98, 1));
    assertEquals("speed must be from 0.5 to 2, got 3", refused.getMessage());
  }
}
