package dev.diarist.weights;

import dev.diarist.nn.weights.Weights;
import java.nio.file.Path;
import java.util.List;

/**
 * What a conversion read and wrote.
 *
 * @param models one entry for each file of weights written
 * @param warnings sentences about what was found and left as it is
 */
public record Conversion(List<Model> models, List<String> warnings) {
  public Conversion {
    models = List.copyOf(models);
    warnings = List.copyOf(warnings);
  }

  /**
   * One network.
   *
   * @param file where it was written
   * @param architecture the network's name
   * @param source name of the file it came from; null where nothing says so
   * @param sha256 of that file; null where nothing says so
   * @param values numbers in all tensors together
   */
  public record Model(
      Path file, String architecture, String source, String sha256, int tensors, long values) {
    static Model of(Path file, String architecture, Weights weights) {
      return new Model(
          file,
          architecture,
          weights.metadata().get("source"),
          weights.metadata().get("sha256"),
          weights.names().size(),
          weights.names().stream().mapToLong(name -> weights.tensor(name).elements()).sum());
    }
  }
}
