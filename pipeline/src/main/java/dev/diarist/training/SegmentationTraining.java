package dev.diarist.training;

import dev.diarist.clustering.LinearSumAssignment;
import dev.diarist.file.WholeFile;
import dev.diarist.nn.backend.Execution;
import dev.diarist.nn.graph.Graph;
import dev.diarist.nn.model.PyanNet;
import dev.diarist.nn.train.Adam;
import dev.diarist.nn.train.EarlyStopping;
import dev.diarist.nn.train.FrameErrors;
import dev.diarist.nn.train.Parameters;
import dev.diarist.nn.train.PowersetLoss;
import dev.diarist.nn.train.TrainableNetwork;
import dev.diarist.nn.train.Trainer;
import dev.diarist.nn.weights.SafeTensors;
import dev.diarist.nn.weights.Weights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Trains a segmentation network on the chunks of a data set, epoch by epoch. After each epoch the
 * folder of the training holds all that goes on depends on; a training that is resumed ends in the
 * same bits, on any number of threads.
 *
 * <p>Letters: {@code B} chunks, {@code F} frames, {@code P} classes, {@code T} samples of a chunk.
 */
public final class SegmentationTraining implements AutoCloseable {
  private static final String CHECKPOINT = "checkpoint.safetensors";
  private static final String BEST = "best.safetensors";
  private static final String STEPS = "logged_steps";
  private static final String EPOCHS = "logged_epochs";
  private static final String TRAINING = "training";

  /** Metadata that is true of the weights a training begins with alone. */
  private static final Set<String> OF_OTHER_WEIGHTS = Set.of("figures", "sha256");

  private final Map<String, String> metadata;
  private final TrainingSettings settings;
  private final ChunkSource train;
  private final ChunkSource development;
  private final Path folder;
  private final TrainingListener listener;
  private final PyanNet model;
  private final TrainableNetwork network;
  private final Trainer trainer;
  private final PowersetLoss loss;
  private final Teacher teacher;
  private final PowersetLoss taught;
  private final ChunkTargets targets;
  private final int samples;
  private final int frames;
  private final long stepsOfTraining;
  private final String identity;
  private TrainingLog log = new TrainingLog();

  /**
   * @param weights of the network to begin with; not modified
   * @param teacher whose answers are learnt instead of the annotation; null for none; the caller's
   * @param development for the figures of each epoch, by the annotation; null for none
   * @param folder for checkpoint and log, which exists
   * @throws IllegalArgumentException if there is no chunk to train on, or the weights are not those
   *     of a PyanNet, or the teacher is of another shape
   */
  public SegmentationTraining(
      Weights weights,
      TrainingSettings settings,
      Teacher teacher,
      ChunkSource train,
      ChunkSource development,
      Path folder,
      int threads,
      TrainingListener listener) {
    metadata = new LinkedHashMap<>(weights.metadata());
    metadata.keySet().removeAll(OF_OTHER_WEIGHTS);
    metadata.put("training", settings.toString());
    this.settings = settings;
    this.teacher = teacher;
    this.train = train;
    this.development = development;
    this.folder = folder;
    this.listener = listener;
    model = PyanNet.of(weights);
    samples = model.chunkSamples();
    Graph graph = model.graph(samples);
    frames = graph.output().shape().dimension(0);
    targets = ChunkTargets.of(model, frames);
    loss = new PowersetLoss(model.powerset(), LinearSumAssignment::minimize, false);
    if (teacher != null) {
      teacher.require(model.powerset(), frames, samples);
      metadata.put("teacher", teacher.name());
    }
    taught =
        teacher == null
            ? loss
            : new PowersetLoss(model.powerset(), SegmentationTraining::asTheyAre, false);
    Parameters parameters = Parameters.of(graph, weights);
    settings.frozen().forEach(parameters::freeze);
    int chunks = chunks(1).size();
    if (chunks == 0) {
      throw new IllegalArgumentException(
          "a recording must be longer than the %s s of a chunk, none of %d is"
              .formatted(model.chunkSeconds(), train.recordings().size()));
    }
    if (development != null && heldOut().isEmpty()) {
      throw new IllegalArgumentException(
          "a recording of the development set must be longer than the %s s of a chunk, none of %d is"
              .formatted(model.chunkSeconds(), development.recordings().size()));
    }
    stepsOfTraining = (long) settings.epochs() * Math.ceilDiv(chunks, settings.batch());
    identity =
        "%s, %d chunks, %d weights, beginning and data %s%s"
            .formatted(
                settings,
                chunks,
                parameters.learnedValues(),
                fingerprint(weights, graph),
                teacher == null ? "" : ", taught by " + teacher.name());
    network = new TrainableNetwork(graph, parameters, new Execution(threads, settings.batch()));
    trainer =
        new Trainer(
            network,
            new Trainer.Settings(
                Adam.Settings.DEFAULT,
                settings.learningRate(),
                settings.schedule(stepsOfTraining),
                settings.largestNorm(),
                settings.dropout(),
                0,
                settings.seed()));
  }

