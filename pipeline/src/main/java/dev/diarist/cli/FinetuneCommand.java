package dev.diarist.cli;

import dev.diarist.dataset.Dataset;
import dev.diarist.nn.train.FrameErrors;
import dev.diarist.nn.train.Trainer;
import dev.diarist.training.EpochFigures;
import dev.diarist.training.FineTuning;
import dev.diarist.training.FineTuningJob;
import dev.diarist.training.FineTuningSettings;
import dev.diarist.training.Sampling;
import dev.diarist.training.TrainingListener;
import dev.diarist.weights.hub.Hub;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code diarist finetune}: a segmentation network that learns from annotated recordings. */
@Command(
    name = "finetune",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = {
      "Fine-tune a segmentation network on annotated recordings.",
      "The output folder receives the network as a bundle and as a repository of diarizers, tables"
          + " and a picture of the training, and a model card."
    })
final class FinetuneCommand implements Callable<Integer> {
  private final Surroundings surroundings;

  @Spec private CommandSpec spec;
  @Mixin private DebugOption debug;
  @Mixin private HubOption hubOption;

  @Parameters(
      index = "0",
      paramLabel = "MODEL",
      description =
          "What training starts from: a pipeline's folder, a segmentation network, or the name of"
              + " a repository on the Hugging Face hub.")
  private String model;

  @Parameters(index = "1", paramLabel = "DATASET", description = EvaluateCommand.DATASET)
  private String dataset;

  @Option(
      names = "--development",
      paramLabel = "DATASET",
      description = "By which each epoch is judged and the best one chosen (default: the last).")
  private String development;

  @Option(
      names = "--audio",
      paramLabel = "DIR",
      description = "Where the recordings are, if not with the data sets.")
  private Path audio;

  @Option(names = "--output", required = true, paramLabel = "DIR", description = "Output folder.")
  private Path output;

  @Option(names = "--epochs", paramLabel = "N", description = "Default: ${DEFAULT-VALUE}.")
  private int epochs = FineTuningSettings.DEFAULT.epochs();

  @Option(
      names = "--batch",
      paramLabel = "N",
      description = "Chunks of a step (default: ${DEFAULT-VALUE}).")
  private int batch = FineTuningSettings.DEFAULT.batch();

  @Option(names = "--learning-rate", paramLabel = "X", description = "Default: ${DEFAULT-VALUE}.")
  private double learningRate = FineTuningSettings.DEFAULT.learningRate();

  @Option(
      names = "--schedule",
      paramLabel = "NAME",
      description = "cosine (default), linear or constant.")
  private String schedule = "cosine";

  @Option(
      names = "--warm-up",
      paramLabel = "STEPS",
      description = "Steps over which the learning rate rises from 0 (default: none).")
  private long warmUpSteps;

  @Option(
      names = "--dropout",
      paramLabel = "X",
      description = "Between the layers of the LSTM (default: 0).")
  private double dropout;

  @Option(names = "--weight-decay", paramLabel = "X", description = "Of AdamW (default: 0).")
  private double weightDecay;

  @Option(
      names = "--clip",
      paramLabel = "NORM",
      description = "Largest norm of the gradient (default: ${DEFAULT-VALUE}).")
  private double largestNorm = FineTuningSettings.DEFAULT.largestNorm();

  @Option(
      names = "--sampling",
      paramLabel = "NAME",
      description =
          "diarizers (default): chunk after chunk, overlapping by half; pyannote: random chunks of"
              + " the annotated parts.")
  private String sampling = Sampling.DIARIZERS.samplingName();

  @Option(names = "--no-shuffle", description = "Take chunks in the order of the data set.")
  private boolean inOrder;

  @Option(
      names = "--freeze",
      paramLabel = "PATTERN",
      description = "Tensors that stay as they are, such as sincnet.*; may be repeated.")
  private List<String> frozen = List.of();

  @Option(
      names = "--patience",
      paramLabel = "EPOCHS",
      description = "End after so many epochs without a lower development loss (default: never).")
  private int patience;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Decides all that is drawn (default: ${DEFAULT-VALUE}).")
  private long seed = FineTuningSettings.DEFAULT.seed();

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads to compute with; no result depends on it.")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Option(
      names = "--resume",
      description = "Go on with the training in the output folder, where there is one.")
  private boolean resume;

  FinetuneCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws IOException {
    FineTuningSettings settings;
    try {
      settings =
          new FineTuningSettings(
              epochs,
              batch,
              learningRate,
              decay(),
              warmUpSteps,
              dropout,
              largestNorm,
              weightDecay,
              Sampling.of(sampling),
              !inOrder,
              frozen,
              patience,
              seed);
      if (threads < 1) {
        throw new IllegalArgumentException("--threads must be at least 1, got " + threads);
      }
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage());
    }
    FineTuning.Outcome outcome;
    try (Hub hub = hubOption.open(surroundings)) {
      FineTuningJob job =
          new FineTuningJob(
              hub.locate(model),
              output.toAbsolutePath().getFileName().toString(),
              open(dataset),
              development == null ? Optional.empty() : Optional.of(open(development)),
              settings,
              threads,
              output,
              List.of(
                  "Diarist " + new Version().getVersion()[0].replace("diarist ", ""),
                  "Java " + Runtime.version().feature()));
      outcome = job.run(resume, new Lines(), surroundings::tell);
    } catch (IllegalArgumentException e) {
      throw new IOException(e.getMessage(), e);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    surroundings.tell(
        "wrote %s, the network after epoch %d".formatted(output, outcome.bestEpoch()));
    return 0;
  }

  private Dataset open(String name) throws IOException {
    Dataset opened = Dataset.open(name);
    return audio == null ? opened : opened.withAudioFrom(audio);
  }

  private FineTuningSettings.Decay decay() {
    for (FineTuningSettings.Decay decay : FineTuningSettings.Decay.values()) {
      if (decay.name().toLowerCase(Locale.ROOT).equals(schedule)) {
        return decay;
      }
    }
    throw new IllegalArgumentException(
        "--schedule must be cosine, linear or constant, got " + schedule);
  }

  /** A line for each epoch and, where a person watches, how far it is. */
  private final class Lines implements TrainingListener {
    private final TimeLeft time = new TimeLeft();

    @Override
    public void step(long number, long steps, int epoch, Trainer.Step step) {
      time.step(number);
      if (surroundings.terminal()) {
        surroundings
            .err()
            .print(
                "\r\u001b[Kepoch %d, step %d/%d, loss %.4f, %s left"
                    .formatted(epoch, number, steps, step.loss(), time.left(number, steps)));
        surroundings.err().flush();
      }
    }

    @Override
    public void epoch(EpochFigures figures) {
      if (surroundings.terminal()) {
        surroundings.err().print("\r\u001b[K");
      }
      FrameErrors errors = figures.errors();
      String judged =
          Double.isNaN(figures.developmentLoss())
              ? ""
              : ", development loss %.4f, DER %.2f %% (false alarm %.2f, missed %.2f, confusion %.2f)"
                  .formatted(
                      figures.developmentLoss(),
                      100 * errors.errorRate(),
                      100 * errors.falseAlarmRate(),
                      100 * errors.missedRate(),
                      100 * errors.confusionRate());
      surroundings.tell(
          figures.epoch() == 0
              ? "before training" + judged
              : "epoch %d: training loss %.4f%s"
                  .formatted(figures.epoch(), figures.trainingLoss(), judged));
    }
  }
}
