package dev.diarist.nn.train;

/**
 * Diarization errors counted in frames, with the speakers of each chunk matched by themselves: a
 * local error rate, which does not see whether two chunks call a speaker by the same name. With H
 * and T the sets of speakers of a frame, and e = |H| − |T|:
 *
 * <pre>
 * false alarm = max(e, 0)    missed = max(−e, 0)    confusion = |H \ T| − false alarm
 * </pre>
 *
 * Source: pyannote.audio 3.3.2, torchmetrics/functional/audio/diarization_error_rate.py.
 *
 * @param speech frames of the target, one for each speaker of a frame
 */
public record FrameErrors(long falseAlarm, long missed, long confusion, long speech) {
  /** Keeps silence from dividing by zero. Source: as above. */
  private static final double EPSILON = 1e-8;

  public static final FrameErrors NONE = new FrameErrors(0, 0, 0, 0);

  /**
   * @param predicted (B, F): the speakers of each frame, bit s standing for speaker s; not modified
   * @param targets (B, F), likewise
   * @param frames F
   * @param speakers S
   */
  public static FrameErrors of(
      byte[] predicted, byte[] targets, int frames, int speakers, Matching matching) {
    long falseAlarm = 0;
    long missed = 0;
    long confusion = 0;
    long speech = 0;
    byte[] permuted = new byte[targets.length];
    for (int first = 0; first < targets.length; first += frames) {
      // Rows are targets here: the prediction is what is permuted.
      int[] order = PowersetLoss.order(targets, predicted, first, frames, speakers, matching);
      PowersetLoss.permute(predicted, first, frames, order, permuted);
      for (int f = first; f < first + frames; f++) {
        int target = targets[f] & 0xff;
        int found = permuted[f] & 0xff;
        int excess = Integer.bitCount(found) - Integer.bitCount(target);
        falseAlarm += Math.max(excess, 0);
        missed += Math.max(-excess, 0);
        confusion += Integer.bitCount(found & ~target) - Math.max(excess, 0);
        speech += Integer.bitCount(target);
      }
    }
    return new FrameErrors(falseAlarm, missed, confusion, speech);
  }

  public FrameErrors plus(FrameErrors other) {
    return new FrameErrors(
        falseAlarm + other.falseAlarm,
        missed + other.missed,
        confusion + other.confusion,
        speech + other.speech);
  }

  public double falseAlarmRate() {
    return falseAlarm / (speech + EPSILON);
  }

  public double missedRate() {
    return missed / (speech + EPSILON);
  }

  public double confusionRate() {
    return confusion / (speech + EPSILON);
  }

  /** DER: the sum of the three. */
  public double errorRate() {
    return (falseAlarm + missed + confusion) / (speech + EPSILON);
  }
}
