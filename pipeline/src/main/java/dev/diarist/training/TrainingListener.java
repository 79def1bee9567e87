package dev.diarist.training;

import dev.diarist.nn.train.Trainer;

/** Sees a training; what it throws ends it, and a checkpoint of the last epoch remains. */
public interface TrainingListener {

  /**
   * @param number of the step, from 1
   * @param steps of the whole training
   */
  void step(long number, long steps, int epoch, Trainer.Step step);

  void epoch(EpochFigures figures);
}
