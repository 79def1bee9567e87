package dev.diarist.cli;

import dev.diarist.Diarization;
import dev.diarist.DiarizerOptions;
import dev.diarist.Mode;
import dev.diarist.PerChannel;
import dev.diarist.SpeakerBounds;
import dev.diarist.StageListener;
import dev.diarist.annotation.OutputFormat;
import dev.diarist.audio.AudioFiles;
import dev.diarist.audio.AudioOptions;
import dev.diarist.audio.AudioSource;
import dev.diarist.audio.Recording;
import dev.diarist.nn.backend.Backends;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code diarist diarize}: who spoke when in each recording. */
@Command(
    name = "diarize",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = "Say who spoke when in each recording.")
final class DiarizeCommand implements Callable<Integer> {
  private final Surroundings surroundings;

  @Spec private CommandSpec spec;
  @Mixin private DebugOption debug;
  @Mixin private SpeakerOptions speakers;
  @Mixin private ChannelOptions channels;

  @Parameters(
      arity = "1..*",
      paramLabel = "AUDIO",
      description = "Recordings: WAV, FLAC, AIFF, AU; others with FFmpeg.")
  private List<Path> recordings;

  @Option(names = "--model", paramLabel = "DIR", description = "Folder of the model.")
  private Path model;

  @Option(
      names = "--output",
      paramLabel = "FILE|DIR",
      description =
          "File for the result of one recording, or folder for one file each (default: standard"
              + " output).")
  private Path output;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "${COMPLETION-CANDIDATES} (default: rttm).")
  private OutputFormat format = OutputFormat.RTTM;

  @Option(
      names = "--exclusive",
      description =
          "Never more than one speaker at a time, for joining with a transcript; with"
              + " --per-channel, never more than one of a channel.")
  private boolean exclusive;

  @Option(
      names = "--set",
      paramLabel = "PARAMETER=VALUE",
      description = "Overrides a parameter of the model, as in clustering.threshold=0.5.")
  private List<String> parameters = List.of();

  @Option(
      names = "--mode",
      paramLabel = "MODE",
      description =
          "exact (default): the answer of the reference; fast: about three times as fast, with"
              + " another answer where speakers are hard to tell apart.")
  private String mode;

  @Option(
      names = "--backend",
      paramLabel = "NAME",
      description = "What runs the networks (default: auto).")
  private String backend;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads to compute with; no result depends on it.")
  private Integer threads;

  DiarizeCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws IOException {
    if (model == null) {
      throw usage("a model folder is needed: name one with --model DIR");
    }
    SpeakerBounds bounds;
    AudioOptions audioOptions;
    Destination destination;
    UnaryOperator<DiarizerOptions> overrides = this::override;
    try {
      bounds = speakers.bounds();
      audioOptions = channels.audio();
      overrides.apply(DiarizerOptions.defaults());
      destination = Destination.of(output, recordings, format, surroundings.out());
    } catch (IllegalArgumentException e) {
      throw usage(e.getMessage());
    }
    Map<Path, Throwable> failures = new LinkedHashMap<>();
    try (LazyRecognizer recognizer = new LazyRecognizer(overrides)) {
      for (Path recording : recordings) {
        try (Recording audio = AudioFiles.recording(recording, audioOptions)) {
          format.requireWritable(audio.uri());
          Diarization diarization =
              channels.perChannel()
                  ? perChannel(audio, recognizer.get(), bounds)
                  : diarize(audio.view(audioOptions), recognizer.get(), bounds);
          for (String warning : diarization.warnings()) {
            surroundings.tell(recording + ": warning: " + warning);
          }
          destination.write(exclusive ? diarization.withoutOverlap() : diarization, format);
        } catch (ModelFailure e) {
          throw e.getCause();
        } catch (IOException | RuntimeException e) {
          failures.put(recording, e);
          surroundings.tell(Failure.sentence(recording, e), e);
        }
      }
    }
    if (failures.isEmpty()) {
      return 0;
    }
    if (recordings.size() > 1) {
      surroundings.tell(failures.size() + " of " + recordings.size() + " recordings failed:");
      failures.forEach(
          (recording, e) -> surroundings.err().println("  " + Failure.sentence(recording, e)));
      surroundings.err().flush();
    }
    return 1;
  }

  private Diarization perChannel(Recording audio, Recognizer recognizer, SpeakerBounds bounds)
      throws IOException {
    return PerChannel.diarize(audio, channel -> diarize(channel, recognizer, bounds));
  }

  private Diarization diarize(AudioSource audio, Recognizer recognizer, SpeakerBounds bounds)
      throws IOException {
    ProgressBar bar = new ProgressBar(audio.uri(), surroundings.err());
    StageListener listener = surroundings.terminal() ? bar : StageListener.NONE;
    try {
      return recognizer.diarize(audio, bounds, listener);
    } finally {
      bar.erase();
    }
  }

  private DiarizerOptions override(DiarizerOptions options) {
    DiarizerOptions overridden = options;
    for (String parameter : parameters) {
      int equals = parameter.indexOf('=');
      if (equals < 1) {
        throw new IllegalArgumentException("--set takes PARAMETER=VALUE, got " + parameter);
      }
      overridden = overridden.with(parameter.substring(0, equals), parameter.substring(equals + 1));
    }
    if (mode != null) {
      overridden = overridden.withMode(Mode.of(mode));
    }
    if (backend != null) {
      Backends.requireKnown(backend);
      overridden = overridden.withBackend(backend);
    }
    return threads == null ? overridden : overridden.withThreads(threads);
  }

  private ParameterException usage(String sentence) {
    return new ParameterException(spec.commandLine(), sentence);
  }

  /** Opens the model when the first recording that can be read asks for it. */
  private final class LazyRecognizer implements AutoCloseable {
    private final UnaryOperator<DiarizerOptions> overrides;
    private Recognizer recognizer;

    LazyRecognizer(UnaryOperator<DiarizerOptions> overrides) {
      this.overrides = overrides;
    }

    /**
     * @throws ModelFailure if the model cannot be opened, so that no recording can be diarized
     */
    Recognizer get() throws ModelFailure {
      if (recognizer == null) {
        try {
          recognizer = surroundings.models().open(model, overrides);
        } catch (IOException e) {
          throw new ModelFailure(e);
        } catch (IllegalArgumentException e) {
          throw new ModelFailure(new IOException(Failure.sentence(model, e), e));
        }
      }
      return recognizer;
    }

    @Override
    public void close() {
      if (recognizer != null) {
        recognizer.close();
      }
    }
  }

  /** The model cannot be opened: the end, whatever the recordings are. */
  private static final class ModelFailure extends Exception {
    private static final long serialVersionUID = 1L;

    ModelFailure(IOException cause) {
      super(cause);
    }

    @Override
    public synchronized IOException getCause() {
      return (IOException) super.getCause();
    }
  }
}
