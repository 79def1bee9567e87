package dev.diarist.training;

import dev.diarist.nn.train.Schedule;
import java.util.List;

/**
 * How a segmentation is fine-tuned. The defaults are those of the fine-tunings that diarizers made
 * known.
 *
 * @param epochs passes over the chunks
 * @param batch chunks of a step
 * @param learningRate before the schedule
 * @param decay of the learning rate
 * @param warmUpSteps over which the learning rate rises from 0
 * @param dropout between the layers of the LSTM
 * @param largestNorm to which gradients are clipped
 * @param weightDecay of AdamW
 * @param sampling where chunks are taken from
 * @param shuffled whether the chunks of each epoch are put in another order
 * @param frozen patterns of names of tensors that are left as they are, {@code *} for anything
 * @param patience epochs without a lower loss on the development set after which training stops; 0
 *     for no end before the last epoch
 * @param seed decides everything that is drawn
 */
public record FineTuningSettings(
    int epochs,
    int batch,
    double learningRate,
    Decay decay,
    long warmUpSteps,
    double dropout,
    double largestNorm,
    double weightDecay,
    Sampling sampling,
    boolean shuffled,
    List<String> frozen,
    int patience,
    long seed) {

  /** Source: the card of JSWOOK/pyannote_3_fine_tuning; transformers, TrainingArguments. */
  public static final FineTuningSettings DEFAULT =
      new FineTuningSettings(
          10, 32, 5e-5, Decay.COSINE, 0, 0, 1, 0, Sampling.DIARIZERS, true, List.of(), 0, 42);

  /** How the learning rate falls after the warm-up. */
  public enum Decay {
    COSINE,
    LINEAR,
    CONSTANT;

    Schedule schedule(long steps, long warmUpSteps) {
      return switch (this) {
        case COSINE -> new Schedule.Cosine(steps, warmUpSteps);
        case LINEAR -> new Schedule.Linear(steps, warmUpSteps);
        case CONSTANT -> new Schedule.Constant(warmUpSteps);
      };
    }
  }

  /**
   * @throws IllegalArgumentException if a number is out of range; names it
   */
  public FineTuningSettings {
    frozen = List.copyOf(frozen);
    requireAtLeast("epochs", epochs, 1);
    requireAtLeast("batch", batch, 1);
    requireAtLeast("warm-up", warmUpSteps, 0);
    requireAtLeast("patience", patience, 0);
    requireRange("learning rate", learningRate, 0, 1);
    requireRange("dropout", dropout, 0, 0.999);
    requireRange("weight decay", weightDecay, 0, 1);
    if (!(largestNorm > 0)) {
      throw new IllegalArgumentException(
          "the largest gradient norm must be above 0, got " + largestNorm);
    }
  }

  private static void requireAtLeast(String name, long value, long least) {
    if (value < least) {
      throw new IllegalArgumentException(
          "%s must be at least %d, got %d".formatted(name, least, value));
    }
  }

  private static void requireRange(String name, double value, double least, double most) {
    if (!(value >= least && value <= most)) {
      throw new IllegalArgumentException(
          "%s must be from %s to %s, got %s".formatted(name, least, most, value));
    }
  }
}
