package dev.diarist.weights;

import dev.diarist.nn.weights.Weights;
import dev.diarist.nn.weights.WeightsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is in a checkpoint, whether or not it can be run.
 *
 * @param network its name; empty if the tensors are those of none that is known
 * @param weights of a known network under the names of pyannote, otherwise under those of the file
 * @param findings sentences about what is missing, left over, misshapen or not finite
 */
public record Inspection(
    Path file, Optional<String> network, Weights weights, List<String> findings) {
  public Inspection {
    findings = List.copyOf(findings);
  }

  /**
   * The checkpoint of a file, of the folder of a repository with one model, or both networks of a
   * pipeline's folder.
   *
   * @param repositories where models are that the pipeline refers to by name
   * @throws WeightsException if a file is in no format that is read, or damaged
   */
  public static List<Inspection> of(Path source, RepositorySource repositories) throws IOException {
    Path config = source.resolve(ModelFolder.CONFIG_FILE);
    if (!Files.isRegularFile(config)) {
      return List.of(one(Files.isDirectory(source) ? Network.fileIn(source) : source));
    }
    PipelineConfig pipeline = PipelineConfig.read(config);
    List<Inspection> inspections = new ArrayList<>();
    inspections.add(
        one(
            new ModelReference(source, "segmentation", pipeline.segmentation(), repositories)
                .file()));
    inspections.add(
        one(new ModelReference(source, "embedding", pipeline.embedding(), repositories).file()));
    return inspections;
  }

  private static Inspection one(Path file) throws IOException {
    CanonicalNames named = CanonicalNames.of(Checkpoint.read(file));
    Weights weights = Checkpoint.withSource(named.weights(), file);
    Architecture architecture;
    try {
      architecture = Architecture.of(weights, file.toString());
    } catch (WeightsException e) {
      return new Inspection(
          file, Optional.empty(), weights, Network.warnings(file, named.leftOut(), weights));
    }
    weights = Network.described(weights, architecture, file);
    List<String> findings = new ArrayList<>(architecture.findings(weights));
    findings.addAll(Network.warnings(file, named.leftOut(), weights));
    return new Inspection(
        file, Optional.of(weights.metadata().get("architecture")), weights, findings);
  }
}
