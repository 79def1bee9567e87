package dev.diarist.tests.golden;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.diarist.clustering.Clustering;
import dev.diarist.embedding.Embeddings;
import dev.diarist.embedding.Masks;
import dev.diarist.nn.weights.Weights;
import dev.diarist.segmentation.Segmentation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Clustering of real embeddings; every number must be that of pyannote. */
class ClusteringGoldenTest {

  @TestFactory
  Stream<DynamicTest> clustersAreThoseOfPyannote() throws IOException {
    return GoldenCases.test("clustering", golden -> true, ClusteringGoldenTest::check);
  }

  private static void check(GoldenCase golden) throws IOException {
    Path source = GoldenCases.shared().resolve(golden.manifest().required("source").asText());
    Npz rows = Npz.read(source.resolve("raw_embeddings.npz"), "embeddings");
    Npz multilabel = Npz.read(source.resolve("segmentations.npz"), "segmentations");
    Embeddings embeddings = GoldenArrays.embeddings(rows.values(), rows.shape());
    Segmentation segmentation = GoldenArrays.segmentation(multilabel.values(), multilabel.shape());
    Clustering clustering =
        GoldenArrays.clustering(
                golden.manifest().required("params"),
                golden.manifest().required("constrained").asBoolean())
            .cluster(
                embeddings,
                Masks.activePairs(segmentation),
                GoldenArrays.bounds(golden.manifest().required("call"), "clusters"));

    Weights expected = golden.arrays("clustering.safetensors");
    GoldenArrays.assertDendrogram(
        expected.tensor("dendrogram"), clustering.dendrogram().orElseThrow());
    assertArrayEquals(
        GoldenArrays.ints(expected.tensor("train_clusters")), clustering.trainClusters());
    assertArrayEquals(GoldenArrays.ints(expected.tensor("hard_clusters")), clustering.clusters());
    GoldenArrays.assertRows(expected.tensor("centroids"), clustering.centroids());
    assertEquals(golden.manifest().required("clusters").asInt(), clustering.detectedSpeakers());
  }
}
