package dev.diarist.nn.train;

/** By what the learning rate is multiplied at each step, counted from 0. */
public sealed interface Schedule {

  double factor(long step);

  /** 1, after a rise from 0 over {@code warmUpSteps} steps. */
  record Constant(long warmUpSteps) implements Schedule {
    @Override
    public double factor(long step) {
      return Math.min(1, warmUp(step, warmUpSteps));
    }
  }

  /**
   * A rise from 0 over {@code warmUpSteps} steps, then half a cosine down to 0 at {@code steps}:
   * ½·(1 + cos(π·progress)). Source: transformers, get_cosine_schedule_with_warmup.
   */
  record Cosine(long steps, long warmUpSteps) implements Schedule {
    @Override
    public double factor(long step) {
      if (step < warmUpSteps) {
        return warmUp(step, warmUpSteps);
      }
      double progress = (step - warmUpSteps) / (double) Math.max(1, steps - warmUpSteps);
      return Math.max(0, 0.5 * (1 + Math.cos(Math.PI * progress)));
    }
  }

  /**
   * A rise from 0 over {@code warmUpSteps} steps, then a straight line down to 0 at {@code steps}.
   */
  record Linear(long steps, long warmUpSteps) implements Schedule {
    @Override
    public double factor(long step) {
      if (step < warmUpSteps) {
        return warmUp(step, warmUpSteps);
      }
      return Math.max(0, (steps - step) / (double) Math.max(1, steps - warmUpSteps));
    }
  }

  private static double warmUp(long step, long warmUpSteps) {
    return step < warmUpSteps ? step / (double) Math.max(1, warmUpSteps) : 1;
  }
}
