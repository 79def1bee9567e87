package dev.diarist.training;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.diarist.clustering.LinearSumAssignment;
import dev.diarist.nn.backend.Execution;
import dev.diarist.nn.graph.Graph;
import dev.diarist.nn.model.PyanNet;
import dev.diarist.nn.train.Adam;
import dev.diarist.nn.train.EarlyStopping;
import dev.diarist.nn.train.FrameErrors;
import dev.diarist.nn.train.LossValue;
import dev.diarist.nn.train.Parameters;
import dev.diarist.nn.train.PowersetLoss;
import dev.diarist.nn.train.TrainableNetwork;
import dev.diarist.nn.train.Trainer;
import dev.diarist.nn.weights.SafeTensors;
import dev.diarist.nn.weights.Weights;
import dev.diarist.segmentation.SlidingWindow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;

/**
 * Fine-tunes a segmentation network on chunks of annotated recordings, epoch by epoch, and judges
 * it after each on a development set. After every epoch a checkpoint is written, from which a
 * training goes on bit for bit as if it had not stopped.
 *
 * <p>Source: pyannote.audio 3.3.2, tasks/segmentation/speaker_diarization.py; diarizers.
 */
public final class FineTuning implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String FIGURES = "figures";

  /** File names in the folder of a training. */
  static final String CHECKPOINT = "checkpoint.safetensors";

  static final String BEST = "best.safetensors";

  private final FineTuningSettings settings;
  private final TrainingSet training;
  private final Optional<TrainingSet> development;
  private final List<ChunkPlace> judged;
  private final int samples;
  private final FrameTargets targets;
  private final PowersetLoss loss;
  private final Parameters parameters;
  private final TrainableNetwork network;
  private final long steps;
  private final Trainer trainer;
  private final Path folder;

  /**
   * @param figures of each epoch, those of the network as it was first
   * @param bestEpoch whose weights are the result: the lowest loss on the development set, or the
   *     last one where there is no such set
   * @param weights of that epoch
   */
  public record Outcome(List<EpochFigures> figures, int bestEpoch, Weights weights) {
    public Outcome {
      figures = List.copyOf(figures);
    }

    public EpochFigures best() {
      return figures.get(bestEpoch);
    }
  }

  /**
   * @param start weights of a {@link PyanNet}, not modified
   * @param folder receives checkpoints
   * @throws IllegalArgumentException if the data give no chunk, or a pattern of names matches none
   */
  FineTuning(
      Weights start,
      TrainingSet training,
      Optional<TrainingSet> development,
      FineTuningSettings settings,
      int threads,
      Path folder) {
    this.settings = settings;
    this.training = training;
    this.development = development;
    this.folder = folder;
    PyanNet model = PyanNet.of(start);
    samples = model.chunkSamples();
    Graph graph = model.graph(samples);
    double rate = model.sampleRate();
    targets =
        new FrameTargets(
            new SlidingWindow(
                0, model.receptiveFieldSamples() / rate, model.frameStepSamples() / rate),
            graph.output().shape().dimension(0),
            model.powerset().speakers());
    loss = new PowersetLoss(model.powerset(), LinearSumAssignment::minimize, false);
    judged =
        development
            .map(set -> settings.sampling().development(set.recordings(), chunkSeconds()))
            .orElse(List.of());
    int chunks = places(1).size();
    requireChunks(training, chunks);
    development.ifPresent(set -> requireChunks(set, judged.size()));
    steps = (long) settings.epochs() * Math.ceilDiv(chunks, settings.batch());
    parameters = Parameters.of(graph, start);
    settings.frozen().forEach(parameters::freeze);
    network = new TrainableNetwork(graph, parameters, new Execution(threads, settings.batch()));
    trainer =
        new Trainer(
            network,
            new Trainer.Settings(
                new Adam.Settings(0.9, 0.999, 1e-8, settings.weightDecay(), true),
                settings.learningRate(),
                settings.decay().schedule(steps, settings.warmUpSteps()),
                settings.largestNorm(),
                settings.dropout(),
                0,
                settings.seed()));
  }

  private double chunkSeconds() {
    return (double) samples / dev.diarist.audio.AudioSource.SAMPLE_RATE;
  }

  private void requireChunks(TrainingSet set, int chunks) {
    if (chunks == 0) {
      throw new IllegalArgumentException(
          "%s: a training needs recordings longer than a chunk of %s s, the longest lasts %.1f s"
              .formatted(
                  set.name(),
                  chunkSeconds(),
                  set.recordings().stream()
                      .mapToDouble(TrainingRecording::durationSeconds)
                      .max()
                      .orElse(0)));
    }
  }

  /** The chunks of an epoch in the order in which they are taken. */
  private List<ChunkPlace> places(int epoch) {
    SplittableRandom random = new SplittableRandom(settings.seed() * 0x9e3779b97f4a7c15L + epoch);
    List<ChunkPlace> places =
        settings
            .sampling()
            .training(training.recordings(), chunkSeconds(), settings.batch(), random);
    if (!settings.shuffled()) {
      return places;
    }
    List<ChunkPlace> shuffled = new ArrayList<>();
    for (int i : Trainer.order(settings.seed(), epoch, places.size())) {
      shuffled.add(places.get(i));
    }
    return shuffled;
  }

  /**
   * Trains to the end, from the checkpoint where that is wanted and there is one.
   *
   * @param listener sees what is done now, and the figures of earlier epochs again
   * @throws IllegalArgumentException if the checkpoint is of another training
   * @throws CancellationException if this thread is interrupted; it stays so
   */
  Outcome run(boolean resume, TrainingListener listener) throws IOException {
    List<EpochFigures> figures = new ArrayList<>();
    Path checkpoint = folder.resolve(CHECKPOINT);
    if (resume && Files.exists(checkpoint)) {
      String stored = trainer.resume(checkpoint).get(FIGURES);
      figures.addAll(Arrays.asList(JSON.readValue(stored, EpochFigures[].class)));
    } else {
      figures.add(judge(0, Double.NaN));
    }
    figures.forEach(listener::epoch);
    for (int epoch = figures.size(); epoch <= settings.epochs() && !over(figures); epoch++) {
      EpochFigures own = judge(epoch, train(epoch, listener));
      figures.add(own);
      if (best(figures) == epoch) {
        SafeTensors.write(folder.resolve(BEST), parameters.weights(Map.of()));
      }
      trainer.save(checkpoint, Map.of(FIGURES, JSON.writeValueAsString(figures)));
      listener.epoch(own);
    }
    return new Outcome(figures, best(figures), SafeTensors.read(folder.resolve(BEST)));
  }

  /** The trained epoch with the lowest loss on the development set; without one, the last. */
  private int best(List<EpochFigures> figures) {
    if (development.isEmpty()) {
      return figures.size() - 1;
    }
    int best = 1;
    for (int e = 2; e < figures.size(); e++) {
      if (figures.get(e).developmentLoss() < figures.get(best).developmentLoss()) {
        best = e;
      }
    }
    return best;
  }

  private boolean over(List<EpochFigures> figures) {
    if (settings.patience() == 0 || development.isEmpty()) {
      return false;
    }
    EarlyStopping stopping = EarlyStopping.after(settings.patience(), 0);
    for (EpochFigures own : figures) {
      stopping = stopping.with(own.developmentLoss());
    }
    return stopping.over();
  }

  /** The mean loss over the steps of an epoch. */
  private double train(int epoch, TrainingListener listener) throws IOException {
    List<ChunkPlace> places = places(epoch);
    int batch = settings.batch();
    double sum = 0;
    int taken = 0;
    for (int from = 0; from < places.size(); from += batch) {
      if (Thread.currentThread().isInterrupted()) {
        throw new CancellationException(
            "the training was cancelled, as its thread was interrupted");
      }
      List<ChunkPlace> own = places.subList(from, Math.min(from + batch, places.size()));
      float[] waveforms = new float[own.size() * samples];
      byte[] sets = new byte[own.size() * targets.frames()];
      training.read(own, samples, waveforms, targets, sets);
      Trainer.Step step =
          trainer.step(
              own.size(), output -> loss.of(output, sets, targets.frames(), null), waveforms);
      sum += step.loss();
      taken++;
      listener.step(trainer.steps(), steps, epoch, step);
    }
    return sum / taken;
  }

  /** The network as it is now, on the development set. */
  private EpochFigures judge(int epoch, double trainingLoss) throws IOException {
    double sum = 0;
    FrameErrors errors = FrameErrors.NONE;
    int frames = targets.frames();
    for (int from = 0; from < judged.size(); from += settings.batch()) {
      List<ChunkPlace> own = judged.subList(from, Math.min(from + settings.batch(), judged.size()));
      float[] waveforms = new float[own.size() * samples];
      byte[] sets = new byte[own.size() * frames];
      development.orElseThrow().read(own, samples, waveforms, targets, sets);
      float[] output = network.evaluate(own.size(), waveforms);
      LossValue value = loss.of(output, sets, frames, null);
      sum += value.value() * own.size();
      byte[] predicted = new byte[sets.length];
      loss.powerset().toMultilabel(output, 0, sets.length, predicted, 0);
      errors =
          errors.plus(
              FrameErrors.of(
                  predicted,
                  sets,
                  frames,
                  loss.powerset().speakers(),
                  LinearSumAssignment::minimize));
    }
    double mean = judged.isEmpty() ? Double.NaN : sum / judged.size();
    return new EpochFigures(epoch, trainer.steps(), trainingLoss, mean, errors);
  }

  @Override
  public void close() {
    network.close();
  }
}
