package dev.diarist.clustering;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Expected merges are those of scipy 1.17.1: {@code linkage(X, method)} on the points of {@link
 * #TIED}, where many distances are equal and scipy's order decides.
 */
class LinkageTest {
  private static final float[][] TIED = {
    {0, 0}, {1, 0}, {0, 1}, {1, 1}, {1, 1}, {2, 1}, {0, 2}, {2, 2}
  };

  private static void assertTied(LinkageMethod method, int[] a, int[] b, double... height) {
    Dendrogram dendrogram = method.link(DistanceMatrix.euclidean(TIED));
    assertArrayEquals(a, dendrogram.a());
    assertArrayEquals(b, dendrogram.b());
    assertArrayEquals(height, dendrogram.height());
  }

  @Test
  void centroidBreaksTiesAsScipy() {
    assertTied(
        LinkageMethod.CENTROID,
        new int[] {3, 0, 5, 2, 9, 6, 10},
        new int[] {4, 1, 7, 8, 11, 12, 13},
        0,
        1,
        1,
        1,
        1.0137937550497034,
        1.5231546211727816,
        1.6414763002993509);
    assertArrayEquals(
        new int[] {2, 2, 2, 3, 5, 6, 8},
        LinkageMethod.CENTROID.link(DistanceMatrix.euclidean(TIED)).size());
  }

  @Test
  void medianBreaksTiesAsScipy() {
    assertTied(
        LinkageMethod.MEDIAN,
        new int[] {3, 0, 5, 2, 9, 6, 10},
        new int[] {4, 1, 7, 8, 11, 12, 13},
        0,
        1,
        1,
        1,
        1,
        1.5811388300841898,
        1.7677669529663689);
  }

  @Test
  void averageBreaksTiesAsScipy() {
    assertTied(
        LinkageMethod.AVERAGE,
        new int[] {3, 0, 2, 5, 9, 6, 11},
        new int[] {4, 1, 8, 7, 10, 12, 13},
        0,
        1,
        1,
        1,
        1.2071067811865475,
        1.6128990204491962,
        1.8346116434887196);
  }

  @Test
  void completeBreaksTiesAsScipy() {
    assertTied(
        LinkageMethod.COMPLETE,
        new int[] {3, 0, 2, 5, 9, 6, 11},
        new int[] {4, 1, 8, 7, 10, 12, 13},
        0,
        1,
        1,
        1,
        1.4142135623730951,
        2.23606797749979,
        2.8284271247461903);
  }

  @Test
  void singleBreaksTiesAsScipy() {
    assertTied(
        LinkageMethod.SINGLE,
        new int[] {3, 0, 2, 8, 5, 6, 7},
        new int[] {4, 1, 9, 10, 11, 12, 13},
        0,
        1,
        1,
        1,
        1,
        1,
        1);
  }

  @Test
  void wardBreaksTiesAsScipy() {
    assertTied(
        LinkageMethod.WARD,
        new int[] {3, 0, 2, 5, 8, 9, 11},
        new int[] {4, 1, 6, 7, 10, 12, 13},
        0,
        1,
        1,
        1,
        1.5811388300841895,
        2.041241452319315,
        2.843120351538664);
  }

  @Test
  void weightedBreaksTiesAsScipy() {
    assertTied(
        LinkageMethod.WEIGHTED,
        new int[] {3, 0, 2, 5, 9, 6, 11},
        new int[] {4, 1, 8, 7, 10, 12, 13},
        0,
        1,
        1,
        1,
        1.2071067811865475,
        1.6625703849682212,
        2.0193331307494318);
  }

  @Test
  void aCentroidMayBeNearerThanItsPartsWere() {
    Dendrogram dendrogram =
        LinkageMethod.CENTROID.link(
            DistanceMatrix.condensed(
                3, 1.0, Math.sqrt(0.25 + 0.87 * 0.87), Math.sqrt(0.25 + 0.87 * 0.87)));
    assertEquals(1, dendrogram.height()[0]);
    assertEquals(0.87, dendrogram.height()[1], 1e-12);
  }

  /** Without ties, every method merges the globally closest pair. */
  @ParameterizedTest
  @EnumSource(LinkageMethod.class)
  void closestClustersMergeFirst(LinkageMethod method) {
    Random random = new Random(11);
    for (int problem = 0; problem < 50; problem++) {
      float[][] points = new float[2 + random.nextInt(30)][4];
      for (float[] point : points) {
        for (int d = 0; d < point.length; d++) {
          point[d] = (float) random.nextGaussian();
        }
      }
      Dendrogram actual = method.link(DistanceMatrix.euclidean(points));
      List<double[]> expected = mergeClosest(method, DistanceMatrix.euclidean(points));
      for (int k = 0; k < actual.merges(); k++) {
        assertEquals(expected.get(k)[0], actual.a()[k]);
        assertEquals(expected.get(k)[1], actual.b()[k]);
        assertEquals(expected.get(k)[2], actual.height()[k], 1e-12);
        assertEquals(expected.get(k)[3], actual.size()[k]);
      }
    }
  }

  private static List<double[]> mergeClosest(LinkageMethod method, DistanceMatrix distances) {
    Update update =
        switch (method) {
          case AVERAGE -> Update.AVERAGE;
          case CENTROID -> Update.CENTROID;
          case COMPLETE -> Update.COMPLETE;
          case MEDIAN -> Update.MEDIAN;
          case SINGLE -> (dx, dy, dxy, nx, ny, ni) -> Math.min(dx, dy);
          case WARD -> Update.WARD;
          case WEIGHTED -> Update.WEIGHTED;
        };
    int points = distances.points();
    int[] node = new int[points];
    int[] members = new int[points];
    for (int i = 0; i < points; i++) {
      node[i] = i;
      members[i] = 1;
    }
    List<double[]> merges = new ArrayList<>();
    for (int k = 0; k < points - 1; k++) {
      int x = -1;
      int y = -1;
      for (int i = 0; i < points; i++) {
        for (int j = i + 1; j < points; j++) {
          if (members[i] > 0
              && members[j] > 0
              && (x < 0 || distances.get(i, j) < distances.get(x, y))) {
            x = i;
            y = j;
          }
        }
      }
      double height = distances.get(x, y);
      merges.add(
          new double[] {
            Math.min(node[x], node[y]), Math.max(node[x], node[y]), height, members[x] + members[y]
          });
      for (int z = 0; z < points; z++) {
        if (members[z] > 0 && z != x && z != y) {
          distances.set(
              z,
              y,
              update.distance(
                  distances.get(z, x),
                  distances.get(z, y),
                  height,
                  members[x],
                  members[y],
                  members[z]));
        }
      }
      members[y] += members[x];
      members[x] = 0;
      node[y] = points + k;
    }
    return merges;
  }

  @Test
  void aZeroEmbeddingHasNoDistance() {
    float[][] rows = FloatRows.normalized(new float[][] {{1, 0}, {0, 0}});
    assertThrows(IllegalArgumentException.class, () -> DistanceMatrix.euclidean(rows));
  }

  @Test
  void moreEmbeddingsThanFitInMemoryAreRefusedBeforeTheyAreAllocated() {
    float[][] rows = new float[1 << 20][];
    IllegalArgumentException failure =
        assertThrows(IllegalArgumentException.class, () -> DistanceMatrix.cosine(rows));
    assertEquals(
        "clustering 1048576 embeddings needs 4096.0 GiB", failure.getMessage().substring(0, 46));
  }

  @Test
  void methodsGoByTheNamesOfConfigurations() {
    assertEquals(LinkageMethod.CENTROID, LinkageMethod.of("centroid"));
    assertThrows(IllegalArgumentException.class, () -> LinkageMethod.of("Centroid"));
    assertThrows(IllegalArgumentException.class, () -> LinkageMethod.of("kmeans"));
  }
}