  /** Of the weights that it begins with, and of the recordings that it hears. */
  private String fingerprint(Weights weights, Graph graph) {
    Fingerprint fingerprint = new Fingerprint();
    for (String name : graph.parameters().keySet()) {
      fingerprint.add(name).add(weights.tensor(name));
    }
    for (ChunkSource source : Arrays.asList(train, development)) {
      if (source != null) {
        source.recordings().forEach(r -> fingerprint.add(r.recording().uri()).add(r.seconds()));
      }
      fingerprint.add("");
    }
    return fingerprint.text();
  }

  /** Whether a folder holds a training that can be resumed. */
  public static boolean isBegun(Path folder) {
    return Files.exists(folder.resolve(CHECKPOINT));
  }

  /**
   * Goes on where the training of the folder was broken off.
   *
   * @throws IOException if its checkpoint is damaged, or of other settings or data
   */
  public void resume() throws IOException {
    Path file = folder.resolve(CHECKPOINT);
    try {
      Map<String, String> notes = trainer.resume(file);
      if (!identity.equals(notes.get(TRAINING))) {
        throw new IOException(
            "%s: is of another training, %s; this one is %s"
                .formatted(file, notes.get(TRAINING), identity));
      }
      int steps = Integer.parseInt(notes.get(STEPS));
      log = TrainingLog.read(folder, steps, Integer.parseInt(notes.get(EPOCHS)));
    } catch (IllegalArgumentException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }

  /** Steps of the whole training. */
  public long stepsOfTraining() {
    return stepsOfTraining;
  }

  public TrainingLog log() {
    return log;
  }

  /**
   * Trains to the end, or until the development loss has not fallen for some epochs.
   *
   * @return the weights of the epoch of the lowest development loss, of the last one where there is
   *     no development set
   */
  public Weights run() throws IOException {
    if (log.epochs().isEmpty()) {
      endEpoch(new TrainingLog.EpochRow(0, 0, null, measure()));
    }
    long before = log.steps().size();
    long began = System.nanoTime();
    int last = settings.epochs();
    for (int epoch = log.epochs().getLast().epoch() + 1; epoch <= last && !isDone(); epoch++) {
      train(epoch, before, began);
      endEpoch(
          new TrainingLog.EpochRow(epoch, log.steps().size(), log.trainingLoss(epoch), measure()));
    }
    return SafeTensors.read(folder.resolve(BEST));
  }

  /** Whether the development loss has not fallen for as long as the settings have patience. */
  private boolean isDone() {
    if (development == null || settings.patience() == 0) {
      return false;
    }
    EarlyStopping stopping = EarlyStopping.after(settings.patience(), 0);
    for (TrainingLog.EpochRow row : log.epochs()) {
      if (row.epoch() > 0 && row.development() != null) {
        stopping = stopping.with(row.development().loss());
      }
    }
    return stopping.over();
  }

  private List<ChunkPlace> chunks(int epoch) {
    return settings.sampling().epoch(train, model.chunkSeconds(), settings, epoch);
  }

  private List<ChunkPlace> heldOut() {
    return settings.sampling().development(development, model.chunkSeconds());
  }

  private void train(int epoch, long before, long began) throws IOException {
    List<ChunkPlace> chunks = chunks(epoch);
    float[] waveforms = new float[settings.batch() * samples]; // (B, T)
    for (int from = 0; from < chunks.size(); from += settings.batch()) {
      int to = Math.min(from + settings.batch(), chunks.size());
      byte[] sets = new byte[(to - from) * frames]; // (B, F)
      int count = fill(train, chunks.subList(from, to), waveforms, sets);
      if (count == 0) {
        continue;
      }
      byte[] wanted = Arrays.copyOf(sets, count * frames);
      if (teacher != null) {
        teacher.write(count, waveforms, wanted);
      }
      Trainer.Step step =
          trainer.step(count, output -> taught.of(output, wanted, frames, null), waveforms);
      TrainingLog.StepRow row =
          new TrainingLog.StepRow(
              log.steps().size() + 1,
              epoch,
              step.loss(),
              step.gradientNorm(),
              step.learningRate(),
              step.taken());
      log.add(row);
      double secondsAStep = (System.nanoTime() - began) / 1e9 / (row.step() - before);
      listener.step(row, stepsOfTraining, secondsAStep * (stepsOfTraining - row.step()));
    }
  }

  private static int[] asTheyAre(double[][] cost) {
    return IntStream.range(0, cost.length).toArray();
  }

  /** Reads chunks and what should be said of them; returns how many could be read. */
  private int fill(ChunkSource source, List<ChunkPlace> places, float[] waveforms, byte[] sets) {
    int count = 0;
    for (ChunkPlace place : places) {
      ChunkSource.Heard heard = source.recordings().get(place.recording());
      try {
        source.read(place, samples, waveforms, count * samples);
        targets.write(heard.recording().annotation(), place.startSeconds(), sets, count * frames);
        count++;
      } catch (IOException e) {
        listener.skipped(heard.recording().uri(), e.getMessage());
      }
    }
    return count;
  }

  /** Figures on the development set; null where there is none. */
  private DevelopmentFigures measure() throws IOException {
    if (development == null) {
      return null;
    }
    double sum = 0;
    FrameErrors errors = FrameErrors.NONE;
    int chunks = 0;
    float[] waveforms = new float[settings.batch() * samples];
    List<ChunkPlace> places = settings.sampling().development(development, model.chunkSeconds());
    for (int from = 0; from < places.size(); from += settings.batch()) {
      int to = Math.min(from + settings.batch(), places.size());
      byte[] sets = new byte[(to - from) * frames];
      int count = fill(development, places.subList(from, to), waveforms, sets);
      if (count == 0) {
        continue;
      }
      float[] output = network.evaluate(count, waveforms);
      int row = frames * model.powerset().classes();
      for (int c = 0; c < count; c++) {
        // Chunk by chunk, so that no figure depends on the batch.
        float[] said = Arrays.copyOfRange(output, c * row, (c + 1) * row);
        byte[] wanted = Arrays.copyOfRange(sets, c * frames, (c + 1) * frames);
        sum += loss.of(said, wanted, frames, null).value();
        errors = errors.plus(errors(said, wanted));
        chunks++;
      }
    }
    if (chunks == 0) {
      throw new IOException("no chunk of the development set could be read");
    }
    return DevelopmentFigures.of(sum / chunks, errors);
  }

  private FrameErrors errors(float[] said, byte[] wanted) {
    byte[] predicted = new byte[frames];
    model.powerset().toMultilabel(said, 0, frames, predicted, 0);
    return FrameErrors.of(
        predicted, wanted, frames, model.powerset().speakers(), LinearSumAssignment::minimize);
  }

  private void endEpoch(TrainingLog.EpochRow row) throws IOException {
    log.add(row);
    if (row.epoch() > 0 && log.best().equals(row)) {
      WholeFile.replace(
          folder.resolve(BEST),
          file -> SafeTensors.write(file, network.parameters().weights(metadata)));
    }
    Map<String, String> notes = new LinkedHashMap<>();
    notes.put(TRAINING, identity);
    notes.put(STEPS, Integer.toString(log.steps().size()));
    notes.put(EPOCHS, Integer.toString(log.epochs().size()));
    log.write(folder);
    // Last: it says that the rest is there.
    WholeFile.replace(folder.resolve(CHECKPOINT), file -> trainer.save(file, notes));
    listener.epoch(row);
  }

  @Override
  public void close() {
    network.close();
  }
}
