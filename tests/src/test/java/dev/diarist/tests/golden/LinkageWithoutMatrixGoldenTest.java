package dev.diarist.tests.golden;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import com.fasterxml.jackson.databind.JsonNode;
import dev.diarist.clustering.Clustering;
import dev.diarist.embedding.Embeddings;
import dev.diarist.embedding.Masks;
import dev.diarist.nn.weights.Weights;
import dev.diarist.segmentation.Segmentation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Linkage as of very long recordings, on real embeddings; every bit must be that of scipy. */
class LinkageWithoutMatrixGoldenTest {
  private static final Set<String> METHODS = Set.of("centroid", "median");

  @TestFactory
  Stream<DynamicTest> clustersWithoutAMatrixAreThoseOfPyannote() throws IOException {
    return GoldenCases.test(
        "clustering",
        golden ->
            METHODS.contains(golden.manifest().required("params").required("method").asText()),
        LinkageWithoutMatrixGoldenTest::check);
  }

  private static void check(GoldenCase golden) throws IOException {
    JsonNode manifest = golden.manifest();
    Path source = GoldenCases.shared().resolve(manifest.required("source").asText());
    Npz rows = Npz.read(source.resolve("raw_embeddings.npz"), "embeddings");
    Npz multilabel = Npz.read(source.resolve("segmentations.npz"), "segmentations");
    Embeddings embeddings = GoldenArrays.embeddings(rows.values(), rows.shape());
    Segmentation segmentation = GoldenArrays.segmentation(multilabel.values(), multilabel.shape());
    Clustering clustering =
        GoldenArrays.clustering(
                manifest.required("params"), manifest.required("constrained").asBoolean())
            .cluster(
                embeddings,
                Masks.activePairs(segmentation),
                GoldenArrays.bounds(manifest.required("call"), "clusters"),
                0);
    Weights expected = golden.arrays("clustering.safetensors");
    GoldenArrays.assertDendrogram(
        expected.tensor("dendrogram"), clustering.dendrogram().orElseThrow());
    assertArrayEquals(GoldenArrays.ints(expected.tensor("hard_clusters")), clustering.clusters());
  }
}
