package dev.diarist.cli;

import dev.diarist.simulation.Conversation;
import dev.diarist.simulation.ConversationSimulator;
import dev.diarist.simulation.SimulatedSet;
import dev.diarist.simulation.SimulationOptions;
import dev.diarist.simulation.SoundFiles;
import dev.diarist.simulation.SpeechCorpus;
import dev.diarist.simulation.TurnStatistics;
import dev.diarist.simulation.TurnStatisticsFile;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code diarist simulate}: conversations out of recordings of single speakers. */
@Command(
    name = "simulate",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = {
      "Make conversations, and who speaks when in them, of recordings of single speakers.",
      "The output folder receives audio, rttm, uem and database.yml, and is a DATASET of the other"
          + " commands."
    })
final class SimulateCommand implements Callable<Integer> {
  private static final Pattern RANGE = Pattern.compile("(-?[0-9.]+)(?:-(-?[0-9.]+))?");

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

  @Option(
      names = "--statistics",
      required = true,
      paramLabel = "DATASET",
      description =
          "Whose turn-taking is imitated: a DATASET, or a .yml file that --save-statistics wrote.")
  private String statistics;

  @Option(
      names = "--save-statistics",
      paramLabel = "FILE",
      description = "Writes the statistics of turn-taking to a .yml file.")
  private Path savedStatistics;

  @Option(
      names = "--rirs",
      paramLabel = "DIR",
      description = "Impulse responses; those of one folder are places in one room.")
  private Path rirs;

  @Option(names = "--noises", paramLabel = "DIR", description = "Recordings of noise.")
  private Path noises;

  @Option(
      names = "--snr",
      paramLabel = "FROM-TO",
      description = "Speech over noise in dB (default: 5-25).")
  private String ratio;

  @Option(names = "--count", paramLabel = "N", description = "Conversations (default: 10).")
  private int count = 10;

  @Option(names = "--speakers", paramLabel = "FROM-TO", description = "How many (default: 2-6).")
  private String speakers;

  @Option(names = "--minutes", paramLabel = "M", description = "Of each one (default: 2).")
  private double minutes = 2;

  @Option(names = "--seed", paramLabel = "N", description = "Decides everything (default: 1).")
  private long seed = 1;

  @Option(names = "--output", required = true, paramLabel = "DIR", description = "Output folder.")
  private Path output;

  @Option(
      names = "--subset",
      paramLabel = "NAME",
      description = "What database.yml calls them: train (default), development or test.")
  private String subset = "train";

  @Option(
      names = "--exclude-speakers",
      paramLabel = "FILE",
      description = "Speakers who take no part, one a line.")
  private Path excluded;

  @Option(
      names = "--only-speakers",
      paramLabel = "FILE",
      description = "Speakers who alone take part, one a line.")
  private Path only;

  SimulateCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws IOException {
    SimulationOptions options = options();
    TurnStatistics turns = TurnStatisticsFile.open(statistics);
    if (savedStatistics != null) {
      TurnStatisticsFile.write(turns, savedStatistics);
    }
    ConversationSimulator simulator =
        new ConversationSimulator(corpus(), turns, sounds(rirs), sounds(noises), options);
    SimulatedSet.write(simulator, count, output, subset, this::show);
    surroundings.tell(
        "wrote %d conversations to %s: %s"
            .formatted(count, output, SimulatedSet.name(output, subset)));
    return 0;
  }

  private SimulationOptions options() {
    try {
      SimulatedSet.requireSubset(subset);
      SimulatedSet.requireCount(count);
      SimulationOptions options = SimulationOptions.DEFAULT.withSeed(seed).withMinutes(minutes);
      if (speakers != null) {
        Matcher range = range("--speakers", speakers);
        options =
            options.withSpeakers(Integer.parseInt(range.group(1)), Integer.parseInt(end(range)));
      }
      if (ratio != null) {
        Matcher range = range("--snr", ratio);
        options =
            options.withSignalToNoise(
                Double.parseDouble(range.group(1)), Double.parseDouble(end(range)));
      }
      return options;
    } catch (NumberFormatException e) {
      throw new ParameterException(
          spec.commandLine(),
          "--speakers takes whole numbers and --snr numbers, each alone or FROM-TO, got "
              + Failure.oneLine(String.join(" and ", given())));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage());
    }
  }

  /** What was said of the ranges. */
  private List<String> given() {
    return Stream.of(speakers, ratio).filter(Objects::nonNull).toList();
  }

  private void show(Conversation conversation) {
    surroundings.tell(
        "%s: %d speakers, %d turns"
            .formatted(
                conversation.uri(),
                conversation.annotation().labels().size(),
                conversation.annotation().tracks().size()));
  }

  private static Matcher range(String option, String text) {
    Matcher matcher = RANGE.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(option + " takes a number or FROM-TO, got " + text);
    }
    return matcher;
  }

  private static String end(Matcher range) {
    return range.group(2) == null ? range.group(1) : range.group(2);
  }

  private SpeechCorpus corpus() throws IOException {
    SpeechCorpus corpus = SpeechCorpus.open(speech);
    if (only != null) {
      corpus = corpus.only(names(only));
    }
    return excluded == null ? corpus : corpus.without(names(excluded));
  }

  /**
   * Speakers, one on each line of a file.
   *
   * @throws IOException if it cannot be read or is no text; names the file
   */
  static Set<String> names(Path file) throws IOException {
    try {
      return Files.readAllLines(file).stream()
          .map(String::strip)
          .filter(line -> !line.isEmpty())
          .collect(Collectors.toSet());
    } catch (CharacterCodingException e) {
      throw new IOException(file + ": must be UTF-8 text, with a speaker on each line", e);
    }
  }

  private static Optional<SoundFiles> sounds(Path folder) throws IOException {
    return folder == null ? Optional.empty() : Optional.of(SoundFiles.below(folder));
  }
}
