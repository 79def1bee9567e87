package dev.diarist.clustering;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.ForkJoinPool;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every merge and every bit of a height must be that of {@link GenericLinkage}. */
class RowLinkageTest {

  /** Sets of points, most of them hard on the order of merges. */
  private enum Points {
    SQUARE_GRID(random -> grid(random, 2, 4)),
    SPARSE_GRID(random -> grid(random, 1 + random.nextInt(5), 3)),
    CORNERS_OF_A_CUBE(random -> grid(random, 40, 2)),
    LINE(random -> grid(random, 1, 50)),
    LINE_IN_SPACE(
        random -> {
          float[][] points = grid(random, 1, 50);
          for (int i = 0; i < points.length; i++) {
            float t = points[i][0];
            points[i] = new float[] {t, 2 * t, -t, 0.5f * t};
          }
          return points;
        }),
    CLOUD(random -> gaussian(random, 1 + random.nextInt(5), 1)),
    CLOUD_AROUND_THE_ORIGIN_OF_MANY_DIMENSIONS(random -> gaussian(random, 256, 0.06)),
    NEARLY_EQUAL(
        random -> {
          float[][] points = gaussian(random, 3, 1e-6);
          for (float[] point : points) {
            point[0] += random.nextInt(3);
          }
          return points;
        }),
    HALF_OF_THEM_REPEATED(
        random -> {
          float[][] points = gaussian(random, 8, 1);
          for (int i = 0; i < points.length / 2; i++) {
            points[random.nextInt(points.length)] = points[random.nextInt(points.length)].clone();
          }
          return points;
        }),
    ALL_EQUAL(random -> new float[2 + random.nextInt(100)][6]),
    // Nearly equilateral: a union is often nearer to the next point than its parts were.
    SIMPLEX(
        random -> {
          int count = 2 + random.nextInt(100);
          float[][] points = new float[count][count];
          for (int i = 0; i < count; i++) {
            points[i][i] = 1 + (random.nextBoolean() ? 0 : 1e-3f * random.nextFloat());
          }
          return points;
        });

    private final Function<Random, float[][]> generator;

    Points(Function<Random, float[][]> generator) {
      this.generator = generator;
    }

    private static int count(Random random) {
      return 2 + random.nextInt(random.nextInt(5) == 0 ? 399 : 60);
    }

    private static float[][] grid(Random random, int dimension, int side) {
      float[][] points = new float[count(random)][dimension];
      for (float[] point : points) {
        for (int d = 0; d < dimension; d++) {
          point[d] = random.nextInt(side);
        }
      }
      return points;
    }

    private static float[][] gaussian(Random random, int dimension, double scale) {
      float[][] points = new float[count(random)][dimension];
      for (float[] point : points) {
        for (int d = 0; d < dimension; d++) {
          point[d] = (float) (scale * random.nextGaussian());
        }
      }
      return points;
    }
  }

  private static void assertSame(Dendrogram expected, Dendrogram actual, String what) {
    assertArrayEquals(expected.a(), actual.a(), what);
    assertArrayEquals(expected.b(), actual.b(), what);
    assertArrayEquals(expected.size(), actual.size(), what);
    assertArrayEquals(bits(expected.height()), bits(actual.height()), what);
  }

  private static long[] bits(double[] values) {
    return Arrays.stream(values).mapToLong(Double::doubleToLongBits).toArray();
  }

  private static void assertSameAsMatrix(float[][] rows, String what) {
    for (Update update : new Update[] {Update.CENTROID, Update.MEDIAN}) {
      Dendrogram expected = GenericLinkage.link(DistanceMatrix.euclidean(rows), update);
      assertSame(expected, RowLinkage.link(rows, update), what);
    }
  }

  @ParameterizedTest
  @EnumSource(Points.class)
  void mergesAndHeightsAreThoseOfTheMatrix(Points points) {
    for (int seed = 0; seed < 50; seed++) {
      float[][] rows = points.generator.apply(new Random(seed));
      assertSameAsMatrix(rows, points + ", seed " + seed);
    }
  }

