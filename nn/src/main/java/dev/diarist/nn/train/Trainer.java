package dev.diarist.nn.train;

import dev.diarist.nn.weights.SafeTensors;
import dev.diarist.nn.weights.Tensor;
import dev.diarist.nn.weights.Weights;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * Trains a network step by step. What a step does follows from the parameters, the data handed in
 * and the number of steps before it, all of which a checkpoint holds: a training that is resumed
 * goes on bit for bit as if it had not stopped, on any number of threads.
 */
public final class Trainer {
  private static final String PASSES = "passes";
  private static final String STEPS = "steps";
  private static final String SEED = "seed";

  /**
   * @param learningRate before the schedule
   * @param largestNorm to which gradients are clipped; infinity for no clipping
   * @param dropout between the layers of LSTMs
   * @param averageDecay of the moving average of the parameters; 0 for none
   * @param seed of dropout and of {@link #order}
   */
  public record Settings(
      Adam.Settings adam,
      double learningRate,
      Schedule schedule,
      double largestNorm,
      double dropout,
      double averageDecay,
      long seed) {
    public Settings {
      if (!(learningRate >= 0 && largestNorm > 0)) {
        throw new IllegalArgumentException(
            "the learning rate must be at least 0 and the largest norm above it, got %s and %s"
                .formatted(learningRate, largestNorm));
      }
    }
  }

  /** The loss of an output; it may add to gradients of parameters of its own. */
  @FunctionalInterface
  public interface Loss {
    LossValue of(float[] output);
  }

  /**
   * One step.
   *
   * @param gradientNorm before clipping
   * @param learningRate after the schedule
   * @param taken false where the loss or the gradient was not finite and no parameter was changed;
   *     the running statistics of norms then hold what they saw
   */
  public record Step(double loss, double gradientNorm, double learningRate, boolean taken) {}

  private final TrainableNetwork network;
  private final Parameters parameters;
  private final Settings settings;
  private final Adam adam;
  private final MovingAverage average;
  private long passes;

  /** A trainer of a network whose loss has no parameters. */
  public Trainer(TrainableNetwork network, Settings settings) {
    this(network, network.parameters(), settings);
  }

  /**
   * @param parameters those of the network and those of the loss
   */
  public Trainer(TrainableNetwork network, Parameters parameters, Settings settings) {
    this.network = network;
    this.parameters = parameters;
    this.settings = settings;
    adam = new Adam(parameters.trainable(), settings.adam());
    average =
        settings.averageDecay() == 0
            ? null
            : new MovingAverage(parameters.trainable(), settings.averageDecay());
  }

  /** Steps taken. */
  public long steps() {
    return adam.steps();
  }

  /** The moving average, where the settings ask for one. */
  public Optional<MovingAverage> average() {
    return Optional.ofNullable(average);
  }

  /**
   * Forward, back, and one step of the optimiser.
   *
   * @param inputs as {@link TrainableNetwork#forward} takes them
   */
  public Step step(int batch, Loss loss, float[]... inputs) {
    Dropout dropout = new Dropout(settings.dropout(), settings.seed(), passes++);
    parameters.clearGradients();
    LossValue value = loss.of(network.forward(batch, dropout, inputs));
    network.backward(value.gradient());
    double norm = Gradients.clip(parameters.trainable(), settings.largestNorm());
    double rate = settings.learningRate() * settings.schedule().factor(adam.steps());
    if (!Double.isFinite(value.value()) || !Double.isFinite(norm)) {
      return new Step(value.value(), norm, rate, false);
    }
    adam.step(rate);
    if (average != null) {
      average.update();
    }
    return new Step(value.value(), norm, rate, true);
  }

  /** The order of {@code count} examples in one epoch: a permutation that follows from the seed. */
  public static int[] order(long seed, long epoch, int count) {
    SplittableRandom random = new SplittableRandom(seed * 0x9e3779b97f4a7c15L + epoch);
    int[] order = new int[count];
    for (int i = 0; i < count; i++) {
      int j = random.nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }

  /**
   * Writes everything that goes on from here depends on.
   *
   * @param notes of the caller, such as the epoch; kept with the checkpoint
   */
  public void save(Path file, Map<String, String> notes) throws IOException {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    parameters.all().forEach(p -> tensors.put("parameter/" + p.name(), p.tensor()));
    adam.moments()
        .forEach(
            (name, moments) -> {
              tensors.put("first/" + name, flat(moments.first()));
              tensors.put("second/" + name, flat(moments.second()));
            });
    if (average != null) {
      average.averages().forEach((name, values) -> tensors.put("average/" + name, flat(values)));
    }
    Map<String, String> metadata = new LinkedHashMap<>(notes);
    metadata.put(STEPS, Long.toString(adam.steps()));
    metadata.put(PASSES, Long.toString(passes));
    metadata.put(SEED, Long.toString(settings.seed()));
    SafeTensors.write(file, Weights.of(tensors, metadata));
  }

  private static Tensor flat(float[] values) {
    return Tensor.of(values, values.length);
  }

  /**
   * Goes on from a checkpoint of a trainer of the same parameters and settings.
   *
   * @return the caller's notes
   * @throws IllegalArgumentException if the checkpoint lacks a tensor, has one of another size, or
   *     was made with another seed
   */
  public Map<String, String> resume(Path file) throws IOException {
    Weights state = SafeTensors.read(file);
    Map<String, String> notes = new LinkedHashMap<>(state.metadata());
    String seed = notes.remove(SEED);
    if (!Long.toString(settings.seed()).equals(seed)) {
      throw new IllegalArgumentException(
          "%s was made with seed %s, this training has seed %d"
              .formatted(file, seed, settings.seed()));
    }
    for (Parameter parameter : parameters.all()) {
      copy(state, "parameter/" + parameter.name(), parameter.value());
    }
    adam.moments()
        .forEach(
            (name, moments) -> {
              copy(state, "first/" + name, moments.first());
              copy(state, "second/" + name, moments.second());
            });
    if (average != null) {
      average.averages().forEach((name, values) -> copy(state, "average/" + name, values));
    }
    adam.resume(Long.parseLong(notes.remove(STEPS)));
    passes = Long.parseLong(notes.remove(PASSES));
    return notes;
  }

  private static void copy(Weights state, String name, float[] values) {
    float[] stored = state.floats(name);
    if (stored.length != values.length) {
      throw new IllegalArgumentException(
          "tensor %s must have %d values, got %d".formatted(name, values.length, stored.length));
    }
    System.arraycopy(stored, 0, values, 0, values.length);
  }
}
