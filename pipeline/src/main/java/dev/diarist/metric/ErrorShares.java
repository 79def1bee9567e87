package dev.diarist.metric;

/**
 * Seconds of errors that fall to one speaker, or to turns of one length. Where several turns share
 * an error that only some of them can have, it falls to each in equal parts, so that the rows of a
 * table add up to the components of the diarization error rate.
 *
 * @param total reference speech
 */
public record ErrorShares(
    double total, double correct, double falseAlarm, double missed, double confusion) {
  static final ErrorShares NONE = new ErrorShares(0, 0, 0, 0, 0);

  /** What one of the matched reference turns of a moment has of it. */
  static ErrorShares ofMatched(Moment moment) {
    double seconds = moment.segment().durationSeconds();
    return new ErrorShares(seconds, seconds, 0, 0, 0);
  }

  /** What one of its other reference turns has of it. */
  static ErrorShares ofReference(Moment moment) {
    double seconds = moment.segment().durationSeconds();
    int turns = moment.reference().size();
    return new ErrorShares(
        seconds, 0, 0, seconds * moment.missed() / turns, seconds * moment.confused() / turns);
  }

  /** What one of its hypothesis turns that match none has of it. */
  static ErrorShares ofHypothesis(Moment moment) {
    double seconds = moment.segment().durationSeconds();
    return new ErrorShares(0, 0, seconds * moment.falseAlarms() / moment.hypothesis().size(), 0, 0);
  }

  public ErrorShares plus(ErrorShares other) {
    return new ErrorShares(
        total + other.total,
        correct + other.correct,
        falseAlarm + other.falseAlarm,
        missed + other.missed,
        confusion + other.confusion);
  }
}
