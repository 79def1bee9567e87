package dev.diarist.tests.golden;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.diarist.Diarization;
import dev.diarist.annotation.Rttm;
import dev.diarist.clustering.Clustering;
import dev.diarist.clustering.Dendrogram;
import dev.diarist.embedding.Embeddings;
import dev.diarist.nn.backend.Backends;
import dev.diarist.nn.weights.Weights;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntToDoubleFunction;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/**
 * The whole way, from audio file and checkpoint to RTTM, against pyannote: every stage, and the
 * RTTM byte for byte.
 */
class WholeRunGoldenTest {
  private static final String KIND = "whole runs";
  private static final String BEST = Backends.choose(Backends.AUTO).name();

  /**
   * The reference backend and a device that is no GPU take seconds for each chunk of a full-size
   * model.
   */
  private static final int LONGEST_FULL_SIZE_ON_REFERENCE_SECONDS = 13;

  private static final List<WholeRuns> OPENED = new ArrayList<>();

  @AfterAll
  static void close() {
    OPENED.forEach(WholeRuns::close);
  }

  /** The recordings that ship with the project, so that a clone alone tests the whole way. */
  @TestFactory
  List<DynamicTest> runsThatShipGiveWhatPyannoteGives() throws IOException {
    Path shipped = Path.of(System.getProperty("diarist.root", "..")).resolve("tests/shared");
    return tests(shipped, "small", BEST);
  }

  @TestFactory
  List<DynamicTest> smallModelsGiveWhatPyannoteGives() throws IOException {
    return onEveryBackend("small");
  }

  @TestFactory
  @Tag("long")
  List<DynamicTest> fullSizeModelsGiveWhatPyannoteGives() throws IOException {
    return onEveryBackend("full");
  }

  private static List<DynamicTest> onEveryBackend(String size) {
    if (!GoldenCases.present()) {
      return List.of(GoldenCases.skipped(KIND));
    }
    return GoldenBackends.each(backend -> tests(size, backend.name()).stream());
  }

  private static List<DynamicTest> tests(String size, String backend) {
    try {
      return tests(GoldenCases.shared(), size, backend);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<DynamicTest> tests(Path shared, String size, String backend)
      throws IOException {
    WholeRuns runs = new WholeRuns(shared, backend);
    OPENED.add(runs);
    List<DynamicTest> tests = new ArrayList<>();
    for (GoldenCase golden : GoldenCases.in(shared.resolve("golden/runs/" + size))) {
      String name = size + "/" + golden.name() + " on " + backend;
      if (size.equals("small") || backend.equals(BEST) || isShort(golden)) {
        tests.add(GoldenCases.test(KIND, name, golden, c -> check(runs, c)));
      }
    }
    return tests;
  }

  private static boolean isShort(GoldenCase golden) {
    long rate = golden.manifest().required("sample_rate").asLong();
    return golden.manifest().required("samples").asLong()
        <= LONGEST_FULL_SIZE_ON_REFERENCE_SECONDS * rate;
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
   * The same clusters. For the pipeline's own method also the same dendrogram: every merge joins
   * the same embeddings at nearly the same height. Only the order of merges of nearly the same
   * height may differ: they lie closer together than PyTorch's float32 spectrum, which nobody
   * reproduces, is exact.
   */
  private static void assertClustering(GoldenCase golden, Clustering clustering)
      throws IOException {
    Weights recorded = golden.arrays("stages.safetensors");
    assertArrayEquals(
        GoldenArrays.ints(recorded.tensor("clustering/hard_clusters")), clustering.clusters());
    if (golden.manifest().at("/params/clustering/method").asText().equals("centroid")) {
      double[] z = GoldenArrays.doubles(recorded.tensor("clustering/dendrogram"));
      Dendrogram own = clustering.dendrogram().orElseThrow();
      Map<BitSet, Double> expected =
          heights(z.length / 4, k -> (int) z[4 * k], k -> (int) z[4 * k + 1], k -> z[4 * k + 2]);
      Map<BitSet, Double> actual =
          heights(own.merges(), k -> own.a()[k], k -> own.b()[k], k -> own.height()[k]);
      assertEquals(expected.keySet(), actual.keySet(), "embeddings joined by the merges");
      expected.forEach(
          (joined, height) ->
              assertEquals(height, actual.get(joined), Tolerances.HEIGHT, () -> "of " + joined));
    }
  }

  /** The height of each merge, by the embeddings it joins. */
  private static Map<BitSet, Double> heights(
      int merges, IntUnaryOperator a, IntUnaryOperator b, IntToDoubleFunction height) {
    List<BitSet> nodes = new ArrayList<>();
    for (int leaf = 0; leaf <= merges; leaf++) {
      BitSet alone = new BitSet();
      alone.set(leaf);
      nodes.add(alone);
    }
    Map<BitSet, Double> heights = new HashMap<>();
    for (int k = 0; k < merges; k++) {
      BitSet joined = (BitSet) nodes.get(a.applyAsInt(k)).clone();
      joined.or(nodes.get(b.applyAsInt(k)));
      nodes.add(joined);
      heights.put(joined, height.applyAsDouble(k));
    }
    return heights;
  }
}
