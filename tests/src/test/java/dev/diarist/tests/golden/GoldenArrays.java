package dev.diarist.tests.golden;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import dev.diarist.SpeakerBounds;
import dev.diarist.clustering.AgglomerativeClustering;
import dev.diarist.clustering.Dendrogram;
import dev.diarist.clustering.LinkageMethod;
import dev.diarist.embedding.Embeddings;
import dev.diarist.nn.weights.DType;
import dev.diarist.nn.weights.Tensor;
import dev.diarist.segmentation.Segmentation;
import dev.diarist.segmentation.SlidingWindow;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Recorded arrays and parameters as the records of the pipeline. */
final class GoldenArrays {
  private static final ValueLayout.OfDouble DOUBLE =
      ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private GoldenArrays() {}

  /** The values of an F64 tensor. */
  static double[] doubles(Tensor tensor) {
    assertEquals(DType.F64, tensor.type());
    double[] values = new double[Math.toIntExact(tensor.elements())];
    for (int i = 0; i < values.length; i++) {
      values[i] = tensor.bytes().get(DOUBLE, 8L * i);
    }
    return values;
  }

  static int[] ints(Tensor tensor) {
    long[] longs = tensor.toLongs();
    int[] ints = new int[longs.length];
    for (int i = 0; i < ints.length; i++) {
      ints[i] = Math.toIntExact(longs[i]);
    }
    return ints;
  }

  /** (rows, columns), row-major → one array for each row. */
  static float[][] rows(float[] values, int columns) {
    float[][] rows = new float[values.length / columns][columns];
    for (int i = 0; i < values.length; i++) {
      rows[i / columns][i % columns] = values[i];
    }
    return rows;
  }

  /** (C, F, S) of 0 and 1 → a segmentation of chunks of ten seconds, one second apart. */
  static Segmentation segmentation(float[] multilabel, long[] shape) {
    int chunks = (int) shape[0];
    int frames = (int) shape[1];
    int localSpeakers = (int) shape[2];
    byte[] active = new byte[chunks * frames];
    for (int i = 0; i < multilabel.length; i++) {
      if (multilabel[i] != 0) {
        active[i / localSpeakers] |= (byte) (1 << i % localSpeakers);
      }
    }
    return new Segmentation(
        chunks,
        frames,
        localSpeakers,
        active,
        new SlidingWindow(0, 10, 1),
        new SlidingWindow(0, 0.0619375, 0.016875));
  }

  /** (C, S, D). */
  static Embeddings embeddings(float[] values, long[] shape) {
    int dimension = (int) shape[2];
    return new Embeddings((int) shape[0], (int) shape[1], dimension, rows(values, dimension));
  }

  /** From the object {@code clustering} of a pipeline's parameters. */
  static AgglomerativeClustering clustering(JsonNode parameters, boolean constrained) {
    return new AgglomerativeClustering(
        LinkageMethod.of(parameters.required("method").asText()),
        parameters.required("min_cluster_size").asInt(),
        parameters.required("threshold").asDouble(),
        constrained);
  }

  /** From the keyword arguments of a call, such as {@code num_speakers} and its likes. */
  static SpeakerBounds bounds(JsonNode call, String unit) {
    if (call.has("num_" + unit)) {
      return SpeakerBounds.exactly(call.get("num_" + unit).asInt());
    }
    return SpeakerBounds.between(
        call.path("min_" + unit).asInt(1), call.path("max_" + unit).asInt(Integer.MAX_VALUE));
  }

  /** Every merge must be that of scipy's (n-1, 4) array, to the last bit. */
  static void assertDendrogram(Tensor expected, Dendrogram actual) {
    double[] z = doubles(expected);
    assertEquals(z.length / 4, actual.merges(), "merges");
    for (int k = 0; k < actual.merges(); k++) {
      assertEquals(z[4 * k], actual.a()[k], "a of merge " + k);
      assertEquals(z[4 * k + 1], actual.b()[k], "b of merge " + k);
      assertEquals(
          Double.doubleToLongBits(z[4 * k + 2]),
          Double.doubleToLongBits(actual.height()[k]),
          () -> "bits of a height, among " + actual.merges());
      assertEquals(z[4 * k + 3], actual.size()[k], "size of merge " + k);
    }
  }

  /** Every row must be recorded with the same bits. */
  static void assertRows(Tensor expected, float[][] actual) {
    int columns = (int) expected.shape()[1];
    assertEquals(expected.shape()[0], actual.length, "rows");
    float[][] rows = rows(expected.toFloats(), columns);
    for (int i = 0; i < rows.length; i++) {
      assertArrayEquals(rows[i], actual[i], "row " + i);
    }
  }
}
