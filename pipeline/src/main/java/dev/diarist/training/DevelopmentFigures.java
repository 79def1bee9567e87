package dev.diarist.training;

import dev.diarist.nn.train.FrameErrors;

/**
 * How a network does on chunks it is not trained on.
 *
 * @param loss mean over the chunks
 * @param der frame-level diarization error rate, the sum of the three that follow; each chunk's
 *     speakers are matched by themselves
 */
public record DevelopmentFigures(
    double loss, double der, double falseAlarm, double missed, double confusion) {

  static DevelopmentFigures of(double loss, FrameErrors errors) {
    return new DevelopmentFigures(
        loss,
        errors.errorRate(),
        errors.falseAlarmRate(),
        errors.missedRate(),
        errors.confusionRate());
  }
}
