package dev.diarist.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.diarist.nn.weights.Tensor;
import dev.diarist.nn.weights.Weights;
import dev.diarist.weights.Checkpoint;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code diarist weights}: the tensors of a checkpoint. */
@Command(
    name = "weights",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = "List the tensors of a checkpoint: name, type, shape.")
final class WeightsCommand implements Callable<Integer> {
  private final Surroundings surroundings;

  /** How the list is written. */
  enum ListFormat {
    TABLE,
    JSON
  }

  @Mixin private DebugOption debug;

  @Parameters(index = "0", paramLabel = "FILE", description = "Checkpoint to read.")
  private Path file;

  @Option(names = "--format", paramLabel = "FORMAT", description = "table (default) or json.")
  private ListFormat format = ListFormat.TABLE;

  WeightsCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws IOException {
    Weights weights = Checkpoint.read(file);
    PrintWriter out = surroundings.out();
    switch (format) {
      case TABLE -> writeTable(weights, out);
      case JSON -> out.append(json(weights)).append('\n');
    }
    if (out.checkError()) {
      throw new IOException("the list could not be written to standard output");
    }
    return 0;
  }

  private static void writeTable(Weights weights, PrintWriter out) {
    int width = weights.names().stream().mapToInt(String::length).max().orElse(0);
    for (String name : weights.names()) {
      Tensor tensor = weights.tensor(name);
      out.append(name).append(" ".repeat(width - name.length() + 2));
      out.append("%-6s".formatted(tensor.type()));
      out.append(
          Arrays.stream(tensor.shape())
              .mapToObj(Long::toString)
              .collect(Collectors.joining(", ", "(", ")")));
      out.append('\n');
    }
  }

  private static String json(Weights weights) throws IOException {
    ObjectMapper mapper = new ObjectMapper();
    ObjectNode json = mapper.createObjectNode();
    ObjectNode metadata = json.putObject("metadata");
    weights.metadata().forEach(metadata::put);
    var tensors = json.putArray("tensors");
    for (String name : weights.names()) {
      Tensor tensor = weights.tensor(name);
      ObjectNode row = tensors.addObject();
      row.put("name", name).put("type", tensor.type().name());
      var shape = row.putArray("shape");
      Arrays.stream(tensor.shape()).forEach(shape::add);
    }
    return mapper.writerWithDefaultPrettyPrinter().writeValueAsString(json);
  }
}
