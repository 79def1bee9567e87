package dev.diarist.regions;

import dev.diarist.annotation.Annotation;
import dev.diarist.nn.model.PyanNet;
import dev.diarist.reconstruction.Binarize;
import dev.diarist.reconstruction.DiscreteDiarization;
import dev.diarist.segmentation.FrameGrid;
import dev.diarist.segmentation.Segmentation;
import dev.diarist.segmentation.SlidingWindow;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;

/**
 * How sure the chunks that cover a frame of the file are, taken together, that it is of a region: 0
 * to 1.
 *
 * <p>Source: {@code Inference} of pyannote.audio 3.3.2 in {@code VoiceActivityDetection} and {@code
 * OverlappedSpeechDetection}.
 *
 * @param scores (N); not modified
 * @param window the frames of the file
 */
public record RegionScores(Region region, float[] scores, SlidingWindow window) {
  /** Keeps the weights of frames that no chunk covers from dividing by zero. */
  private static final float MIN_WEIGHT = 1e-12f;

  /** What a frame of a warm-up counts for: something only where there is nothing else. */
  private static final double WARM_UP = 1e-12;

  /**
   * For each frame the mean over the chunks that cover it of 1 where enough local speakers are
   * active and 0 elsewhere, weighted by a Hamming window over each chunk; 0 where no chunk does.
   * Where the network gives probabilities, it is the mean of the highest one of local speakers, or
   * of the second highest.
   *
   * @param warmUp parts of a chunk that only count where there is no other chunk
   */
  public static RegionScores of(Segmentation segmentation, Region region, PyanNet.WarmUp warmUp) {
    FrameGrid grid = FrameGrid.of(segmentation);
    int framesPerChunk = segmentation.frames();
    double[] weights = weights(segmentation, warmUp);
    double[] ofSpeakers = new double[segmentation.localSpeakers()];
    float[] scores = new float[grid.frames()];
    grid.forEachFrame(
        (frame, firstChunk, endChunk) -> {
          // Sums of float32 to which doubles are added, chunk by chunk, as numpy does.
          float sum = 0;
          float weight = 0;
          for (int c = firstChunk; c < endChunk; c++) {
            int f = frame - grid.firstFrame(c);
            double score = score(segmentation, c, f, region, ofSpeakers);
            sum = (float) (sum + score * weights[f]);
            weight = (float) (weight + weights[f]);
          }
          scores[frame] = sum / Math.max(weight, MIN_WEIGHT);
        });
    return new RegionScores(region, scores, grid.window());
  }

  /** 1 or 0, or a probability: that of the least likely speaker that the region needs. */
  private static double score(
      Segmentation segmentation, int c, int f, Region region, double[] ofSpeakers) {
    int speakers = segmentation.localSpeakers();
    if (segmentation.probabilities() == null) {
      int active = segmentation.active()[c * segmentation.frames() + f] & 0xff;
      return Integer.bitCount(active) >= region.speakers() ? 1 : 0;
    }
    if (speakers < region.speakers()) {
      return 0;
    }
    for (int s = 0; s < speakers; s++) {
      ofSpeakers[s] = segmentation.score(c, f, s);
    }
    Arrays.sort(ofSpeakers);
    return ofSpeakers[speakers - region.speakers()];
  }

  /** A Hamming window over a chunk, next to nothing in the warm-up. */
  private static double[] weights(Segmentation segmentation, PyanNet.WarmUp warmUp) {
    int frames = segmentation.frames();
    double seconds = segmentation.chunkWindow().durationSeconds();
    int left = (int) Math.rint(warmUp.leftSeconds() / seconds * frames);
    int right = (int) Math.rint(warmUp.rightSeconds() / seconds * frames);
    double[] weights = hamming(frames);
    for (int f = 0; f < frames; f++) {
      if (f < left || f >= frames - right) {
        weights[f] *= WARM_UP;
      }
    }
    return weights;
  }

  /** 0.54 + 0.46 cos(π n / (F − 1)), n = 1 − F, 3 − F, …, F − 1. */
  static double[] hamming(int frames) {
    double[] window = new double[frames];
    for (int f = 0; f < frames; f++) {
      int n = 1 - frames + 2 * f;
      window[f] = frames == 1 ? 1 : 0.54 + 0.46 * StrictMath.cos(Math.PI * n / (frames - 1));
    }
    return window;
  }

  /** Without the frames that start after {@code endSeconds}. */
  public RegionScores until(double endSeconds) {
    int last = (int) Math.floor((endSeconds - window.startSeconds()) / window.stepSeconds());
    int frames = Math.clamp(last + 1L, 0, scores.length);
    return new RegionScores(region, Arrays.copyOf(scores, frames), window);
  }

  /**
   * The regions: from where the score is above the onset until it falls below the offset.
   *
   * @param minDurationOnSeconds shorter regions are dropped, last
   * @param minDurationOffSeconds shorter gaps are filled, first
   * @throws IllegalArgumentException if a duration is negative or not finite
   */
  public Annotation regions(
      Thresholds thresholds, double minDurationOnSeconds, double minDurationOffSeconds) {
    Binarize binarize = new Binarize(minDurationOnSeconds, minDurationOffSeconds);
    DiscreteDiarization frames =
        new DiscreteDiarization(scores.length, List.of(active(thresholds)), window);
    return binarize.annotate(frames).withRenamedLabels(Map.of("0", region.label()));
  }

  private BitSet active(Thresholds thresholds) {
    BitSet active = new BitSet(scores.length);
    boolean inside = false;
    for (int frame = 0; frame < scores.length; frame++) {
      inside = inside ? !(scores[frame] < thresholds.offset()) : scores[frame] > thresholds.onset();
      active.set(frame, inside);
    }
    return active;
  }
}
