package dev.diarist.cli;

import dev.diarist.weights.Conversion;
import dev.diarist.weights.Converter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code diarist convert}: a foreign checkpoint or pipeline folder becomes safetensors. */
@Command(
    name = "convert",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = "Convert a checkpoint, or a folder of them, to safetensors.")
final class ConvertCommand implements Callable<Integer> {
  private final Surroundings surroundings;

  @Mixin private DebugOption debug;

  @Parameters(index = "0", paramLabel = "SOURCE", description = "Checkpoint or folder to read.")
  private Path source;

  @Parameters(index = "1", paramLabel = "TARGET", description = "File or folder to write.")
  private Path target;

  ConvertCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws IOException {
    for (Conversion.Model model : Converter.convert(source, target).models()) {
      surroundings.tell(
          "wrote %s: %s, %d tensors, %d values, from %s (SHA-256 %s)"
              .formatted(
                  model.file(),
                  model.architecture(),
                  model.tensors(),
                  model.values(),
                  model.source(),
                  model.sha256()));
    }
    return 0;
  }
}
