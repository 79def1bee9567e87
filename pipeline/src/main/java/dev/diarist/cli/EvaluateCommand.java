package dev.diarist.cli;

import dev.diarist.Diarization;
import dev.diarist.StageListener;
import dev.diarist.annotation.Annotation;
import dev.diarist.annotation.Segment;
import dev.diarist.annotation.Uem;
import dev.diarist.audio.AudioFiles;
import dev.diarist.audio.AudioSource;
import dev.diarist.dataset.AudioLocation;
import dev.diarist.dataset.Dataset;
import dev.diarist.dataset.Pairing;
import dev.diarist.dataset.Recording;
import dev.diarist.file.WholeFile;
import dev.diarist.metric.Bootstrap;
import dev.diarist.metric.Convention;
import dev.diarist.metric.Evaluation;
import dev.diarist.metric.Metric;
import dev.diarist.metric.Scoring;
import dev.diarist.report.AudioLinks;
import dev.diarist.report.EvaluationFormat;
import dev.diarist.report.EvaluationReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code diarist evaluate}: how far hypotheses are from a reference. */
@Command(
    name = "evaluate",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = "Compare diarizations with a reference.")
final class EvaluateCommand implements Callable<Integer> {
  static final String DATASET =
      "RTTM file, folder of RTTM and audio files, Parquet file or folder, or"
          + " database.yml:Database.SpeakerDiarization.Protocol.subset.";

  private final Surroundings surroundings;

  @Spec private CommandSpec spec;
  @Mixin private DebugOption debug;
  @Mixin private ModelOptions model;
  @Mixin private SpeakerOptions speakers;

  @Parameters(index = "0", paramLabel = "REFERENCE", description = DATASET)
  private String reference;

  @Parameters(
      index = "1..*",
      paramLabel = "HYPOTHESIS|AUDIO",
      description =
          "RTTM file, or folder of them; with --model, recordings to diarize. Where there are none,"
              + " the recordings of the reference are diarized.")
  private List<Path> hypotheses = List.of();

  @Option(
      names = "--audio",
      paramLabel = "DIR",
      description = "Where the recordings of the reference are, if not with it.")
  private Path audio;

  @Option(
      names = "--uem",
      paramLabel = "FILE",
      description = "What is judged of each recording, in place of what the reference says.")
  private Path uem;

  @Option(
      names = "--collar",
      paramLabel = "SECONDS",
      description = "What is not judged around boundaries of the reference (default: 0).")
  private double collarSeconds;

  @Option(
      names = "--skip-overlap",
      description = "Do not judge where several turns of the reference overlap.")
  private boolean skipOverlap;

  @Option(
      names = "--convention",
      paramLabel = "NAME",
      description =
          "pyannote (default): the collar is its whole width, half on each side; nist-md-eval and"
              + " dscore: it is left out on each side.")
  private String convention = Convention.PYANNOTE.conventionName();

  @Option(
      names = "--metric",
      paramLabel = "NAME",
      split = ",",
      description =
          "der, greedy-der, jer, purity, coverage; detection, accuracy, precision, recall (of"
              + " speech); ier, identification-precision, identification-recall (default:"
              + " der,jer,purity,coverage). A table shows the components of the first.")
  private List<String> metrics = List.of("der", "jer", "purity", "coverage");

  @Option(
      names = "--bootstrap",
      description = "Say how sure each rate is: 95 %% intervals over recordings.")
  private boolean bootstrap;

