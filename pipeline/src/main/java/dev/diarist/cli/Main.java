package dev.diarist.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
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
    boolean debugging = List.of(args).contains(DebugOption.NAME);
    Surroundings surroundings = new Surroundings(out, err, terminal, debugging, models);
    CommandLine root =
        new CommandLine(new Main())
            .addSubcommand(new DiarizeCommand(surroundings))
            .addSubcommand(new VadCommand(surroundings))
            .addSubcommand(new OsdCommand(surroundings))
            .addSubcommand(new SegmentCommand(surroundings))
            .addSubcommand(new EmbedCommand(surroundings))
            .addSubcommand(new EnrolCommand(surroundings))
            .addSubcommand(new TranscriptCommand(surroundings))
            .addSubcommand(new WeightsCommand(surroundings))
            .addSubcommand(new ConvertCommand(surroundings))
            .addSubcommand(new EvaluateCommand(surroundings))
            .addSubcommand(new StatsCommand(surroundings))
            .addSubcommand(new OptimizeCommand(surroundings))
            .addSubcommand(new SimulateCommand(surroundings))
            .addSubcommand(new FinetuneCommand(surroundings))
            .addSubcommand(
                new CommandLine(new TrainCommand())
                    .addSubcommand(new TrainEmbeddingCommand(surroundings))
                    .addSubcommand(new TrainSegmentationCommand(surroundings)))
            .addSubcommand(new DevicesCommand(surroundings))
            .addSubcommand(new HelpCommand())
            .setOut(surroundings.out())
            .setErr(surroundings.err())
            .setExpandAtFiles(false)
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setParameterExceptionHandler((e, unparsed) -> explainUsage(e, surroundings))
            .setExecutionExceptionHandler((e, command, parsed) -> explain(e, surroundings));
    try {
      return root.execute(withCommand(args, root.getSubcommands().keySet()));
    } catch (Error e) { // picocli hands on only exceptions
      return explain(e, surroundings);
    }
  }

  private static int explain(Throwable failure, Surroundings surroundings) {
    surroundings.tell(Failure.sentence(failure), failure);
    return FAILED;
  }

  /** {@code args}, with {@code diarize} put in where no command is named. */
  private static String[] withCommand(String[] args, Set<String> commands) {
    int first = 0;
    while (first < args.length && args[first].equals(DebugOption.NAME)) {
      first++;
    }
    if (first == args.length
        || commands.contains(args[first])
        || Set.of("--help", "-h", "--version", "-V").contains(args[first])) {
      return args;
    }
    List<String> completed = new ArrayList<>(List.of(args));
    completed.add(first, "diarize");
    return completed.toArray(String[]::new);
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
