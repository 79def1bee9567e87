package dev.diarist.reconstruction;

import dev.diarist.annotation.Annotation;
import dev.diarist.clustering.Assignment;
import dev.diarist.segmentation.FrameCounts;
import dev.diarist.segmentation.FrameGrid;
import dev.diarist.segmentation.Segmentation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * The speakers of the file, frame by frame, from the local speakers of overlapping chunks.
 *
 * <p>In a frame where {@code count} speakers are active, they are those with the most votes. A
 * chunk votes for a cluster where any of its local speakers of that cluster is active; where the
 * network gives probabilities, the highest of these speakers' is added to the votes.
 *
 * <p>Source: {@code reconstruct} and {@code to_diarization} of pyannote.audio 3.3.2.
 */
public final class Reconstruction {
  private Reconstruction() {}

  /**
   * Where fewer clusters than {@code counts} says have votes, clusters without votes are active as
   * well. There are as many speakers as clusters, or as the largest count where that is more.
   *
   * @param clusters (C·S), {@link Assignment#NO_CLUSTER} for inactive pairs; not modified
   * @throws IllegalArgumentException if the arguments are not of one file
   */
  public static DiscreteDiarization reconstruct(
      Segmentation segmentation, int[] clusters, FrameCounts counts, TieOrder ties) {
    FrameGrid grid = FrameGrid.of(segmentation);
    int localSpeakers = segmentation.localSpeakers();
    if (clusters.length != segmentation.chunks() * localSpeakers
        || counts.counts().length != grid.frames()) {
      throw new IllegalArgumentException(
          "there must be a cluster for each pair and a count for each frame, got %d of %d and %d of %d"
              .formatted(
                  clusters.length,
                  segmentation.chunks() * localSpeakers,
                  counts.counts().length,
                  grid.frames()));
    }
    int speakers = counts.max();
    for (int cluster : clusters) {
      speakers = Math.max(speakers, cluster + 1);
    }
    List<BitSet> active = new ArrayList<>();
    for (int k = 0; k < speakers; k++) {
      active.add(new BitSet(grid.frames()));
    }
    double[] votes = new double[speakers];
    grid.forEachFrame(
        (frame, firstChunk, endChunk) -> {
          int count = counts.counts()[frame];
          if (count == 0) {
            return;
          }
          Arrays.fill(votes, 0);
          for (int c = firstChunk; c < endChunk; c++) {
            int f = frame - grid.firstFrame(c);
            if (segmentation.probabilities() == null) {
              int local = segmentation.active()[c * segmentation.frames() + f] & 0xff;
              vote(local, clusters, c * localSpeakers, votes);
            } else {
              addProbabilities(segmentation, c, f, clusters, votes);
            }
          }
          int[] order = ties.descending(votes);
          for (int i = 0; i < count; i++) {
            active.get(order[i]).set(frame);
          }
        });
    return new DiscreteDiarization(grid.frames(), active, grid.window());
  }

  /**
   * Who speaks where only one may: the cluster with the most votes of each frame that has a
   * speaker, labelled by its number. No two tracks overlap.
   *
   * <p>Source: {@code exclusive_speaker_diarization} of pyannote.audio 4. Differs: it fills a pause
   * also where somebody else speaks in it, and then two speak at a time.
   *
   * @param clusters (C·S), {@link Assignment#NO_CLUSTER} for inactive pairs; not modified
   * @param minDurationOffSeconds shorter pauses of a speaker are filled
   * @throws IllegalArgumentException if the arguments are not of one file
   */
  public static Annotation exclusive(
      Segmentation segmentation,
      int[] clusters,
      FrameCounts counts,
      TieOrder ties,
      double minDurationOffSeconds) {
    DiscreteDiarization discrete = reconstruct(segmentation, clusters, counts.cappedAt(1), ties);
    return new Binarize(0, 0).annotate(discrete).withPausesFilled(minDurationOffSeconds);
  }

  /** Adds one vote for each cluster of the active local speakers, once where two share it. */
  private static void vote(int local, int[] clusters, int firstPair, double[] votes) {
    for (int rest = local; rest != 0; rest &= rest - 1) {
      int s = Integer.numberOfTrailingZeros(rest);
      int cluster = clusters[firstPair + s];
      boolean voted = cluster == Assignment.NO_CLUSTER;
      for (int earlier = local & (1 << s) - 1; earlier != 0; earlier &= earlier - 1) {
        voted |= clusters[firstPair + Integer.numberOfTrailingZeros(earlier)] == cluster;
      }
      if (!voted) {
        votes[cluster]++;
      }
    }
  }

  /** Adds, for each cluster, the highest probability of its local speakers. */
  private static void addProbabilities(
      Segmentation segmentation, int c, int f, int[] clusters, double[] votes) {
    int speakers = segmentation.localSpeakers();
    for (int s = 0; s < speakers; s++) {
      int cluster = clusters[c * speakers + s];
      float highest = segmentation.score(c, f, s);
      boolean counted = cluster == Assignment.NO_CLUSTER;
      for (int other = 0; other < speakers; other++) {
        if (other != s && clusters[c * speakers + other] == cluster) {
          counted |= other < s;
          highest = Math.max(highest, segmentation.score(c, f, other));
        }
      }
      if (!counted) {
        votes[cluster] = (float) (votes[cluster] + highest); // float32, as numpy sums them
      }
    }
  }
}
