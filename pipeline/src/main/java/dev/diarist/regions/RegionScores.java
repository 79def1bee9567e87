package dev.diarist.regions;

import dev.diarist.annotation.Annotation;
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
  /** Hysteresis with equal thresholds: a score of exactly so much changes nothing. */
  private static final float THRESHOLD = 0.5f;

  /** Keeps the weights of frames that no chunk covers from dividing by zero. */
  private static final float MIN_WEIGHT = 1e-12f;

  /**
   * For each frame the mean over the chunks that cover it of 1 where enough local speakers are
   * active and 0 elsewhere, weighted by a Hamming window over each chunk; 0 where no chunk does.
   */
  public static RegionScores of(Segmentation segmentation, Region region) {
    FrameGrid grid = FrameGrid.of(segmentation);
    int framesPerChunk = segmentation.frames();
    byte[] active = segmentation.active();
    double[] hamming = hamming(framesPerChunk);
    float[] scores = new float[grid.frames()];
    grid.forEachFrame(
        (frame, firstChunk, endChunk) -> {
          // Sums of float32 to which doubles are added, chunk by chunk, as numpy does.
          float sum = 0;
          float weight = 0;
          for (int c = firstChunk; c < endChunk; c++) {
            int f = frame - grid.firstFrame(c);
            int speakers = Integer.bitCount(active[c * framesPerChunk + f] & 0xff);
            if (speakers >= region.speakers()) {
              sum = (float) (sum + hamming[f]);
            }
            weight = (float) (weight + hamming[f]);
          }
          scores[frame] = sum / Math.max(weight, MIN_WEIGHT);
        });
    return new RegionScores(region, scores, grid.window());
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
   * The regions: where the score is above one half, until it falls below.
   *
   * @param minDurationOnSeconds shorter regions are dropped, last
   * @param minDurationOffSeconds shorter gaps are filled, first
   * @throws IllegalArgumentException if a duration is negative or not finite
   */
  public Annotation regions(double minDurationOnSeconds, double minDurationOffSeconds) {
    Binarize binarize = new Binarize(minDurationOnSeconds, minDurationOffSeconds);
    DiscreteDiarization frames = new DiscreteDiarization(scores.length, List.of(active()), window);
    return binarize.annotate(frames).withRenamedLabels(Map.of("0", region.label()));
  }

  private BitSet active() {
    BitSet active = new BitSet(scores.length);
    boolean inside = false;
    for (int frame = 0; frame < scores.length; frame++) {
      inside = inside ? !(scores[frame] < THRESHOLD) : scores[frame] > THRESHOLD;
      active.set(frame, inside);
    }
    return active;
  }
}
