package dev.diarist.clustering;

import dev.diarist.annotation.Annotation;
import dev.diarist.annotation.Segment;
import dev.diarist.annotation.Track;
import dev.diarist.embedding.Embeddings;
import dev.diarist.segmentation.Segmentation;
import dev.diarist.segmentation.SlidingWindow;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/**
 * The clusters that a perfect clustering would find: in each chunk, local speakers are matched with
 * the speakers of a reference that are most like them, frame by frame. What errors remain are those
 * of the segmentation.
 *
 * <p>Cluster k is label k of the reference. A chunk that ends after the recording has no clusters;
 * who speaks in the frames that only it covers is then as arbitrary as in the reference
 * implementation.
 *
 * <p>Source: {@code OracleClustering} of pyannote.audio 3.3.2. Differs: centroids are means of all
 * embeddings, not of a random thousand, and zero where there are none.
 *
 * @param reference who spoke when
 * @param durationSeconds of the recording as it was recorded, not as it was resampled
 */
public record OracleClustering(Annotation reference, double durationSeconds) {

  /**
   * @param activePairs pairs c·S + s whose local speaker is active; not modified
   * @throws IllegalArgumentException if the reference names nobody, or the recording is shorter
   *     than a chunk
   */
  public Clustering cluster(Segmentation segmentation, Embeddings embeddings, BitSet activePairs) {
    List<String> labels = reference.labels();
    if (labels.isEmpty()) {
      throw new IllegalArgumentException("a reference must name at least one speaker, names none");
    }
    int localSpeakers = segmentation.localSpeakers();
    SlidingWindow chunks = segmentation.chunkWindow();
    if (durationSeconds < chunks.durationSeconds()) {
      throw new IllegalArgumentException(
          "oracle clustering needs a recording of a whole chunk, %s s, got %s s"
              .formatted(chunks.durationSeconds(), durationSeconds));
    }
    List<List<Segment>> turns = turns(labels);
    int[] clusters = new int[segmentation.chunks() * localSpeakers];
    Arrays.fill(clusters, Assignment.NO_CLUSTER);
    for (int c = 0; c < segmentation.chunks(); c++) {
      Segment chunk =
          new SlidingWindow(0, chunks.durationSeconds(), chunks.stepSeconds()).segment(c);
      if (chunk.endSeconds() > durationSeconds) {
        continue;
      }
      BitSet[] spoken = discretize(turns, chunk, segmentation);
      int[] localOfLabel = match(spoken, segmentation, c);
      for (int k = 0; k < labels.size(); k++) {
        if (localOfLabel[k] != LinearSumAssignment.UNASSIGNED) {
          clusters[c * localSpeakers + localOfLabel[k]] = k;
        }
      }
    }
    return clustering(clusters, labels.size(), embeddings, activePairs);
  }

  /** The turns of each label in their order, none of which touch. */
  private List<List<Segment>> turns(List<String> labels) {
    List<Track> joined = reference.support(0).tracks();
    return labels.stream()
        .map(
            label ->
                joined.stream()
                    .filter(track -> track.label().equals(label))
                    .map(Track::segment)
                    .toList())
        .toList();
  }

  /**
   * The frames of a chunk in which each label speaks. A turn that ends just after the chunk begins
   * ends before the middle of the first frame; where the number of that end is negative, it is
   * counted from the end of the chunk, all of which the label then seems to speak. So it is there.
   * Source: pyannote.core, discretize.
   */
  private static BitSet[] discretize(
      List<List<Segment>> turns, Segment chunk, Segmentation segmentation) {
    SlidingWindow frames = segmentation.frameWindow().startingAt(chunk.startSeconds());
    int count =
        (int) Math.rint(segmentation.chunkWindow().durationSeconds() / frames.stepSeconds());
    BitSet[] spoken = new BitSet[turns.size()];
    for (int k = 0; k < spoken.length; k++) {
      spoken[k] = new BitSet();
      for (FrameRange range : ranges(turns.get(k), chunk, frames)) {
        int end = Math.min(range.end(), count);
        if (end < 0) {
          end += count;
        }
        int first = Math.max(0, range.first());
        if (first < end) {
          spoken[k].set(first, end);
        }
      }
    }
    return spoken;
  }

  /** Frames from {@code first} on, before {@code end}; either may be outside the chunk. */
  private record FrameRange(int first, int end) {}

  /** The turns within a chunk; ranges that touch are one. */
  private static List<FrameRange> ranges(List<Segment> turns, Segment chunk, SlidingWindow frames) {
    List<FrameRange> ranges = new ArrayList<>();
    for (Segment turn : turns) {
      Segment part = turn.intersection(chunk);
      if (part.isEmpty()) {
        continue;
      }
      int first = frames.closestFrame(part.startSeconds());
      int end = frames.closestFrame(part.endSeconds()) + 1;
      if (!ranges.isEmpty() && first <= ranges.getLast().end()) {
        first = ranges.removeLast().first();
      }
      ranges.add(new FrameRange(first, end));
    }
    return ranges;
  }

  /**
   * The local speaker of each label, with the least frames in which the two differ in sum; {@link
   * LinearSumAssignment#UNASSIGNED} where there is none. Source: pyannote.audio, permutate.
   */
  private static int[] match(BitSet[] spoken, Segmentation segmentation, int chunk) {
    int frames = segmentation.frames();
    int localSpeakers = segmentation.localSpeakers();
    int rows = Math.max(spoken.length, localSpeakers);
    double[][] cost = new double[rows][localSpeakers];
    float largest = 0;
    for (int k = 0; k < spoken.length; k++) {
      for (int s = 0; s < localSpeakers; s++) {
        int different = 0;
        for (int f = 0; f < frames; f++) {
          different += spoken[k].get(f) != segmentation.isActive(chunk, f, s) ? 1 : 0;
        }
        float mean = different / (float) frames; // float32, as there: it decides between equals
        cost[k][s] = mean;
        largest = Math.max(largest, mean);
      }
    }
    for (int k = spoken.length; k < rows; k++) {
      Arrays.fill(cost[k], largest + 1);
    }
    return Arrays.copyOf(LinearSumAssignment.minimize(cost), spoken.length);
  }

  private static Clustering clustering(
      int[] clusters, int count, Embeddings embeddings, BitSet activePairs) {
    int[] trainPairs =
        activePairs.stream().filter(pair -> !FloatRows.holdsNan(embeddings.rows()[pair])).toArray();
    int[] trainClusters = Arrays.stream(trainPairs).map(pair -> clusters[pair]).toArray();
    float[][] train =
        Arrays.stream(trainPairs).mapToObj(pair -> embeddings.rows()[pair]).toArray(float[][]::new);
    float[][] centroids = new float[count][];
    for (int k = 0; k < count; k++) {
      int cluster = k;
      centroids[k] =
          Arrays.stream(trainClusters).anyMatch(found -> found == cluster)
              ? FloatRows.mean(train, trainClusters, k, embeddings.dimension())
              : new float[embeddings.dimension()];
    }
    return new Clustering(
        clusters, centroids, trainPairs, trainClusters, Optional.empty(), List.of());
  }
}
