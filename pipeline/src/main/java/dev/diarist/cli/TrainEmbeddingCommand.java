package dev.diarist.cli;

import dev.diarist.simulation.SoundFiles;
import dev.diarist.simulation.SpeechCorpus;
import dev.diarist.training.embedding.EmbeddingTrainingJob;
import dev.diarist.training.embedding.EmbeddingTrainingSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code diarist train embedding}: a speaker embedding network from recordings of speakers. */
@Command(
    name = "embedding",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = {
      "Train a speaker embedding network on recordings of single speakers.",
      "The output folder receives embedding.safetensors, a part of a bundle, tables of the training"
          + " and a card."
    })
final class TrainEmbeddingCommand implements Callable<Integer> {
  private static final EmbeddingTrainingSettings DEFAULT = EmbeddingTrainingSettings.DEFAULT;

  private final Surroundings surroundings;

  @Spec private CommandSpec spec;
  @Mixin private DebugOption debug;

  @Parameters(
      index = "0",
      paramLabel = "SPEECH",
      description =
          "Folder of recordings: of a folder for each speaker, or named"
              + " speaker-chapter-utterance as in LibriSpeech.")
  private Path speech;

  @Option(names = "--output", required = true, paramLabel = "DIR", description = "Output folder.")
  private Path output;

  @Option(names = "--rirs", paramLabel = "DIR", description = "Folder of impulse responses.")
  private Path rirs;

  @Option(names = "--noises", paramLabel = "DIR", description = "Folder of noises.")
  private Path noises;

  @Option(
      names = "--exclude-speakers",
      paramLabel = "FILE",
      description =
          "Speakers, a line each, that are not learnt but judged by (default: none; nothing is"
              + " judged then).")
  private Path excluded;

  @Option(names = "--channels", paramLabel = "N", description = "Default: ${DEFAULT-VALUE}.")
  private int channels = DEFAULT.channels();

  @Option(
      names = "--dimension",
      paramLabel = "N",
      description =
          "Of the embeddings in training (default: ${DEFAULT-VALUE}); half of it remains.")
  private int dimension = DEFAULT.dimension();

  @Option(
      names = "--speeds",
      split = ",",
      paramLabel = "X",
      description = "Each makes another voice of a speaker (default: 1.0,0.9,1.1).")
  private List<Double> speeds = DEFAULT.speeds();

  @Option(
      names = "--crop-frames",
      paramLabel = "N",
      description = "Frames of 10 ms of a crop (default: ${DEFAULT-VALUE}).")
  private int cropFrames = DEFAULT.cropFrames();

  @Option(names = "--batch", paramLabel = "N", description = "Default: ${DEFAULT-VALUE}.")
  private int batch = DEFAULT.batch();

  @Option(names = "--steps", paramLabel = "N", description = "Default: ${DEFAULT-VALUE}.")
  private long steps = DEFAULT.steps();

  @Option(names = "--learning-rate", paramLabel = "X", description = "Default: ${DEFAULT-VALUE}.")
  private double learningRate = DEFAULT.learningRate();

  @Option(names = "--warm-up", paramLabel = "STEPS", description = "Default: ${DEFAULT-VALUE}.")
  private long warmUpSteps = DEFAULT.warmUpSteps();

  @Option(names = "--weight-decay", paramLabel = "X", description = "Default: ${DEFAULT-VALUE}.")
  private double weightDecay = DEFAULT.weightDecay();

  @Option(
      names = "--margin",
      paramLabel = "RADIANS",
      description = "Of the loss (default: ${DEFAULT-VALUE}).")
  private double margin = DEFAULT.margin();

  @Option(
      names = "--scale",
      paramLabel = "X",
      description = "Of the cosines in the loss (default: ${DEFAULT-VALUE}).")
  private double scale = DEFAULT.scale();

  @Option(names = "--seed", paramLabel = "N", description = "Default: ${DEFAULT-VALUE}.")
  private long seed = DEFAULT.seed();

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads to compute with; no result depends on it.")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Option(
      names = "--resume",
      description = "Go on with the training in the output folder, where there is one.")
  private boolean resume;

  TrainEmbeddingCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws IOException {
    EmbeddingTrainingSettings settings;
    try {
      settings =
          new EmbeddingTrainingSettings(
              channels,
              dimension,
              speeds,
              cropFrames,
              batch,
              steps,
              learningRate,
              warmUpSteps,
              weightDecay,
              margin,
              scale,
              DEFAULT.averageDecay(),
              seed);
      SegmentationTrainingOptions.requireThreads(threads);
      SegmentationTrainingOptions.requireNew(output, resume, EmbeddingTrainingJob.isBegun(output));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage());
    }
    SpeechCorpus corpus = SpeechCorpus.open(speech);
    Optional<SpeechCorpus> heldOut = Optional.empty();
    if (excluded != null) {
      Set<String> speakers = SimulateCommand.names(excluded);
      heldOut = Optional.of(corpus.only(speakers));
      corpus = corpus.without(speakers);
    }
    try {
      new EmbeddingTrainingJob(
              corpus, heldOut, files(rirs), files(noises), settings, threads, output)
          .run(resume, new Lines());
    } catch (IllegalArgumentException e) {
      throw new IOException(e.getMessage(), e);
    }
    surroundings.tell("wrote " + output);
    return 0;
  }

  private static List<Path> files(Path folder) throws IOException {
    return folder == null ? List.of() : SoundFiles.below(folder).files();
  }

  /** What is known every now and then and, where a person watches, how far it is. */
  private final class Lines implements EmbeddingTrainingJob.Listener {
    private final TimeLeft time = new TimeLeft();

    @Override
    public void step(long number, long steps, double loss) {
      time.step(number);
      if (surroundings.terminal()) {
        surroundings
            .err()
            .print(
                "\r\u001b[Kstep %d/%d, loss %.4f, %s left"
                    .formatted(number, steps, loss, time.left(number, steps)));
        surroundings.err().flush();
      }
    }

    @Override
    public void judged(long number, double clean, double noisy) {
      if (surroundings.terminal()) {
        surroundings.err().print("\r\u001b[K");
      }
      surroundings.tell(
          Double.isNaN(clean)
              ? "step " + number
              : "step %d: equal error rate %.2f %% clean, %.2f %% noisy"
                  .formatted(number, 100 * clean, 100 * noisy));
    }
  }
}
