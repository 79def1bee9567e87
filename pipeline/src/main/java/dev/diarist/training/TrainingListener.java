package dev.diarist.training;

/** Told how a training goes, on the thread that trains. */
public interface TrainingListener {
  TrainingListener NONE = new TrainingListener() {};

  /** A recording, or a chunk of one, is left out. */
  default void skipped(String uri, String reason) {}

  /**
   * A step was made.
   *
   * @param steps of the whole training
   * @param secondsLeft by the pace of this run so far
   */
  default void step(TrainingLog.StepRow row, long steps, double secondsLeft) {}

  /** An epoch has ended, or the network was measured as it was. */
  default void epoch(TrainingLog.EpochRow row) {}
}
