package dev.diarist.weights;

import dev.diarist.nn.weights.Weights;
import java.nio.file.Path;
import java.util.List;

/**
 * What a conversion read and wrote.
 *
 * @param models one entry for each file of weights written
 */
public record Conversion(List<Model> models) {
  public Conversion {
    models = List.copyOf(models);
  }

  /**
   * One network.
   *
   * @param file where it was written
   * @param source name of the file it came from
   * @param sha256 of that file
   * @param values numbers in all tensors together
   */
  public record Model(
      Path file,
      Architecture architecture,
      String source,
      String sha256,
      int tensors,
      long values) {
    static Model of(Path file, Architecture architecture, Weights weights) {
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
