package dev.diarist.training;

import dev.diarist.dataset.Dataset;
import dev.diarist.nn.train.Trainer;
import dev.diarist.nn.weights.SafeTensors;
import dev.diarist.nn.weights.Weights;
import dev.diarist.nn.weights.WeightsException;
import dev.diarist.report.LossPlot;
import dev.diarist.weights.Architecture;
import dev.diarist.weights.ConversionOptions;
import dev.diarist.weights.Converter;
import dev.diarist.weights.ModelFolder;
import dev.diarist.weights.Network;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A fine-tuning from a model on disk to a folder with everything that came of it:
 *
 * <pre>
 * bundle/                     where the model was a pipeline: the pipeline with its new network
 * segmentation.safetensors    where it was not: the network
 * diarizers/                  the network as diarizers and transformers load it, with its card
 * README.md                   the card
 * steps.csv, epochs.csv       figures of the training, loss.svg a picture of them
 * training/                   checkpoints, from which an interrupted training goes on
 * </pre>
 *
 * @param model a pipeline's folder, or a segmentation network, its file or its folder
 * @param name of the model, for the card
 * @param development what the training is judged by
 * @param environment lines for the card: versions of what was used
 */
public record FineTuningJob(
    Path model,
    String name,
    Dataset training,
    Optional<Dataset> development,
    FineTuningSettings settings,
    int threads,
    Path output,
    List<String> environment) {
  private static final String SEGMENTATION = "segmentation.safetensors";
  private static final double SECONDS_PER_HOUR = 3600;

  public FineTuningJob {
    environment = List.copyOf(environment);
  }

  /**
   * Trains and writes.
   *
   * @param resume whether to go on from a checkpoint in the output folder, where there is one
   * @param listener sees steps and epochs
   * @param notices receives a sentence for each recording that is left out
   * @throws WeightsException if the model is no segmentation network
   * @throws dev.diarist.dataset.DatasetException if a data set has no recording that can be read
   * @throws IllegalArgumentException if the data give no chunk, a pattern of names matches no
   *     tensor, or the checkpoint is of another training
   * @throws java.util.concurrent.CancellationException if this thread is interrupted; it stays so
   */
  public FineTuning.Outcome run(boolean resume, TrainingListener listener, Consumer<String> notices)
      throws IOException {
    Weights start = segmentation();
    Path folder = Files.createDirectories(output.resolve("training"));
    Path audio = folder.resolve("audio");
    TrainingSet set = TrainingSet.open(training, audio, notices);
    Optional<TrainingSet> judge = Optional.empty();
    if (development.isPresent()) {
      judge = Optional.of(TrainingSet.open(development.get(), audio, notices));
    }
    Recorder recorder = new Recorder(listener, resume);
    FineTuning.Outcome outcome;
    try (FineTuning tuning = new FineTuning(start, set, judge, settings, threads, folder)) {
      outcome = tuning.run(resume, recorder);
    }
    write(outcome, start, set);
    return outcome;
  }

  private boolean isPipeline() {
    return Files.isRegularFile(model.resolve("config.yaml"));
  }

  private Weights segmentation() throws IOException {
    if (isPipeline()) {
      return ModelFolder.open(model).segmentation();
    }
    Network network = Network.read(model);
    if (network.architecture() != Architecture.PYANNET) {
      throw new WeightsException(
          "%s: only a segmentation network, a PyanNet, can be fine-tuned, found a %s"
              .formatted(model, network.architecture().className()));
    }
    return network.weights();
  }

  private void write(FineTuning.Outcome outcome, Weights start, TrainingSet set)
      throws IOException {
    Path bundle = output.resolve("bundle");
    if (isPipeline()) {
      Converter.convert(model, bundle);
    }
    Path network = (isPipeline() ? bundle : output).resolve(SEGMENTATION);
    SafeTensors.write(network, described(outcome.weights(), start));
    Path repository = output.resolve("diarizers");
    Converter.convert(
        network,
        repository,
        new ConversionOptions(
            ConversionOptions.Layout.DIARIZERS,
            ConversionOptions.Precision.AS_STORED,
            false,
            dev.diarist.weights.RepositorySource.NONE));
    String card =
        new ModelCard(
                name,
                model.toString(),
                training.name(),
                development.map(Dataset::name).orElse(""),
                set.durationSeconds() / SECONDS_PER_HOUR,
                settings,
                outcome,
                environment)
            .markdown();
    Files.writeString(output.resolve("README.md"), card);
    Files.writeString(repository.resolve("README.md"), card);
  }

  /** With what the start says of itself, but not where it came from, as it is no longer that. */
  private Weights described(Weights tuned, Weights start) {
    Map<String, String> metadata = new LinkedHashMap<>(start.metadata());
    for (String key : List.of("source", "sha256", "revision", "figures")) {
      metadata.remove(key);
    }
    if (start.metadata().containsKey("source")) {
      metadata.put("base_model", start.metadata().get("source"));
    }
    Map<String, dev.diarist.nn.weights.Tensor> tensors = new LinkedHashMap<>();
    tuned.names().forEach(tensor -> tensors.put(tensor, tuned.tensor(tensor)));
    return Weights.of(tensors, metadata);
  }

  /** Writes the tables and the picture as the training goes, and passes on what it sees. */
  private final class Recorder implements TrainingListener {
    private final TrainingListener next;
    private final boolean resume;
    private final List<EpochFigures> figures = new ArrayList<>();
    private TrainingLog log;

    Recorder(TrainingListener next, boolean resume) {
      this.next = next;
      this.resume = resume;
    }

    @Override
    public void step(long number, long steps, int epoch, Trainer.Step step) {
      if (log == null) {
        log = open();
      }
      log.step(number, epoch, step);
      next.step(number, steps, epoch, step);
    }

    @Override
    public void epoch(EpochFigures own) {
      figures.add(own);
      if (log != null) {
        record();
      }
      next.epoch(own);
    }

    private TrainingLog open() {
      try {
        return resume
            ? TrainingLog.resume(output, figures.getLast().steps())
            : TrainingLog.begin(output);
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }

    private void record() {
      log.epochs(figures);
      List<LossPlot.Judged> judged =
          figures.stream()
              .filter(own -> !Double.isNaN(own.developmentLoss()))
              .map(own -> new LossPlot.Judged(own.steps(), own.developmentLoss()))
              .toList();
      try {
        Files.writeString(output.resolve("loss.svg"), LossPlot.svg(log.losses(), judged));
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }
  }
}
