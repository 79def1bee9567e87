package dev.diarist.training.embedding;

import java.util.List;

/**
 * How a speaker embedding network is trained.
 *
 * @param channels of the first stage of the ResNet34; each later stage has twice as many
 * @param dimension of the embeddings
 * @param speeds at which each speaker is heard; a speaker at another speed counts as another one
 * @param cropFrames fbank frames of a crop
 * @param batch crops of a step
 * @param steps of the training
 * @param learningRate before the schedule, which rises over {@code warmUpSteps} and falls as half a
 *     cosine
 * @param weightDecay of AdamW
 * @param margin of the loss in radians, which rises to it from a quarter to a half of the training;
 *     0 for a softmax over cosines
 * @param scale of the cosines
 * @param averageDecay of the moving average of the weights, which is the result
 * @param seed decides everything that is drawn
 */
public record EmbeddingTrainingSettings(
    int channels,
    int dimension,
    List<Double> speeds,
    int cropFrames,
    int batch,
    long steps,
    double learningRate,
    long warmUpSteps,
    double weightDecay,
    double margin,
    double scale,
    double averageDecay,
    long seed) {

  /** What the default weights were trained with; their card says how long. */
  public static final EmbeddingTrainingSettings DEFAULT =
      new EmbeddingTrainingSettings(
          16, 256, List.of(1.0, 0.9, 1.1), 128, 32, 2_800, 0.001, 50, 0.05, 0.15, 24, 0.99, 1);

  private static final double FEW_DISTURBED = 0.1;
  private static final double MANY_DISTURBED = 0.65;

  /**
   * @throws IllegalArgumentException if a number is out of range; names it
   */
  public EmbeddingTrainingSettings {
    // Sound is changed by whole hundredths; the same speed twice would be two voices of one sound.
    speeds = speeds.stream().map(speed -> Math.rint(100 * speed) / 100).distinct().toList();
    require("channels", channels, 1, 256);
    require("dimension", dimension, 1, 4096);
    require("crop frames", cropFrames, 16, 10_000);
    require("batch", batch, 2, 4096);
    require("steps", steps, 1, 1e9);
    require("learning rate", learningRate, 0, 1);
    require("warm-up", warmUpSteps, 0, 1e9);
    require("weight decay", weightDecay, 0, 1);
    require("margin", margin, 0, 1);
    require("scale", scale, 1, 1000);
    require("average decay", averageDecay, 0, 0.999999);
    if (speeds.isEmpty()) {
      throw new IllegalArgumentException("at least one speed is needed, got none");
    }
    speeds.forEach(speed -> require("speed", speed, 0.5, 2));
  }

  /** The margin of a step, counted from 1: without one at first, as there is little to part yet. */
  double marginAt(long step) {
    double progress = (double) step / steps;
    return margin * Math.clamp(4 * progress - 1, 0, 1);
  }

  /**
   * The share of crops with rooms, noise and the like around them, at a step counted from 1; it
   * rises from 5 to 35 % of the training. Where most crops are disturbed from the start, nothing is
   * learnt in hundreds of steps.
   */
  double disturbedAt(long step) {
    double progress = (double) step / steps;
    return FEW_DISTURBED
        + (MANY_DISTURBED - FEW_DISTURBED) * Math.clamp((progress - 0.05) / 0.3, 0, 1);
  }

  private static void require(String name, double value, double least, double most) {
    if (!(value >= least && value <= most)) {
      throw new IllegalArgumentException(
          "%s must be from %s to %s, got %s"
              .formatted(name, number(least), number(most), number(value)));
    }
  }

  /** Without a fraction where there is none: a user gave 5, not 5.0. */
  private static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? Long.toString((long) value)
        : Double.toString(value);
  }
}
