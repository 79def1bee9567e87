package dev.diarist.weights;

import dev.diarist.nn.weights.SafeTensors;
import dev.diarist.nn.weights.Weights;
import dev.diarist.nn.weights.WeightsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Turns foreign checkpoints into safetensors; every tensor keeps its bits. */
public final class Converter {
  private static final String ENDING = ".safetensors";
  private static final String SEGMENTATION_FILE = "segmentation" + ENDING;
  private static final String EMBEDDING_FILE = "embedding" + ENDING;

  private Converter() {}

  /**
   * Converts a pipeline's folder into a bundle, a folder of {@code config.yaml}, {@code
   * segmentation.safetensors} and {@code embedding.safetensors}; or a single checkpoint into a file
   * that ends in {@code .safetensors}.
   *
   * @param target made if it is not there; an older bundle or safetensors file is replaced
   * @throws WeightsException if the source cannot be read as {@link ModelFolder} or {@link
   *     Architecture} want it, or the target is something else than what would be written
   */
  public static Conversion convert(Path source, Path target) throws IOException {
    if (Files.isDirectory(source)) {
      return convertFolder(source, target);
    }
    return convertFile(source, target);
  }

  private static Conversion convertFolder(Path source, Path target) throws IOException {
    checkFolder(target);
    ModelFolder folder = ModelFolder.open(source);
    Files.createDirectories(target);
    Conversion.Model segmentation =
        write(target.resolve(SEGMENTATION_FILE), Architecture.PYANNET, folder.segmentation());
    Conversion.Model embedding =
        write(target.resolve(EMBEDDING_FILE), Architecture.WESPEAKER_RESNET34, folder.embedding());
    // Last, so that a folder with a configuration has its models.
    folder
        .config()
        .withModels(SEGMENTATION_FILE, EMBEDDING_FILE)
        .write(target.resolve(ModelFolder.CONFIG_FILE));
    return new Conversion(List.of(segmentation, embedding));
  }

  private static Conversion convertFile(Path source, Path target) throws IOException {
    if (!target.toString().endsWith(ENDING)) {
      throw new WeightsException(
          "%s: a single checkpoint is written to a file that ends in %s".formatted(target, ENDING));
    }
    Path parent = target.toAbsolutePath().getParent();
    if (!Files.isDirectory(parent)) {
      throw new WeightsException(target + ": its folder does not exist");
    }
    if (Files.exists(target) && !isSafeTensors(target)) {
      throw new WeightsException(target + ": something else than a safetensors file is there");
    }
    Weights weights = Checkpoint.read(source);
    Architecture architecture = Architecture.of(weights, source.toString());
    architecture.check(weights, source.toString());
    Weights described = Checkpoint.withSource(weights, source);
    return new Conversion(List.of(write(target, architecture, described)));
  }

  private static Conversion.Model write(Path file, Architecture architecture, Weights weights)
      throws IOException {
    Map<String, String> metadata = new LinkedHashMap<>(weights.metadata());
    metadata.put("architecture", architecture.className());
    Weights described = Checkpoint.withMetadata(weights, metadata);
    SafeTensors.write(file, described);
    return Conversion.Model.of(file, architecture, described);
  }

  private static void checkFolder(Path target) throws IOException {
    if (!Files.exists(target)) {
      return;
    }
    if (!Files.isDirectory(target)) {
      throw new WeightsException(target + ": a bundle is a folder, a file is there");
    }
    boolean isBundle =
        Stream.of(ModelFolder.CONFIG_FILE, SEGMENTATION_FILE, EMBEDDING_FILE)
            .allMatch(name -> Files.isRegularFile(target.resolve(name)));
    try (Stream<Path> files = Files.list(target)) {
      if (!isBundle && files.findAny().isPresent()) {
        throw new WeightsException(
            target + ": must be a new folder, an empty one or a bundle; it holds other files");
      }
    }
  }

  private static boolean isSafeTensors(Path file) throws IOException {
    try {
      return FileKind.of(file) == FileKind.SAFETENSORS;
    } catch (WeightsException e) {
      return false;
    }
  }
}
