package dev.diarist.cli;

import dev.diarist.weights.Conversion;
import dev.diarist.weights.ConversionOptions;
import dev.diarist.weights.ConversionOptions.Layout;
import dev.diarist.weights.ConversionOptions.Precision;
import dev.diarist.weights.Converter;
import dev.diarist.weights.hub.Hub;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code diarist convert}: a foreign checkpoint or pipeline folder becomes safetensors. */
@Command(
    name = "convert",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = "Convert a checkpoint, or a pipeline of them, to safetensors.")
final class ConvertCommand implements Callable<Integer> {
  private final Surroundings surroundings;

  @Spec private CommandSpec spec;
  @Mixin private DebugOption debug;
  @Mixin private HubOption hubOption;

  @Parameters(
      index = "0",
      paramLabel = "SOURCE",
      description =
          "File, folder, name of a repository (owner/name, owner/name@revision), or default for the"
              + " model that comes with Diarist.")
  private String source;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "TARGET",
      description = "File or folder to write; may be left out with --check.")
  private Path target;

  @Option(
      names = "--layout",
      paramLabel = "LAYOUT",
      description =
          "bundle (default), pyannote (what pyannote.audio 3.x loads), diarizers (a repository for"
              + " Python's diarizers) or state-dict (one safetensors file for PyTorch).")
  private String layout;

  @Option(
      names = "--precision",
      paramLabel = "TYPE",
      description =
          "as-stored (default), f32, or f16: of tensors of up to 2048 values nothing is rounded.")
  private String precision;

  @Option(
      names = "--check",
      description =
          "Run the networks of what was converted on a fixed signal, and compare with what they"
              + " answered at conversion.")
  private boolean check;

  ConvertCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws IOException {
    if (target == null && !check) {
      throw new ParameterException(spec.commandLine(), "Missing required parameter: 'TARGET'");
    }
    if (target == null && (layout != null || precision != null)) {
      throw new ParameterException(
          spec.commandLine(),
          "--layout and --precision say how TARGET is written; name it, or leave them out");
    }
    Layout chosen = choice("--layout", Layout.class, layout, Layout.BUNDLE);
    Precision type = choice("--precision", Precision.class, precision, Precision.AS_STORED);
    if (check && chosen != Layout.BUNDLE) {
      throw new ParameterException(
          spec.commandLine(),
          "--check goes with --layout bundle: no other holds answers to compare with");
    }
    try (Hub hub = hubOption.open(surroundings)) {
      Path found = hub.locate(source);
      if (target != null) {
        boolean withFigures = chosen == Layout.BUNDLE;
        convert(found, new ConversionOptions(chosen, type, withFigures, hub));
      }
      if (check) {
        check(target == null ? found : target);
      }
    }
    return 0;
  }

  private void convert(Path found, ConversionOptions options) throws IOException {
    Conversion conversion = Converter.convert(found, target, options);
    for (String warning : conversion.warnings()) {
      surroundings.tell("warning: " + Failure.printable(warning));
    }
    for (Conversion.Model model : conversion.models()) {
      surroundings.tell(
          "wrote %s: %s, %d tensors, %d values%s"
              .formatted(
                  model.file(),
                  Failure.printable(model.architecture()),
                  model.tensors(),
                  model.values(),
                  Failure.printable(origin(model))));
    }
  }

  /** What the file says of where its tensors come from, as far as it does. */
  private static String origin(Conversion.Model model) {
    return (model.source() == null ? "" : ", from " + model.source())
        + (model.sha256() == null ? "" : " (SHA-256 " + model.sha256() + ")");
  }

  private void check(Path converted) throws IOException {
    for (Map.Entry<Path, Double> file : Converter.check(converted).entrySet()) {
      surroundings.tell(
          "checked %s: answers as at conversion, within %.1e"
              .formatted(file.getKey(), file.getValue()));
    }
  }

  /** The constant that {@code name} spells with hyphens; {@code otherwise} where it is null. */
  private <E extends Enum<E>> E choice(String option, Class<E> type, String name, E otherwise) {
    if (name == null) {
      return otherwise;
    }
    for (E constant : type.getEnumConstants()) {
      if (spelling(constant).equalsIgnoreCase(name)) {
        return constant;
      }
    }
    String choices =
        Arrays.stream(type.getEnumConstants())
            .map(ConvertCommand::spelling)
            .collect(Collectors.joining(", "));
    throw new ParameterException(
        spec.commandLine(), "%s must be one of %s; got '%s'".formatted(option, choices, name));
  }

  private static String spelling(Enum<?> constant) {
    return constant.name().replace('_', '-').toLowerCase(Locale.ROOT);
  }
}
