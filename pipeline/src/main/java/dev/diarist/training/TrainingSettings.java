package dev.diarist.training;

import dev.diarist.nn.train.Schedule;
import java.util.List;

/**
 * How a segmentation network is trained; the defaults are those of the published fine-tunings.
 *
 * @param learningRate of Adam, before the schedule
 * @param batch chunks of a step
 * @param schedule {@code cosine}, {@code linear} or {@code constant}
 * @param warmUpSteps over which the learning rate rises from 0
 * @param dropout between the layers of the LSTM
 * @param largestNorm to which gradients are clipped
 * @param frozen patterns of the names of parameters that stay, in which {@code *} stands for any
 *     characters
 * @param shuffled whether the order of chunks is by chance, where the sampling has one
 * @param patience epochs without a lower development loss after which the training ends; 0 for none
 */
public record TrainingSettings(
    int epochs,
    double learningRate,
    int batch,
    String schedule,
    long warmUpSteps,
    double dropout,
    double largestNorm,
    List<String> frozen,
    ChunkSampling sampling,
    boolean shuffled,
    long seed,
    int patience) {
  /** Each chunk of a batch has buffers of its own; a larger number is a slip. */
  private static final int MAX_BATCH = 1024;

  public static final TrainingSettings DEFAULT =
      new TrainingSettings(
          10, 5e-5, 32, "cosine", 0, 0.5, 1, List.of(), ChunkSampling.DIARIZERS, true, 42);

  /** All epochs are made. */
  public TrainingSettings(
      int epochs,
      double learningRate,
      int batch,
      String schedule,
      long warmUpSteps,
      double dropout,
      double largestNorm,
      List<String> frozen,
      ChunkSampling sampling,
      boolean shuffled,
      long seed) {
    this(
        epochs,
        learningRate,
        batch,
        schedule,
        warmUpSteps,
        dropout,
        largestNorm,
        frozen,
        sampling,
        shuffled,
        seed,
        0);
  }

  public TrainingSettings {
    if (epochs < 1 || batch < 1 || batch > MAX_BATCH) {
      throw new IllegalArgumentException(
          "epochs must be at least 1 and the batch from 1 to %d, got %d and %d"
              .formatted(MAX_BATCH, epochs, batch));
    }
    if (!(learningRate > 0 && learningRate < 1)) {
      throw new IllegalArgumentException(
          "the learning rate must lie between 0 and 1, got " + learningRate);
    }
    if (!(dropout >= 0 && dropout < 1)) {
      throw new IllegalArgumentException("dropout must be at least 0 and below 1, got " + dropout);
    }
    if (patience < 0) {
      throw new IllegalArgumentException("the patience must not be negative, got " + patience);
    }
    if (warmUpSteps < 0 || !(largestNorm > 0)) {
      throw new IllegalArgumentException(
          "the warm-up must not be negative and the largest norm above 0, got %d and %s"
              .formatted(warmUpSteps, largestNorm));
    }
    frozen = List.copyOf(frozen);
    schedule(schedule, 1, warmUpSteps);
  }

  /**
   * The schedule over a training.
   *
   * @param steps of the whole training
   */
  Schedule schedule(long steps) {
    return schedule(schedule, steps, warmUpSteps);
  }

  private static Schedule schedule(String name, long steps, long warmUpSteps) {
    return switch (name) {
      case "cosine" -> new Schedule.Cosine(steps, warmUpSteps);
      case "linear" -> new Schedule.Linear(steps, warmUpSteps);
      case "constant" -> new Schedule.Constant(warmUpSteps);
      default ->
          throw new IllegalArgumentException(
              "the schedule must be cosine, linear or constant, got " + name);
    };
  }
}
