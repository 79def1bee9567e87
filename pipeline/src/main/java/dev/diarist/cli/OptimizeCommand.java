package dev.diarist.cli;

import dev.diarist.SpeakerBounds;
import dev.diarist.dataset.AudioLocation;
import dev.diarist.dataset.Dataset;
import dev.diarist.dataset.Recording;
import dev.diarist.metric.Convention;
import dev.diarist.metric.Metric;
import dev.diarist.metric.Scoring;
import dev.diarist.report.TrialPlot;
import dev.diarist.tuning.DevelopmentSet;
import dev.diarist.tuning.NetworkCache;
import dev.diarist.tuning.Study;
import dev.diarist.tuning.Trial;
import dev.diarist.tuning.TunedParameter;
import dev.diarist.tuning.Tuner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code diarist optimize}: the parameters that suit some recordings best. */
@Command(
    name = "optimize",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = {
      "Tune the parameters after the networks on a data set.",
      "The output folder receives config.yaml, trials.jsonl, trials.svg and, in networks, what the"
          + " networks said."
    })
final class OptimizeCommand implements Callable<Integer> {
  private final Surroundings surroundings;

  @Spec private CommandSpec spec;
  @Mixin private DebugOption debug;
  @Mixin private ModelOptions model;

  @Parameters(index = "0", paramLabel = "DATASET", description = EvaluateCommand.DATASET)
  private String dataset;

  @Option(names = "--output", required = true, paramLabel = "DIR", description = "Output folder.")
  private Path output;

  @Option(
      names = "--audio",
      paramLabel = "DIR",
      description = "Where the recordings are, if not with the data set.")
  private Path audio;

  @Option(
      names = "--tune",
      paramLabel = "PARAMETER[=FROM:TO]",
      description =
          "clustering.threshold, clustering.min_cluster_size, segmentation.min_duration_off"
              + " (default: all three).")
  private List<String> tuned = List.of();

  @Option(names = "--trials", paramLabel = "N", description = "How many (default: 200).")
  private int trials = 200;

  @Option(names = "--seed", paramLabel = "N", description = "Decides everything (default: 1).")
  private long seed = 1;

  @Option(names = "--resume", description = "Go on with the study in the output folder.")
  private boolean resume;

  @Option(
      names = "--metric",
      paramLabel = "NAME",
      description = "der (default), greedy-der, jer, ier or detection.")
  private String metric = "der";

  @Option(names = "--collar", paramLabel = "SECONDS", description = "As of evaluate.")
  private double collarSeconds;

  @Option(names = "--skip-overlap", description = "As of evaluate.")
  private boolean skipOverlap;

  @Option(names = "--convention", paramLabel = "NAME", description = "As of evaluate.")
  private String convention = Convention.PYANNOTE.conventionName();

  OptimizeCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws IOException {
    Metric wanted;
    Scoring scoring;
    Tuner tuner;
    try {
      wanted = Metric.of(metric);
      DevelopmentSet.requireErrorRate(wanted);
      scoring = new Scoring(Convention.of(convention), collarSeconds, skipOverlap);
      List<TunedParameter> parameters =
          tuned.isEmpty()
              ? TunedParameter.known()
              : tuned.stream().map(TunedParameter::parse).toList();
      tuner = new Tuner(parameters, trials, seed);
      model.check();
    } catch (IllegalArgumentException e) {
      throw usage(e.getMessage());
    }
    Dataset recordings = Dataset.open(dataset);
    if (audio != null) {
      recordings = recordings.withAudioFrom(audio);
    }
    Files.createDirectories(output);
    Study study = Study.of(model.folder(), model::override, output);
    List<DevelopmentSet.Heard> heard = hear(recordings, study.cache());
    List<Trial> made =
        study.run(
            new DevelopmentSet(heard, study.options(), wanted, scoring),
            tuner,
            dataset,
            resume,
            this::show);
    if (surroundings.terminal()) {
      surroundings.err().println();
    }
    Files.writeString(output.resolve("trials.svg"), TrialPlot.svg(made, wanted.metricName()));
    Trial best = Tuner.best(made);
    surroundings.tell(
        "%s of the configuration as it was: %.4f %%"
            .formatted(wanted.metricName(), 100 * made.getFirst().value()));
    surroundings.tell(
        "%s of trial %d of %d: %.4f %%, with %s; wrote %s"
            .formatted(
                wanted.metricName(),
                best.number(),
                made.size(),
                100 * best.value(),
                best.parameters(),
                output.resolve(Study.CONFIG)));
    return 0;
  }

  private List<DevelopmentSet.Heard> hear(Dataset recordings, NetworkCache cache)
      throws IOException {
    List<DevelopmentSet.Heard> heard = new ArrayList<>();
    try (Recognizer recognizer = model.open(surroundings.models())) {
      for (Recording recording : recordings.recordings()) {
        AudioLocation location =
            recording
                .audio()
                .orElseThrow(
                    () ->
                        new IOException(
                            recording.uri()
                                + ": no audio was found; --audio DIR says where it is"));
        Path file = location.file(output.resolve("audio"));
        heard.add(
            new DevelopmentSet.Heard(
                recording,
                cache.outputs(
                    recording.uri(),
                    file,
                    (source, listener) -> {
                      surroundings.tell(recording.uri() + ": the networks listen");
                      recognizer.diarize(source, SpeakerBounds.AUTO, listener);
                    })));
      }
    }
    return heard;
  }

  private void show(Trial trial) {
    if (surroundings.terminal()) {
      surroundings
          .err()
          .print(
              "\r\u001b[Ktrial %d/%d: %.4f %%"
                  .formatted(trial.number() + 1, trials, 100 * trial.value()));
      surroundings.err().flush();
    }
  }

  private ParameterException usage(String sentence) {
    return new ParameterException(spec.commandLine(), sentence);
  }
}