  @Option(
      names = "--compare",
      paramLabel = "RTTM",
      description = "Hypotheses of another system: say how sure the differences are.")
  private Path other;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "table (default), csv, json or html.")
  private EvaluationFormat format = EvaluationFormat.TABLE;

  @Option(
      names = "--output",
      paramLabel = "FILE",
      description = "File for the result (default: standard output).")
  private Path output;

  EvaluateCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws IOException {
    Scoring scoring;
    List<Metric> wanted;
    try {
      scoring = new Scoring(Convention.of(convention), collarSeconds, skipOverlap);
      wanted = metrics.stream().map(Metric::of).distinct().toList();
      speakers.bounds();
      checkOutput();
    } catch (IllegalArgumentException e) {
      throw usage(e.getMessage());
    }
    boolean isDiarized = model.isNamed() || hypotheses.isEmpty();
    checkHypotheses(isDiarized);
    Dataset dataset = dataset(isDiarized);
    Optional<SequencedMap<String, List<Segment>>> regions =
        uem == null ? Optional.empty() : Optional.of(Uem.read(uem));
    Map<String, Annotation> others =
        other == null ? Map.of() : Pairing.hypotheses(other); // before anything is diarized
    Map<String, Annotation> heard =
        isDiarized ? diarized(dataset) : Pairing.hypotheses(hypotheses.getFirst());
    Dataset judged = isDiarized ? dataset.only(heard.keySet()) : dataset;
    for (Recording recording : dataset.recordings()) {
      if (isDiarized && !heard.containsKey(recording.uri())) { // not one where nobody speaks
        regions.ifPresent(all -> all.remove(recording.uri()));
      }
    }
    Pairing pairing = Pairing.of(judged, heard, regions);
    pairing.notices().forEach(notice -> surroundings.tell("note: " + notice));
    Evaluation evaluation = Evaluation.of(pairing.comparisons(), wanted, scoring);
    EvaluationReport report =
        EvaluationReport.of(
            reference,
            evaluation,
            AudioLinks.from(output, judged),
            bootstrap ? Optional.of(Bootstrap.DEFAULT) : Optional.empty());
    if (other != null) {
      Pairing compared = Pairing.of(judged, others, regions);
      compared.notices().forEach(notice -> surroundings.tell("note: " + other + ": " + notice));
      report =
          report.comparedWith(
              other.toString(),
              Evaluation.of(compared.comparisons(), wanted, scoring),
              Bootstrap.DEFAULT);
    }
    write(report);
    return judged.equals(dataset) ? 0 : 1;
  }

  /** The reference, with the audio that is to be diarized. */
  private Dataset dataset(boolean isDiarized) throws IOException {
    Dataset dataset = Dataset.open(reference);
    if (audio != null) {
      dataset = dataset.withAudioFrom(audio);
    }
    return isDiarized && !hypotheses.isEmpty() ? dataset.withRecordings(hypotheses) : dataset;
  }

  private void checkOutput() throws IOException {
    if (output != null) {
      List<Path> inputs = new ArrayList<>(hypotheses);
      inputs.addAll(Arrays.asList(referenceFile(), uem, other));
      Destination.oneFile(output, inputs);
    }
  }

  /** Null where the reference is named otherwise. */
  private Path referenceFile() {
    try {
      return Path.of(reference);
    } catch (InvalidPathException e) {
      return null; // database.yml:… is no name of a file everywhere
    }
  }

  private void checkHypotheses(boolean isDiarized) {
    if (!isDiarized && hypotheses.size() != 1) {
      throw usage(
          "one RTTM file or folder of hypotheses is needed, or --model DIR to make them; got "
              + hypotheses.size());
    }
    if (isDiarized) {
      try {
        model.check();
      } catch (IllegalArgumentException e) {
        throw usage(e.getMessage());
      }
    }
  }

  /**
   * What is heard in each recording, but for those that cannot be read, of which it tells.
   *
   * @throws IOException if that is all of them
   */
  private Map<String, Annotation> diarized(Dataset dataset) throws IOException {
    Map<String, Annotation> heard = new LinkedHashMap<>();
    for (Recording recording : dataset.recordings()) {
      if (recording.audio().isEmpty()) {
        throw new IOException(
            recording.uri() + ": no audio was found; --audio DIR says where it is");
      }
    }
    Path extracted = Files.createTempDirectory("diarist");
    try (Recognizer recognizer = model.open(surroundings.models())) {
      for (Recording recording : dataset.recordings()) {
        AudioLocation location = recording.audio().orElseThrow();
        Path file = location.file(extracted);
        try (AudioSource source = AudioFiles.open(file)) {
          heard.put(recording.uri(), diarized(source, recognizer).annotation());
        } catch (IOException | IllegalArgumentException e) {
          surroundings.tell(Failure.sentence(file, e) + "; it is left out", e);
        } finally {
          Files.deleteIfExists(extracted.resolve(file.getFileName()));
        }
      }
    } finally {
      Files.deleteIfExists(extracted);
    }
    if (heard.isEmpty() && !dataset.recordings().isEmpty()) {
      throw new IOException(reference + ": no recording is left to judge");
    }
    return heard;
  }

  private Diarization diarized(AudioSource source, Recognizer recognizer) throws IOException {
    ProgressBar bar = new ProgressBar(source.uri(), surroundings.err());
    try {
      return recognizer.diarize(
          source, speakers.bounds(), surroundings.terminal() ? bar : StageListener.NONE);
    } finally {
      bar.erase();
    }
  }

  private void write(EvaluationReport report) throws IOException {
    StringBuilder text = new StringBuilder();
    format.write(report, text);
    if (output != null) {
      WholeFile.write(output, text);
      return;
    }
    surroundings.out().append(text);
    Surroundings.requireWritten(surroundings.out(), "result");
  }

  private ParameterException usage(String sentence) {
    return new ParameterException(spec.commandLine(), sentence);
  }
}