  /**
   * Embeddings like those of audio: speakers that come and go, drift, and say something new in each
   * of the seconds that make up a chunk of ten; one in fifty is the same vector, as where a mask
   * vanishes.
   */
  private static float[][] recording(int count, int speakers, long seed) {
    int dimension = 256;
    int seconds = 10;
    Random random = new Random(seed);
    float[][] means = new float[speakers][dimension];
    float[][][] recent = new float[speakers][seconds][dimension];
    for (int k = 0; k < speakers; k++) {
      for (int d = 0; d < dimension; d++) {
        // Embeddings vary more along some directions than along others.
        means[k][d] = (float) (random.nextGaussian() / (1 + d / 16.0));
      }
    }
    float[] vanished = new float[dimension];
    Arrays.fill(vanished, 0.1f);
    float[][] rows = new float[count][];
    int speaker = 0;
    for (int i = 0; i < count; i++) {
      if (random.nextInt(20) == 0) {
        speaker = random.nextInt(speakers);
      }
      float[] second = recent[speaker][i % seconds];
      for (int d = 0; d < dimension; d++) {
        second[d] = (float) (1.5 * random.nextGaussian() / (1 + d / 16.0));
        means[speaker][d] += (float) (0.002 * random.nextGaussian());
      }
      rows[i] = new float[dimension];
      for (int d = 0; d < dimension; d++) {
        float sum = 0;
        for (float[] part : recent[speaker]) {
          sum += part[d];
        }
        rows[i][d] = means[speaker][d] + sum / seconds;
      }
      if (random.nextInt(50) == 0) {
        rows[i] = vanished.clone();
      }
    }
    return FloatRows.normalized(rows);
  }

  @Test
  void aRecordingIsLinkedAsByTheMatrix() {
    assertSameAsMatrix(recording(1500, 6, 3), "1,500 embeddings");
  }

  /** Slots die until columns move, several times. */
  @Test
  void aThirdOfTheEmbeddingsMayBeTheSame() {
    float[][] rows = recording(2000, 4, 4);
    Random random = new Random(5);
    for (int i = 0; i < 700; i++) {
      rows[random.nextInt(rows.length)] = rows[17].clone();
    }
    assertSameAsMatrix(rows, "700 equal embeddings of 2,000");
  }

  /** Ties of many with many, each of which needs exact distances. */
  @Test
  void aRecordingMayRepeatItselfExactly() {
    float[][] rows = recording(1200, 4, 6);
    for (int i = 300; i < rows.length; i++) {
      rows[i] = rows[i % 300].clone();
    }
    assertSameAsMatrix(rows, "300 embeddings, four times each");
  }

  @Test
  void theNumberOfThreadsChangesNothing() throws Exception {
    float[][] rows = recording(1500, 5, 7);
    Dendrogram expected = null;
    for (int threads : new int[] {1, 2, 7}) {
      try (ForkJoinPool pool = new ForkJoinPool(threads)) {
        Dendrogram actual = pool.submit(() -> RowLinkage.link(rows, Update.CENTROID)).get();
        expected = expected == null ? actual : expected;
        assertSame(expected, actual, threads + " threads");
      }
    }
  }

  @Test
  void twoPointsMerge() {
    Dendrogram dendrogram = RowLinkage.link(new float[][] {{3, 0}, {0, 4}}, Update.CENTROID);
    assertSame(
        new Dendrogram(new int[] {0}, new int[] {1}, new double[] {5}, new int[] {2}),
        dendrogram,
        "two points");
  }

  @Test
  void anEmbeddingThatIsNotFiniteIsNamedAsByTheMatrix() {
    for (int bad = 0; bad < 3; bad++) {
      float[][] rows = {{1, 0}, {0, 1}, {1, 1}};
      rows[bad][0] = Float.NaN;
      String expected =
          assertThrows(IllegalArgumentException.class, () -> DistanceMatrix.euclidean(rows))
              .getMessage();
      String actual =
          assertThrows(IllegalArgumentException.class, () -> RowLinkage.link(rows, Update.CENTROID))
              .getMessage();
      assertEquals(expected, actual);
    }
  }

  /** The matrix takes 1.2 GB here. */
  @Test
  @Tag("long")
  void hoursOfAudioAreLinkedAsByTheMatrix() {
    float[][] rows = recording(17_000, 12, 8);
    assertSame(
        GenericLinkage.link(DistanceMatrix.euclidean(rows), Update.CENTROID),
        RowLinkage.link(rows, Update.CENTROID),
        "17,000 embeddings");
  }

  /** The matrix would take 6.4 GB, and the heap of tests is 4 GB. */
  @Test
  @Tag("long")
  void memoryGrowsWithTheRowsAndNotWithTheirPairs() {
    float[][] rows = recording(40_000, 20, 9);
    System.gc();
    for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
      pool.resetPeakUsage();
    }
    long start = System.nanoTime();
    Dendrogram dendrogram = RowLinkage.link(rows, Update.CENTROID);
    double seconds = (System.nanoTime() - start) / 1e9;
    long peak = 0;
    for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
      boolean old = pool.getName().contains("Old") || pool.getName().contains("Tenured");
      peak += old ? pool.getPeakUsage().getUsed() : 0;
    }
    assertTrue(peak > 0, "a pool of old objects");
    assertEquals(40_000, dendrogram.size()[dendrogram.merges() - 1]);
    assertTrue(peak < 1_000_000_000, "at most 1 GB of what outlives a collection, got " + peak);
    assertTrue(seconds < 600, "at most ten minutes, took " + seconds + " s");
  }
}
