package dev.diarist.clustering;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.diarist.annotation.Annotation;
import dev.diarist.annotation.Segment;
import dev.diarist.annotation.Track;
import dev.diarist.embedding.Embeddings;
import dev.diarist.embedding.Masks;
import dev.diarist.segmentation.Segmentation;
import dev.diarist.segmentation.SlidingWindow;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Expected values are those of OracleClustering of pyannote.audio 3.3.2 on the same inputs. */
class OracleClusteringTest {
  private static final int CHUNKS = 4;
  private static final int FRAMES = 589;
  private static final int SPEAKERS = 3;

  private static Segmentation segmentation() {
    byte[] active = new byte[CHUNKS * FRAMES];
    for (int c = 0; c < CHUNKS; c++) {
      for (int f = 0; f < FRAMES; f++) {
        for (int s = 0; s < SPEAKERS; s++) {
          if (f / (40 + 17 * s + 9 * c) % 3 == s % 2) {
            active[c * FRAMES + f] |= (byte) (1 << s);
          }
        }
      }
    }
    return new Segmentation(
        CHUNKS,
        FRAMES,
        SPEAKERS,
        active,
        new SlidingWindow(0, 10, 1),
        new SlidingWindow(0, 0.0619375, 0.016875));
  }

  private static Annotation reference(String labels) {
    double[][] turns = {{0.5, 4.2}, {7, 9}, {3, 6}, {10, 12.5}, {5, 8.1}, {1, 2}, {11, 13}};
    String speakers = "AABBCDD";
    List<Track> tracks = new ArrayList<>();
    for (int i = 0; i < turns.length; i++) {
      String label = speakers.substring(i, i + 1);
      if (labels.contains(label)) {
        tracks.add(new Track(new Segment(turns[i][0], turns[i][1]), Integer.toString(i), label));
      }
    }
    return Annotation.of(tracks);
  }

  private static Clustering cluster(String labels, double durationSeconds) {
    return cluster(reference(labels), durationSeconds);
  }

  private static Clustering cluster(Annotation reference, double durationSeconds) {
    float[][] rows = new float[CHUNKS * SPEAKERS][];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = new float[] {2 * i, 2 * i + 1};
    }
    Segmentation segmentation = segmentation();
    return new OracleClustering(reference, durationSeconds)
        .cluster(
            segmentation,
            new Embeddings(CHUNKS, SPEAKERS, 2, rows),
            Masks.activePairs(segmentation));
  }

  @Test
  void localSpeakersAreMatchedWithMoreLabelsThanThereAre() {
    Clustering clustering = cluster("ABCD", 12.3);
    assertArrayEquals(new int[] {2, 3, 1, 3, 2, 1, 3, 1, 0, -2, -2, -2}, clustering.clusters());
    float[][] centroids = {{16, 17}, {9.333333f, 10.333333f}, {4, 5}, {6.6666665f, 7.6666665f}};
    for (int k = 0; k < centroids.length; k++) {
      assertArrayEquals(centroids[k], clustering.centroids()[k]);
    }
  }

  @Test
  void localSpeakersBeyondTheLabelsHaveNoCluster() {
    assertArrayEquals(
        new int[] {-2, 1, 0, 0, 1, -2, -2, 1, 0, -2, -2, -2}, cluster("AC", 12.3).clusters());
    assertArrayEquals(
        new int[] {-2, -2, 0, -2, -2, 0, -2, 0, -2, -2, -2, -2}, cluster("B", 12.3).clusters());
  }

  @Test
  void aChunkThatEndsWithTheRecordingCounts() {
    int[] clusters = cluster("ABCD", 13).clusters();
    int matched = 0;
    for (int s = 0; s < SPEAKERS; s++) {
      matched += clusters[3 * SPEAKERS + s] == Assignment.NO_CLUSTER ? 0 : 1;
    }
    assertEquals(3, matched);
  }

  /** A ends 5 ms after the second chunk begins, C after the fourth; pauses of B and C vanish. */
  @Test
  void aTurnThatEndsAsAChunkBeginsFillsIt() {
    double[][] turns = {
      {0.2, 1.005}, {3, 6}, {2.001, 2.006}, {2.0065, 2.5}, {1.5, 3.004}, {3.004, 3.007}
    };
    List<Track> tracks = new ArrayList<>();
    for (int i = 0; i < turns.length; i++) {
      Segment segment = new Segment(turns[i][0], turns[i][1]);
      tracks.add(new Track(segment, Integer.toString(i), "ABBBCC".substring(i, i + 1)));
    }
    assertArrayEquals(
        new int[] {2, 1, 0, 1, 2, 0, 1, 0, 2, 2, 0, 1},
        cluster(Annotation.of(tracks), 13).clusters());
  }

  @Test
  void whatCannotBeMatchedIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> cluster("", 12.3));
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> cluster("A", 9.99));
    assertEquals(
        "oracle clustering needs a recording of a whole chunk, 10.0 s, got 9.99 s", e.getMessage());
  }
}
