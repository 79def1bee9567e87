package dev.diarist.cli;

import dev.diarist.dataset.Dataset;
import dev.diarist.nn.weights.Weights;
import dev.diarist.report.LossPlot;
import dev.diarist.training.ChunkSampling;
import dev.diarist.training.ChunkSource;
import dev.diarist.training.DevelopmentFigures;
import dev.diarist.training.FineTunedModel;
import dev.diarist.training.ModelCard;
import dev.diarist.training.SegmentationTraining;
import dev.diarist.training.Teacher;
import dev.diarist.training.TrainingListener;
import dev.diarist.training.TrainingLog;
import dev.diarist.training.TrainingSettings;
import dev.diarist.weights.ModelFolder;
import dev.diarist.weights.Network;
import dev.diarist.weights.hub.Hub;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What every training of a segmentation network is told, and the training itself. */
final class SegmentationTrainingOptions {
  /** Each thread has buffers of its own; a larger number is a slip. */
  private static final int MAX_THREADS = 1024;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--development",
      paramLabel = "DATASET",
      description = "For the figures of each epoch; the epoch of the lowest loss is kept.")
  private String development;

  @Option(names = "--output", required = true, paramLabel = "DIR", description = "Output folder.")
  private Path output;

  @Option(names = "--resume", description = "Go on with what the output folder holds, if anything.")
  private boolean resume;

  @Option(names = "--epochs", paramLabel = "N", description = "How many (default: 10).")
  private int epochs = TrainingSettings.DEFAULT.epochs();

  @Option(
      names = "--learning-rate",
      paramLabel = "RATE",
      description = "Before the schedule (default: 5e-5 for finetune, 1e-3 for train).")
  private Double learningRate;

  private double usualLearningRate = TrainingSettings.DEFAULT.learningRate();

  @Option(names = "--batch", paramLabel = "N", description = "Chunks of a step (default: 32).")
  private int batch = TrainingSettings.DEFAULT.batch();

  @Option(names = "--seed", paramLabel = "N", description = "Decides everything (default: 42).")
  private long seed = TrainingSettings.DEFAULT.seed();

  @Option(
      names = "--schedule",
      paramLabel = "NAME",
      description = "Of the learning rate: cosine (default), linear or constant.")
  private String schedule = TrainingSettings.DEFAULT.schedule();

  @Option(
      names = "--warmup",
      paramLabel = "STEPS",
      description = "Over which the learning rate rises from 0 (default: 0).")
  private long warmUp = TrainingSettings.DEFAULT.warmUpSteps();

  @Option(
      names = "--freeze",
      paramLabel = "PATTERN",
      description = "Parameters that stay, as in sincnet.*; may be given several times.")
  private List<String> frozen = List.of();

  @Option(
      names = "--dropout",
      paramLabel = "P",
      description = "Between the layers of the LSTM (default: 0.5).")
  private double dropout = TrainingSettings.DEFAULT.dropout();

  @Option(
      names = "--sampling",
      paramLabel = "NAME",
      description = "Of chunks: diarizers (default; all of them) or pyannote (by chance).")
  private String sampling = TrainingSettings.DEFAULT.sampling().samplingName();

  @Option(
      names = "--patience",
      paramLabel = "N",
      description =
          "End after N epochs without a lower development loss (default: 0; all epochs are made).")
  private int patience;

  @Option(
      names = "--license",
      paramLabel = "NAME",
      description = "What the model card calls the licence, as in mit.")
  private String license;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads to compute with; no result depends on it.")
  private int threads = Runtime.getRuntime().availableProcessors();

  /**
   * What a training begins from.
   *
   * @param baseModel what is trained further; null for nothing
   * @param teacher whose answers are learnt; null for none
   */
  record Origin(String baseModel, String teacher) {}

  /** The segmentation network of a model, or a network's own file or folder. */
  static Weights segmentation(Path found, Hub hub) throws IOException {
    return Files.isRegularFile(found.resolve("config.yaml"))
        ? ModelFolder.open(found, hub).segmentation()
        : Network.read(found).weights();
  }

  int threads() {
    return threads;
  }

  int batch() {
    return batch;
  }

  long seed() {
    return seed;
  }

  /** Where the command line says nothing. */
  void setUsualLearningRate(double rate) {
    usualLearningRate = rate;
  }

  /** Refuses what cannot be, before anything is read. */
  void check() {
    settings();
    try {
      requireNew(output, resume, SegmentationTraining.isBegun(output));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage());
    }
  }

  /**
   * @param begun whether the folder holds a training
   * @throws IllegalArgumentException if that would be overwritten, or {@code output} is a file
   */
  static void requireNew(Path output, boolean resume, boolean begun) {
    if (Files.exists(output) && !Files.isDirectory(output)) {
      throw new IllegalArgumentException("--output must be a folder; " + output + " is a file");
    }
    if (begun && !resume) {
      throw new IllegalArgumentException(
          output + " holds a training; --resume goes on with it, another --output begins one");
    }
  }

  /**
   * @throws IllegalArgumentException if nobody can mean so many
   */
  static void requireThreads(int threads) {
    if (threads < 1 || threads > MAX_THREADS) {
      throw new IllegalArgumentException(
          "--threads must be from 1 to %d, got %d".formatted(MAX_THREADS, threads));
    }
  }

  private TrainingSettings settings() {
    try {
      requireThreads(threads);
      return new TrainingSettings(
          epochs,
          learningRate == null ? usualLearningRate : learningRate,
          batch,
          schedule,
          warmUp,
          dropout,
          TrainingSettings.DEFAULT.largestNorm(),
          frozen,
          ChunkSampling.of(sampling),
          TrainingSettings.DEFAULT.shuffled(),
          seed,
          patience);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage());
    }
  }

  /**
   * Trains and writes.
   *
   * @param found what the weights were found in, null for nothing; a model that is there is part of
   *     what is written
   * @param teacher null for none
   */
  void run(
      Surroundings surroundings,
      String dataset,
      Weights weights,
      Teacher teacher,
      Origin origin,
      Path found,
      Hub hub)
      throws IOException {
    TrainingSettings settings = settings();
    Files.createDirectories(output);
    Shown shown = new Shown(surroundings);
    try (ChunkSource train = source(dataset, shown);
        ChunkSource held = development == null ? null : source(development, shown);
        SegmentationTraining training =
            new SegmentationTraining(
                weights, settings, teacher, train, held, output, threads, shown)) {
      if (SegmentationTraining.isBegun(output)) {
        training.resume();
      }
      Weights trained = training.run();
      List<String> versions = List.of(new Version().getVersion()[0], "Java " + Runtime.version());
      ModelCard card =
          new ModelCard(
              output.toAbsolutePath().normalize().getFileName().toString(),
              origin.baseModel(),
              origin.teacher(),
              List.of(dataset),
              license,
              settings,
              training.log(),
              versions);
      Files.writeString(output.resolve("loss.svg"), LossPlot.svg(training.log()));
      FineTunedModel.write(found, trained, card.markdown(), output, hub);
      surroundings.tell(
          "wrote " + output.resolve("bundle") + " and " + output.resolve("diarizers"));
    }
  }

  private ChunkSource source(String name, Shown shown) throws IOException {
    return ChunkSource.open(Dataset.open(name), output.resolve("audio"), shown::skipped);
  }

  /** What a person sees of a training. */
  private record Shown(Surroundings surroundings) implements TrainingListener {
    @Override
    public void skipped(String uri, String reason) {
      surroundings.tell("warning: left out %s: %s".formatted(uri, Failure.printable(reason)));
    }

    @Override
    public void step(TrainingLog.StepRow row, long steps, double secondsLeft) {
      if (surroundings.terminal()) {
        surroundings
            .err()
            .print(
                "\r\u001b[Kepoch %d, step %d/%d: loss %.4f, %s left"
                    .formatted(
                        row.epoch(),
                        row.step(),
                        steps,
                        row.loss(),
                        Duration.ofSeconds((long) secondsLeft).toString().substring(2)));
        surroundings.err().flush();
      }
    }

    @Override
    public void epoch(TrainingLog.EpochRow row) {
      if (surroundings.terminal()) {
        surroundings.err().print("\r\u001b[K");
      }
      DevelopmentFigures figures = row.development();
      String trained =
          row.epoch() == 0 ? "at the start" : "loss %.4f".formatted(row.trainingLoss());
      surroundings.tell(
          "epoch %d: %s%s"
              .formatted(
                  row.epoch(),
                  trained,
                  figures == null
                      ? ""
                      : "; development loss %.4f, DER %.4f, false alarm %.4f, missed %.4f,"
                              .formatted(
                                  figures.loss(),
                                  figures.der(),
                                  figures.falseAlarm(),
                                  figures.missed())
                          + " confusion %.4f".formatted(figures.confusion())));
    }
  }
}
