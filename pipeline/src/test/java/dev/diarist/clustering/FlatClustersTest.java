package dev.diarist.clustering;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FlatClustersTest {

  @Test
  void clustersAreNumberedDepthFirstAsScipyDoes() {
    // linkage([[10], [0], [.1], [5], [5.2], [20]], "single"); fcluster(Z, 1, "distance") - 1
    Dendrogram dendrogram =
        new Dendrogram(
            new int[] {1, 3, 0, 6, 5},
            new int[] {2, 4, 7, 8, 9},
            new double[] {0.1, 0.2, 4.8, 4.9, 10},
            new int[] {2, 2, 3, 5, 6});
    assertArrayEquals(new int[] {2, 0, 0, 1, 1, 3}, FlatClusters.cut(dendrogram, 1));
    assertArrayEquals(new int[6], FlatClusters.cut(dendrogram, 10));
  }

  @Test
  void aNodeBelowAHigherChildIsNoCluster() {
    Dendrogram inversion =
        new Dendrogram(
            new int[] {0, 2}, new int[] {1, 3}, new double[] {1, 0.87}, new int[] {2, 3});
    assertArrayEquals(new int[] {0, 1, 2}, FlatClusters.cut(inversion, 0.9));
    assertArrayEquals(new int[] {0, 0, 0}, FlatClusters.cut(inversion, 1));
  }

  @Test
  void oneOrTwoPointsAreClusters() {
    Dendrogram one = new Dendrogram(new int[0], new int[0], new double[0], new int[0]);
    assertArrayEquals(new int[] {0}, FlatClusters.cut(one, 1));
    Dendrogram two = new Dendrogram(new int[] {0}, new int[] {1}, new double[] {1}, new int[] {2});
    assertArrayEquals(new int[] {0, 1}, FlatClusters.cut(two, 0));
    assertArrayEquals(new int[] {0, 0}, FlatClusters.cut(two, 1));
  }

  @Test
  void aChainOf90000MergesDoesNotOverflowTheStack() {
    int points = 90_000;
    int[] a = new int[points - 1];
    int[] b = new int[points - 1];
    double[] height = new double[points - 1];
    int[] size = new int[points - 1];
    for (int k = 0; k < points - 1; k++) {
      a[k] = k + 1;
      b[k] = k == 0 ? 0 : points + k - 1;
      height[k] = k;
      size[k] = k + 2;
    }
    a[0] = 0;
    b[0] = 1;
    int[] clusters = FlatClusters.cut(new Dendrogram(a, b, height, size), 44_999);
    assertEquals(45_001, Arrays.stream(clusters).filter(c -> c == 0).count());
    assertEquals(points - 45_001, Arrays.stream(clusters).max().orElseThrow());
  }

  @Test
  void aRecursiveReadingOfTheRuleGivesTheSameNumbers() {
    Random random = new Random(3);
    for (int problem = 0; problem < 200; problem++) {
      float[][] points = new float[2 + random.nextInt(40)][2];
      for (float[] point : points) {
        point[0] = random.nextInt(5);
        point[1] = random.nextInt(5);
      }
      Dendrogram dendrogram = LinkageMethod.CENTROID.link(DistanceMatrix.euclidean(points));
      double height = random.nextInt(8) * 0.5;
      assertArrayEquals(
          new Recursive(dendrogram, height).numbers, FlatClusters.cut(dendrogram, height));
    }
  }

  private static final class Recursive {
    private final Dendrogram dendrogram;
    private final double height;
    private final int[] numbers;
    private int next;

    Recursive(Dendrogram dendrogram, double height) {
      this.dendrogram = dendrogram;
      this.height = height;
      numbers = new int[dendrogram.points()];
      label(dendrogram.merges() - 1, -1);
    }

    private void label(int merge, int enclosing) {
      int cluster = enclosing < 0 && highest(merge) <= height ? next++ : enclosing;
      int[] children = {dendrogram.a()[merge], dendrogram.b()[merge]};
      for (int child : children) {
        if (child >= numbers.length) {
          label(child - numbers.length, cluster);
        }
      }
      for (int child : children) {
        if (child < numbers.length) {
          numbers[child] = cluster < 0 ? next++ : cluster;
        }
      }
    }

    private double highest(int merge) {
      double highest = dendrogram.height()[merge];
      for (int child : new int[] {dendrogram.a()[merge], dendrogram.b()[merge]}) {
        if (child >= numbers.length) {
          highest = Math.max(highest, highest(child - numbers.length));
        }
      }
      return highest;
    }
  }
}
