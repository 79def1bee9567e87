package dev.diarist.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.diarist.nn.weights.Tensor;
import dev.diarist.nn.weights.Weights;
import dev.diarist.weights.Inspection;
import dev.diarist.weights.hub.Hub;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code diarist weights}: what is in a checkpoint. */
@Command(
    name = "weights",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description =
        "List what is in a checkpoint: tensors with type and shape, hyper-parameters, where it is"
            + " from, and what is missing.")
final class WeightsCommand implements Callable<Integer> {
  private final Surroundings surroundings;

  /** How the list is written. */
  enum ListFormat {
    TABLE,
    JSON
  }

  @Mixin private DebugOption debug;
  @Mixin private HubOption hubOption;

  @Parameters(
      index = "0",
      paramLabel = "SOURCE",
      description = "File, folder, or name of a repository (owner/name, owner/name@revision).")
  private String source;

  @Option(names = "--format", paramLabel = "FORMAT", description = "table (default) or json.")
  private ListFormat format = ListFormat.TABLE;

  WeightsCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws IOException {
    List<Inspection> inspections;
    try (Hub hub = hubOption.open(surroundings)) {
      Path found = hub.locate(source);
      inspections = Inspection.of(found, hub);
    }
    PrintWriter out = surroundings.out();
    switch (format) {
      case TABLE -> inspections.forEach(inspection -> writeTable(inspection, out));
      case JSON -> out.append(json(inspections)).append('\n');
    }
    Surroundings.requireWritten(out, "list");
    return 0;
  }

  private static void writeTable(Inspection inspection, PrintWriter out) {
    Weights weights = inspection.weights();
    int width = weights.names().stream().mapToInt(String::length).max().orElse(0);
    for (String name : weights.names()) {
      Tensor tensor = weights.tensor(name);
      out.append(Failure.printable(name)).append(" ".repeat(width - name.length() + 2));
      out.append("%-6s".formatted(tensor.type()));
      out.append(
          Arrays.stream(tensor.shape())
              .mapToObj(Long::toString)
              .collect(Collectors.joining(", ", "(", ")")));
      out.append('\n');
    }
    out.append('\n');
    line(out, "file", inspection.file().toString());
    line(out, "network", inspection.network().orElse("none that is known"));
    for (Map.Entry<String, String> field : weights.metadata().entrySet()) {
      if (!field.getKey().equals("architecture")) {
        line(out, field.getKey(), field.getValue());
      }
    }
    for (String finding : inspection.findings()) {
      line(out, "finding", finding);
    }
    out.append('\n');
  }

  private static void line(PrintWriter out, String name, String value) {
    out.append(Failure.printable(name)).append(": ").append(Failure.printable(value)).append('\n');
  }

  /** One object for one checkpoint, a list for the checkpoints of a pipeline. */
  private static String json(List<Inspection> inspections) throws IOException {
    ObjectMapper mapper = new ObjectMapper();
    ArrayNode all = mapper.createArrayNode();
    inspections.forEach(inspection -> all.add(json(inspection, mapper)));
    return mapper
        .writerWithDefaultPrettyPrinter()
        .writeValueAsString(all.size() == 1 ? all.get(0) : all);
  }

  private static ObjectNode json(Inspection inspection, ObjectMapper mapper) {
    Weights weights = inspection.weights();
    ObjectNode json = mapper.createObjectNode();
    json.put("file", inspection.file().toString());
    json.put("network", inspection.network().orElse(null));
    ObjectNode metadata = json.putObject("metadata");
    weights.metadata().forEach(metadata::put);
    ArrayNode findings = json.putArray("findings");
    inspection.findings().forEach(findings::add);
    ArrayNode tensors = json.putArray("tensors");
    for (String name : weights.names()) {
      Tensor tensor = weights.tensor(name);
      ObjectNode row = tensors.addObject();
      row.put("name", name).put("type", tensor.type().name());
      ArrayNode shape = row.putArray("shape");
      Arrays.stream(tensor.shape()).forEach(shape::add);
    }
    return json;
  }
}
