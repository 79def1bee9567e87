package dev.diarist.weights;

import dev.diarist.nn.weights.Tensor;
import dev.diarist.nn.weights.Weights;
import dev.diarist.nn.weights.WeightsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One network of a checkpoint, whoever wrote it: exactly its tensors, under the names of pyannote.
 *
 * @param weights with the metadata {@code architecture}, {@code source} and {@code sha256}, and
 *     {@code specifications} and {@code hyper_parameters} where the checkpoint has them
 * @param warnings sentences about what was found and left as it is
 */
public record Network(Architecture architecture, Weights weights, List<String> warnings) {
  /** The files of a repository that hold its one model, the preferred ones first. */
  static final List<String> FILES =
      List.of(
          "pytorch_model.bin",
          "model.safetensors",
          "model.safetensors.index.json",
          "avg_model.pt",
          "model.onnx",
          "model.int8.onnx");

  /** The file names by which the one model of a repository is found, the preferred ones first. */
  public static List<String> modelFiles() {
    return FILES;
  }

  public Network {
    warnings = List.copyOf(warnings);
  }

  /**
   * The network of a file, or of a repository's folder with one model in it.
   *
   * @throws WeightsException if there is none, or a tensor is missing, left over or misshapen; the
   *     message names the file, the tensor and the reason
   */
  public static Network read(Path fileOrFolder) throws IOException {
    Path file = Files.isDirectory(fileOrFolder) ? fileIn(fileOrFolder) : fileOrFolder;
    CanonicalNames named = CanonicalNames.of(Checkpoint.read(file));
    Weights weights = Checkpoint.withSource(named.weights(), file);
    Architecture architecture = Architecture.of(weights, file.toString());
    weights = described(weights, architecture, file);
    architecture.check(weights, file.toString());
    return new Network(architecture, weights, warnings(file, named.leftOut(), weights));
  }

  /** Sentences about tensors that were left out and about values that are not finite. */
  static List<String> warnings(Path file, List<String> leftOut, Weights weights) {
    List<String> warnings = new ArrayList<>();
    for (String name : leftOut) {
      warnings.add("%s: tensor '%s' serves training only and is left out".formatted(file, name));
    }
    for (String name : weights.names()) {
      notFinite(weights.tensor(name))
          .ifPresent(
              found -> warnings.add("%s: tensor '%s' holds %s".formatted(file, name, found)));
    }
    return warnings;
  }

  static Path fileIn(Path folder) throws WeightsException {
    for (String name : FILES) {
      if (Files.isRegularFile(folder.resolve(name))) {
        return folder.resolve(name);
      }
    }
    throw new WeightsException(
        "%s: a model's folder must hold one of %s".formatted(folder, String.join(", ", FILES)));
  }

  static Weights described(Weights weights, Architecture architecture, Path file)
      throws IOException {
    Map<String, String> metadata = new LinkedHashMap<>(weights.metadata());
    metadata.putIfAbsent("architecture", architecture.nameOf(weights));
    if (architecture == Architecture.PYANNET && !metadata.containsKey("specifications")) {
      Optional<DiarizersConfig> config = DiarizersConfig.in(file.toAbsolutePath().getParent());
      config.ifPresent(said -> metadata.put("specifications", said.specifications()));
    }
    return Checkpoint.withMetadata(weights, metadata);
  }

  private static Optional<String> notFinite(Tensor tensor) {
    if (!tensor.type().isReal()) {
      return Optional.empty();
    }
    long count = 0;
    for (float value : tensor.toFloats()) {
      count += Float.isFinite(value) ? 0 : 1;
    }
    return count == 0
        ? Optional.empty()
        : Optional.of("%d values that are not finite (NaN or infinite)".formatted(count));
  }
}
