package dev.diarist.tests.golden;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.diarist.Diarization;
import dev.diarist.annotation.Rttm;
import dev.diarist.audio.AudioSource;
import dev.diarist.clustering.Clustering;
import dev.diarist.clustering.Dendrogram;
import dev.diarist.embedding.Embeddings;
import dev.diarist.nn.backend.Backends;
import dev.diarist.nn.weights.Weights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/**
 * The whole way, from audio file and checkpoint to RTTM, against pyannote: every stage, and the
 * RTTM byte for byte.
 */
class WholeRunGoldenTest {
  private static final String KIND = "whole runs";

  /** The recordings that ship with the project, so that a clone alone tests the whole way. */
  @TestFactory
  Stream<DynamicTest> runsThatShipGiveWhatPyannoteGives() throws IOException {
    Path shipped = Path.of(System.getProperty("diarist.root", "..")).resolve("tests/shared");
    return tests(shipped, "small");
  }

  @TestFactory
  Stream<DynamicTest> smallModelsGiveWhatPyannoteGives() throws IOException {
    return GoldenCases.present()
        ? tests(GoldenCases.shared(), "small")
        : Stream.of(GoldenCases.skipped(KIND));
  }

  @TestFactory
  @Tag("long")
  Stream<DynamicTest> fullSizeModelsGiveWhatPyannoteGives() throws IOException {
    return GoldenCases.present()
        ? tests(GoldenCases.shared(), "full")
        : Stream.of(GoldenCases.skipped(KIND));
  }

  private static Stream<DynamicTest> tests(Path shared, String size) throws IOException {
    String backend = Backends.choose(Backends.AUTO).name();
    WholeRuns runs = new WholeRuns(shared, backend);
    List<DynamicTest> tests = new ArrayList<>();
    for (GoldenCase golden : GoldenCases.in(shared.resolve("golden/runs/" + size))) {
      String name = size + "/" + golden.name() + " on " + backend;
      if (golden.manifest().required("sample_rate").asInt() != AudioSource.SAMPLE_RATE) {
        tests.add(GoldenCases.waiting(KIND, name, "rates other than 16 kHz"));
      } else {
        tests.add(GoldenCases.test(KIND, name, golden, c -> check(runs, c)));
      }
    }
    return tests.stream().onClose(runs::close);
  }

  private static void check(WholeRuns runs, GoldenCase golden) throws IOException {
    if (golden.manifest().has("error")) {
      assertThrows(
          IllegalArgumentException.class,
          () -> GoldenArrays.bounds(golden.manifest().required("call"), "speakers"));
      return;
    }
    WholeRuns.Run run = runs.of(golden);
    assertRttm(golden, run.diarization());
    if (golden.holds("segmentation/log_probabilities")) {
      assertNetworks(golden, run.stages());
      assertRttm(golden, run.stages().diarization());
    }
    if (golden.holds("clustering/hard_clusters")) {
      assertClustering(golden, run.clustering().orElseThrow());
    }
  }

  private static void assertRttm(GoldenCase golden, Diarization diarization) throws IOException {
    StringBuilder rttm = new StringBuilder();
    Rttm.write(diarization.turns(), diarization.uri(), rttm);
    assertEquals(Files.readString(golden.folder().resolve("output.rttm")), rttm.toString());
  }

  private static void assertNetworks(GoldenCase golden, WholeRuns.Stages stages)
      throws IOException {
    Weights recorded = golden.arrays("stages.safetensors");
    float[] expected = recorded.floats("segmentation/log_probabilities");
    float[] actual = new float[expected.length];
    int filled = 0;
    for (float[] part : stages.logProbabilities()) {
      System.arraycopy(part, 0, actual, filled, part.length);
      filled += part.length;
    }
    assertEquals(expected.length, filled);
    boolean silent = stages.embeddings().isEmpty();
    Compare.logProbabilities(
        silent ? Tolerances.SILENT_LOG_PROBABILITY : Tolerances.LOG_PROBABILITY,
        expected,
        actual,
        golden.name());

    int[] counts = GoldenArrays.ints(recorded.tensor("count"));
    int[] own = new int[stages.counts().counts().length];
    Arrays.setAll(own, frame -> stages.counts().counts()[frame]);
    assertArrayEquals(counts, own, "speaker counts");

    if (golden.holds("embeddings")) {
      float[] rows = recorded.floats("embeddings");
      Embeddings embeddings = stages.embeddings().orElseThrow();
      int dimension = embeddings.dimension();
      for (int pair = 0; pair < embeddings.rows().length; pair++) {
        float[] row = Arrays.copyOfRange(rows, pair * dimension, (pair + 1) * dimension);
        Compare.within(Tolerances.EMBEDDING, row, embeddings.rows()[pair], "pair " + pair);
      }
    }
  }

  /**
   * The same clusters; heights that are nearly the same; and for the pipeline's own method the same
   * merges in the same order. The other methods have merges that lie closer together than PyTorch's
   * float32 spectrum, which nobody reproduces, is exact.
   */
  private static void assertClustering(GoldenCase golden, Clustering clustering)
      throws IOException {
    Weights recorded = golden.arrays("stages.safetensors");
    double[] z = GoldenArrays.doubles(recorded.tensor("clustering/dendrogram"));
    Dendrogram dendrogram = clustering.dendrogram().orElseThrow();
    boolean centroid =
        golden.manifest().at("/params/clustering/method").asText().equals("centroid");
    assertEquals(z.length / 4, dendrogram.merges());
    for (int k = 0; k < dendrogram.merges(); k++) {
      String merge = "merge " + k;
      assertEquals(z[4 * k + 2], dendrogram.height()[k], Tolerances.HEIGHT, merge);
      if (centroid) {
        assertEquals(z[4 * k], dendrogram.a()[k], merge);
        assertEquals(z[4 * k + 1], dendrogram.b()[k], merge);
        assertEquals(z[4 * k + 3], dendrogram.size()[k], merge);
      }
    }
    assertArrayEquals(
        GoldenArrays.ints(recorded.tensor("clustering/hard_clusters")), clustering.clusters());
  }
}
