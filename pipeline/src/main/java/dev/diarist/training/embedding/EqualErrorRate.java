package dev.diarist.training.embedding;

import java.util.Arrays;

/**
 * The rate of errors at the threshold at which as many pairs of one speaker are rejected as pairs
 * of two are accepted; halfway between the two where no threshold makes them equal.
 */
final class EqualErrorRate {
  private EqualErrorRate() {}

  /**
   * @param same similarities of pairs of one speaker, at least one
   * @param different similarities of pairs of two speakers, at least one
   */
  static double of(double[] same, double[] different) {
    double[] thresholds = new double[same.length + different.length];
    System.arraycopy(same, 0, thresholds, 0, same.length);
    System.arraycopy(different, 0, thresholds, same.length, different.length);
    Arrays.sort(thresholds);
    double[] ofOne = same.clone();
    double[] ofTwo = different.clone();
    Arrays.sort(ofOne);
    Arrays.sort(ofTwo);
    int rejectedOfOne = 0;
    int rejectedOfTwo = 0;
    double best = 0;
    double gap = Double.POSITIVE_INFINITY;
    for (double threshold : thresholds) {
      while (rejectedOfOne < ofOne.length && ofOne[rejectedOfOne] < threshold) {
        rejectedOfOne++;
      }
      while (rejectedOfTwo < ofTwo.length && ofTwo[rejectedOfTwo] < threshold) {
        rejectedOfTwo++;
      }
      double missed = (double) rejectedOfOne / ofOne.length;
      double falseAlarm = 1 - (double) rejectedOfTwo / ofTwo.length;
      if (Math.abs(missed - falseAlarm) < gap) {
        gap = Math.abs(missed - falseAlarm);
        best = (missed + falseAlarm) / 2;
      }
    }
    return best;
  }
}
