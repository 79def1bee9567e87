package dev.diarist.cli;

import dev.diarist.nn.backend.Backends;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line. Results go to standard output, everything else to standard error. */
@Command(
    name = "diarist",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = "Who spoke when.",
    footer = {
      "",
      "'diarist AUDIO...' is the same as 'diarist diarize AUDIO...'.",
      "Exit codes: 0 done, 1 failed, 2 wrongly called."
    })
public final class Main implements Runnable {
  private static final int FAILED = 1;
  private static final int WRONGLY_CALLED = 2;

  // What the launcher found out about standard error; Java can only ask about input and output.
  private static final String TERMINAL_PROPERTY = "diarist.terminal";

  /** In the order of the help. */
  private static final List<String> COMMANDS =
      List.of(
          "diarize",
          "vad",
          "osd",
          "segment",
          "embed",
          "enrol",
          "transcript",
          "weights",
          "convert",
          "evaluate",
          "stats",
          "optimize",
          "simulate",
          "finetune",
          "train",
          "devices",
          "help");

  /** Those that mostly run the networks. */
  private static final Set<String> HEARING =
      Set.of("diarize", "vad", "osd", "segment", "embed", "enrol");

  private static final Set<String> HELP = Set.of("--help", "-h", "help");
  private static final Set<String> VERSION = Set.of("--version", "-V");

  @Spec private CommandSpec spec;
  @Mixin private DebugOption debug;

  private Main() {}

  /** Runs one command and ends the process with its exit code. */
  public static void main(String[] args) {
    PrintWriter out = writer(FileDescriptor.out);
    PrintWriter err = writer(FileDescriptor.err);
    String told = System.getProperty(TERMINAL_PROPERTY);
    boolean terminal =
        told != null
            ? Boolean.parseBoolean(told)
            : System.console() != null && System.console().isTerminal();
    int code = run(args, out, err, terminal, Recognizer::of);
    out.flush();
    err.flush();
    System.exit(code);
  }

  private static PrintWriter writer(FileDescriptor descriptor) {
    return new PrintWriter(new FileOutputStream(descriptor), false, StandardCharsets.UTF_8);
  }

  /**
   * Runs one command.
   *
   * @param args not modified
   * @param out receives the results
   * @param err receives everything else
   * @return 0 where all is done, 1 where something failed, 2 where the command cannot be understood
   */
  public static int run(String[] args, PrintWriter out, PrintWriter err) {
    return run(args, out, err, false, Recognizer::of);
  }

  static int run(
      String[] args, PrintWriter out, PrintWriter err, boolean terminal, Recognizer.Opener models) {
    if (args.length == 1 && VERSION.contains(args[0])) { // picocli takes longer than all else of it
      out.println(Version.line());
      out.flush();
      return 0;
    }
    boolean debugging = List.of(args).contains(DebugOption.NAME);
    Surroundings surroundings = new Surroundings(out, err, terminal, debugging, models);
    List<String> completed = withCommand(List.of(args));
    List<String> needed = needed(completed);
    if (needed.size() == 1 && HEARING.contains(needed.get(0))) {
      Backends.warmUp(); // while picocli reads the command line
    }
    CommandLine root = new CommandLine(new Main());
    for (String name : needed) {
      root.addSubcommand(name, command(name, surroundings));
    }
    root.setOut(surroundings.out())
        .setErr(surroundings.err())
        .setExpandAtFiles(false)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler((e, unparsed) -> explainUsage(e, surroundings))
        .setExecutionExceptionHandler((e, command, parsed) -> explain(e, surroundings));
    try {
      return root.execute(completed.toArray(String[]::new));
    } catch (Error e) { // picocli hands on only exceptions
      return explain(e, surroundings);
    }
  }

  private static int explain(Throwable failure, Surroundings surroundings) {
    surroundings.tell(Failure.sentence(failure), failure);
    return FAILED;
  }

  private static Object command(String name, Surroundings surroundings) {
    return switch (name) {
      case "diarize" -> new DiarizeCommand(surroundings);
      case "vad" -> new VadCommand(surroundings);
      case "osd" -> new OsdCommand(surroundings);
      case "segment" -> new SegmentCommand(surroundings);
      case "embed" -> new EmbedCommand(surroundings);
      case "enrol" -> new EnrolCommand(surroundings);
      case "transcript" -> new TranscriptCommand(surroundings);
      case "weights" -> new WeightsCommand(surroundings);
      case "convert" -> new ConvertCommand(surroundings);
      case "evaluate" -> new EvaluateCommand(surroundings);
      case "stats" -> new StatsCommand(surroundings);
      case "optimize" -> new OptimizeCommand(surroundings);
      case "simulate" -> new SimulateCommand(surroundings);
      case "finetune" -> new FinetuneCommand(surroundings);
      case "train" ->
          new CommandLine(new TrainCommand())
              .addSubcommand(new TrainEmbeddingCommand(surroundings))
              .addSubcommand(new TrainSegmentationCommand(surroundings));
      case "devices" -> new DevicesCommand(surroundings);
      case "help" -> new HelpCommand();
      default -> throw new IllegalArgumentException("no command '%s'".formatted(name));
    };
  }

  /** {@code args}, with {@code diarize} put in where no command is named. */
  private static List<String> withCommand(List<String> args) {
    Optional<String> word = firstWord(args);
    if (word.isEmpty()
        || Stream.of(COMMANDS, HELP, VERSION).anyMatch(known -> known.contains(word.get()))) {
      return args;
    }
    List<String> completed = new ArrayList<>(args);
    completed.add(args.indexOf(word.get()), "diarize");
    return completed;
  }

  /**
   * Those of the commands that play a part: picocli takes a while to look at each, and all of them
   * were half of the start.
   */
  private static List<String> needed(List<String> args) {
    Optional<String> word = firstWord(args);
    if (word.isEmpty() || VERSION.contains(word.get())) {
      return List.of();
    }
    return HELP.contains(word.get()) ? COMMANDS : List.of(word.get());
  }

  /** What says what is to be done. */
  private static Optional<String> firstWord(List<String> args) {
    return args.stream().filter(arg -> !arg.equals(DebugOption.NAME)).findFirst();
  }

  private static int explainUsage(ParameterException failure, Surroundings surroundings) {
    surroundings.tell(Failure.oneLine(failure.getMessage()));
    surroundings
        .err()
        .println(
            "Try 'diarist" + name(failure.getCommandLine()) + " --help' for what is possible.");
    surroundings.err().flush();
    return WRONGLY_CALLED;
  }

  private static String name(CommandLine command) {
    return command.getParent() == null
        ? ""
        : name(command.getParent()) + " " + command.getCommandName();
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a recording or a command is needed");
  }
}
