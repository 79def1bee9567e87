package dev.diarist.training.embedding;

import dev.diarist.nn.backend.Execution;
import dev.diarist.nn.model.WeSpeakerResNet34;
import dev.diarist.nn.train.Adam;
import dev.diarist.nn.train.AngularMarginLoss;
import dev.diarist.nn.train.InitialWeights;
import dev.diarist.nn.train.Parameters;
import dev.diarist.nn.train.Schedule;
import dev.diarist.nn.train.TrainableNetwork;
import dev.diarist.nn.train.Trainer;
import dev.diarist.nn.weights.Weights;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Trains a ResNet34 to name the voice of a crop, by an angular margin loss over its embeddings. A
 * checkpoint is written every so many steps, from which a training goes on bit for bit.
 */
final class EmbeddingTraining implements AutoCloseable {
  /** A checkpoint and a look at unheard speakers come every so many steps. */
  static final int PERIOD = 100;

  private static final double LARGEST_NORM = 5;

  /** Among the notes of a checkpoint. */
  private static final String TRAINING = "training";

  /** The blocks of a ResNet34. */
  private static final List<Integer> STAGES = List.of(3, 4, 6, 3);

  static final int MEL_BINS = 80;
  static final int SAMPLE_RATE = 16000;

  private final EmbeddingTrainingSettings settings;
  private final String identity;
  private final Crops crops;
  private final WeSpeakerResNet34 model;
  private final Parameters parameters;
  private final AngularMarginLoss loss;
  private final TrainableNetwork network;
  private final TrainableNetwork judged;
  private final Trainer trainer;

  /** Sees a training; what it throws ends it, and the last checkpoint remains. */
  interface Listener {
    void step(long number, long steps, Trainer.Step step);

    /** At the beginning, and after a checkpoint was written: with averaged weights. */
    void checkpoint(long number, Trials.Embedder embedder);
  }

  /**
   * @param data says which recordings the crops are of
   * @param voices that the crops are of
   * @param judgedFrames of the crops of unheard speakers
   */
  EmbeddingTraining(
      EmbeddingTrainingSettings settings,
      String data,
      Crops crops,
      int voices,
      int judgedFrames,
      int threads) {
    this.settings = settings;
    identity = settings + ", data " + data;
    this.crops = crops;
    model =
        new WeSpeakerResNet34(
            SAMPLE_RATE, MEL_BINS, settings.channels(), STAGES, settings.dimension());
    var graph = model.trainingGraph(settings.cropFrames());
    parameters = Parameters.of(graph, InitialWeights.of(graph, settings.seed()));
    parameters.freeze(WeSpeakerResNet34.TRAINING_NORM + ".bias");
    loss =
        new AngularMarginLoss(
            voices, 1, settings.dimension(), settings.scale(), settings.seed() + 1);
    Execution execution = new Execution(threads, settings.batch());
    network = new TrainableNetwork(graph, parameters, execution);
    judged = new TrainableNetwork(model.trainingGraph(judgedFrames), parameters, execution);
    trainer =
        new Trainer(
            network,
            parameters.and(loss.parameters()),
            new Trainer.Settings(
                new Adam.Settings(0.9, 0.999, 1e-8, settings.weightDecay(), true),
                settings.learningRate(),
                new Schedule.Cosine(settings.steps(), settings.warmUpSteps()),
                LARGEST_NORM,
                0,
                settings.averageDecay(),
                settings.seed()));
  }

  /**
   * Goes on from a checkpoint.
   *
   * @return the steps that it was written after
   * @throws IllegalArgumentException if it is of another training
   */
  long resume(Path checkpoint) throws IOException {
    String found = trainer.resume(checkpoint).get(TRAINING);
    if (!identity.equals(found)) {
      throw new IllegalArgumentException(
          "%s: is of another training, %s; this one is %s".formatted(checkpoint, found, identity));
    }
    return trainer.steps();
  }

  /**
   * Trains to the end; the next batch is made while a step is taken.
   *
   * @param checkpoint written as the training goes
   * @throws CancellationException if this thread is interrupted; it stays so
   */
  void run(Path checkpoint, Listener listener) throws IOException {
    ExecutorService ahead =
        Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("diarist-crops").factory());
    try {
      if (trainer.steps() == 0) {
        listener.checkpoint(0, this::embed);
      }
      Future<Crops.Batch> next = ahead.submit(() -> batch(trainer.steps()));
      while (trainer.steps() < settings.steps()) {
        Crops.Batch batch = result(next);
        long number = trainer.steps() + 1;
        next = ahead.submit(() -> batch(number));
        double margin = settings.marginAt(number);
        Trainer.Step step =
            trainer.step(
                settings.batch(),
                output -> loss.of(output, batch.voices(), margin),
                batch.features());
        if (!step.taken()) {
          throw new IOException("the loss of step %d is %s".formatted(number, step.loss()));
        }
        listener.step(number, settings.steps(), step);
        if (number % PERIOD == 0 || number == settings.steps()) {
          trainer.save(checkpoint, Map.of(TRAINING, identity));
          averaged(() -> listener.checkpoint(number, this::embed));
        }
      }
    } finally {
      ahead.shutdownNow();
    }
  }

  private Crops.Batch batch(long step) throws IOException {
    return crops.batch(settings.seed(), step, settings.batch(), settings.disturbedAt(step + 1));
  }

  private static Crops.Batch result(Future<Crops.Batch> future) throws IOException {
    try {
      return future.get();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case IOException cause -> throw cause;
        case RuntimeException cause -> throw cause;
        case Error cause -> throw cause;
        case Throwable cause -> throw new IllegalStateException(cause);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("the training was cancelled, as its thread was interrupted");
    }
  }

  /** Does something while the moving average stands in the place of the weights. */
  private void averaged(Runnable work) {
    var average = trainer.average();
    average.ifPresent(a -> a.swap());
    try {
      work.run();
    } finally {
      average.ifPresent(a -> a.swap());
    }
  }

  /** Embeddings of crops of {@code judgedFrames} frames, by the weights as they are. */
  private double[][] embed(List<float[]> features) {
    int dimension = settings.dimension();
    double[][] embeddings = new double[features.size()][dimension];
    for (int from = 0; from < features.size(); from += judged.batch()) {
      int count = Math.min(judged.batch(), features.size() - from);
      int size = features.getFirst().length;
      float[] batch = new float[count * size];
      for (int b = 0; b < count; b++) {
        System.arraycopy(features.get(from + b), 0, batch, b * size, size);
      }
      float[] output = judged.evaluate(count, batch);
      for (int b = 0; b < count; b++) {
        for (int d = 0; d < dimension; d++) {
          embeddings[from + b][d] = output[b * dimension + d];
        }
      }
    }
    return embeddings;
  }

  /** The moving average of the weights, and the embeddings that it gives. */
  record Result(Weights weights, Trials.Embedder embedder) {}

  /** To be asked for after the run; the weights are then those of the moving average. */
  Result result() {
    trainer.average().ifPresent(a -> a.swap());
    return new Result(parameters.weights(Map.of()), this::embed);
  }

  @Override
  public void close() {
    network.close();
    judged.close();
  }
}
