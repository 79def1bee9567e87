package dev.diarist.cli;

import dev.diarist.Diarization;
import dev.diarist.DiarizerOptions;
import dev.diarist.PerChannel;
import dev.diarist.SpeakerBounds;
import dev.diarist.StageListener;
import dev.diarist.annotation.Annotation;
import dev.diarist.annotation.OutputFormat;
import dev.diarist.annotation.Rttm;
import dev.diarist.audio.AudioFiles;
import dev.diarist.audio.AudioOptions;
import dev.diarist.audio.AudioSource;
import dev.diarist.audio.Recording;
import dev.diarist.cli.Batch.ModelFailure;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
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
  @Mixin private RecordingInputs inputs;
  @Mixin private ModelOptions model;
  @Mixin private SpeakerOptions speakers;
  @Mixin private ChannelOptions channels;
  @Mixin private VoiceOptions voices;
  @Mixin private Batch batch;

  @Option(
      names = "--output",
      paramLabel = "FILE|DIR",
      description =
          "File for the result of one recording, or folder for one file each (default: standard"
              + " output). Recordings whose result in the folder is newer than they are skipped.")
  private Path output;

  @Option(names = "--overwrite", description = "Diarize also what has its result in the folder.")
  private boolean overwrite;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "${COMPLETION-CANDIDATES} (default: rttm).")
  private OutputFormat format = OutputFormat.RTTM;

  @Option(
      names = "--per-channel",
      description =
          "Diarize each channel by itself, as for calls with a party on each; speakers are called"
              + " CH0_SPEAKER_00 and so on, bounds on their number hold for each channel.")
  private boolean perChannel;

  @Option(
      names = "--exclusive",
      description =
          "Never more than one speaker at a time, for joining with a transcript; with"
              + " --per-channel, never more than one of a channel.")
  private boolean exclusive;

  @Option(
      names = "--oracle",
      paramLabel = "RTTM",
      description =
          "Who spoke when, by name of the recording: shows what a perfect clustering would make of"
              + " the segmentation.")
  private Path oracle;

  private Map<String, Annotation> references;
  private SpeakerBounds bounds;
  private AudioOptions audioOptions;
  private Destination destination;

  DiarizeCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws IOException {
    List<Path> recordings;
    try {
      model.check();
      bounds = speakers.bounds();
      audioOptions = channels.audio();
      batch.jobs();
      if (perChannel && audioOptions.channel().isPresent()) {
        throw new IllegalArgumentException("--per-channel goes without --channel");
      }
      if (perChannel && oracle != null) {
        throw new IllegalArgumentException("--oracle goes without --per-channel");
      }
      recordings = inputs.recordings();
      destination = Destination.of(output, recordings, format, surroundings.out());
      Destination.requireNoInput(output, Arrays.asList(voices.file(), oracle));
      voices.prepare(recordings, Arrays.asList(voices.file(), oracle, output));
      references = oracle == null ? null : Rttm.read(oracle);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage());
    }
    try (LazyRecognizer recognizer =
        new LazyRecognizer(surroundings.models(), model.folder(), this::override, voices::check)) {
      return batch.run(due(recordings), surroundings, recording -> diarize(recording, recognizer));
    }
  }

  private DiarizerOptions override(DiarizerOptions options) {
    DiarizerOptions overridden = model.override(options);
    return batch.jobs() == 1 ? overridden : overridden.withRecordings(batch.jobs());
  }

  /** The recordings whose results are not there yet. */
  private List<Path> due(List<Path> recordings) throws IOException {
    List<Path> due = new ArrayList<>();
    for (Path recording : recordings) {
      Optional<Path> result =
          overwrite ? Optional.empty() : destination.result(recording, format.extension());
      if (result.isPresent() && voices.isDone(recording)) {
        surroundings.tell(
            recording + ": skipped, as " + result.get() + " is newer; --overwrite makes it again");
      } else {
        due.add(recording);
      }
    }
    return due;
  }

  private Batch.Ending diarize(Path recording, LazyRecognizer recognizer)
      throws IOException, ModelFailure {
    try (Recording audio = AudioFiles.recording(recording, audioOptions)) {
      format.requireWritable(audio.uri());
      Diarization heard =
          perChannel
              ? perChannel(audio, recognizer.get())
              : diarize(audio.view(audioOptions), recognizer.get());
      Diarization diarization = voices.name(heard);
      voices.write(diarization);
      Diarization result = exclusive ? diarization.withoutOverlap() : diarization;
      if (destination.keepsOrder()) {
        return () -> {
          tell(recording, diarization);
          destination.write(result, format);
        };
      }
      destination.write(result, format);
      return () -> tell(recording, diarization);
    }
  }

  private void tell(Path recording, Diarization diarization) {
    for (String warning : diarization.warnings()) {
      surroundings.tell(recording + ": warning: " + warning);
    }
    VoiceOptions.tell(recording, diarization, surroundings);
  }

  private Diarization perChannel(Recording audio, Recognizer recognizer) throws IOException {
    return PerChannel.diarize(audio, channel -> diarize(channel, recognizer));
  }

  private Diarization diarize(AudioSource audio, Recognizer recognizer) throws IOException {
    ProgressBar bar = new ProgressBar(audio.uri(), surroundings.err());
    boolean watched = surroundings.terminal() && batch.jobs() == 1;
    StageListener listener = watched ? bar : StageListener.NONE;
    if (references != null && !references.containsKey(audio.uri())) {
      throw new IOException(oracle + ": has no recording " + audio.uri());
    }
    try {
      return references == null
          ? recognizer.diarize(audio, bounds, listener)
          : recognizer.diarize(audio, references.get(audio.uri()), bounds, listener);
    } finally {
      bar.erase();
    }
  }
}
