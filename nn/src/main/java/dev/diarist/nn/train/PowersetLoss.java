package dev.diarist.nn.train;

import dev.diarist.nn.model.Powerset;

/**
 * The cross-entropy of powerset classes, after the speakers of the target were put in the order in
 * which they agree best with the prediction, chunk by chunk:
 *
 * <pre>
 * cost[i][j] = mean over frames of (prediction of speaker i − target of speaker j)²
 * loss       = Σ w · weight(class) · (−ln p(class)) / Σ w      over all frames of the batch
 * </pre>
 *
 * Source: pyannote.audio 3.3.2, tasks/segmentation/speaker_diarization.py, utils/permutation.py and
 * utils/loss.py.
 *
 * <p>Letters: {@code B} chunks, {@code F} frames, {@code S} local speakers, {@code P} classes. A
 * set of speakers is a byte in which bit s stands for speaker s.
 *
 * @param matching of predicted speakers (rows) to those of the target (columns); where several are
 *     best, pyannote takes that of scipy's {@code linear_sum_assignment}
 * @param weighByCardinality whether a class counts as often as it has speakers, at least once
 */
public record PowersetLoss(Powerset powerset, Matching matching, boolean weighByCardinality) {

  /**
   * @param logProbabilities (B, F, P), not modified
   * @param targets (B, F): the speakers of each frame; not modified
   * @param frameWeights (B, F), or null where every frame counts the same; not modified
   */
  public LossValue of(float[] logProbabilities, byte[] targets, int frames, float[] frameWeights) {
    int classes = powerset.classes();
    if (logProbabilities.length != targets.length * classes || targets.length % frames != 0) {
      throw new IllegalArgumentException(
          "log-probabilities must be (B, %d, %d), got %d for %d targets"
              .formatted(frames, classes, logProbabilities.length, targets.length));
    }
    byte[] permuted = permuted(logProbabilities, targets, frames);
    double total = 0;
    for (int f = 0; f < targets.length; f++) {
      total += frameWeights == null ? 1 : frameWeights[f];
    }
    double sum = 0;
    float[] gradient = new float[logProbabilities.length];
    for (int f = 0; f < targets.length; f++) {
      int p = powerset.classOf(permuted[f] & 0xff);
      double weight = frameWeights == null ? 1 : frameWeights[f];
      if (weighByCardinality) {
        weight *= Math.max(1, Integer.bitCount(powerset.set(p)));
      }
      sum -= weight * logProbabilities[f * classes + p];
      gradient[f * classes + p] = (float) (-weight / total);
    }
    return new LossValue(sum / total, gradient);
  }

  /**
   * The targets with their speakers in the order that agrees best with the prediction.
   *
   * @param logProbabilities (B, F, P), not modified
   * @param targets (B, F), not modified
   * @return (B, F)
   */
  public byte[] permuted(float[] logProbabilities, byte[] targets, int frames) {
    byte[] predicted = new byte[targets.length];
    powerset.toMultilabel(logProbabilities, 0, targets.length, predicted, 0);
    byte[] permuted = new byte[targets.length];
    for (int first = 0; first < targets.length; first += frames) {
      int[] order = order(predicted, targets, first, frames, powerset.speakers(), matching);
      permute(targets, first, frames, order, permuted);
    }
    return permuted;
  }

  /** For each predicted speaker the one of the target that is matched with it. */
  static int[] order(
      byte[] predicted, byte[] targets, int first, int frames, int speakers, Matching matching) {
    double[][] cost = new double[speakers][speakers];
    for (int i = 0; i < speakers; i++) {
      for (int j = 0; j < speakers; j++) {
        int different = 0;
        for (int f = first; f < first + frames; f++) {
          different += (predicted[f] >> i ^ targets[f] >> j) & 1;
        }
        // In float: with costs in double, ties are broken otherwise than in pyannote.
        cost[i][j] = (float) different / frames;
      }
    }
    return matching.of(cost);
  }

  /** Bit i of a permuted set is bit order[i] of the original. */
  static void permute(byte[] sets, int first, int frames, int[] order, byte[] permuted) {
    for (int f = first; f < first + frames; f++) {
      int set = 0;
      for (int i = 0; i < order.length; i++) {
        set |= (sets[f] >> order[i] & 1) << i;
      }
      permuted[f] = (byte) set;
    }
  }
}
