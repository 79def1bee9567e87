package dev.diarist.weights;

import dev.diarist.nn.model.PyanNet;
import dev.diarist.nn.weights.SafeTensors;
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

/** Turns foreign checkpoints into safetensors; every tensor keeps its bits unless asked. */
public final class Converter {
  static final String ENDING = ".safetensors";
  static final String SEGMENTATION_FILE = "segmentation" + ENDING;
  static final String EMBEDDING_FILE = "embedding" + ENDING;
  static final String PLDA_FILE = "plda" + ENDING;
  static final String DIARIZERS_FILE = "model" + ENDING;
  private static final String DIARIZERS_PREFIX = "model.";

  private Converter() {}

  /** As {@link #convert(Path, Path, ConversionOptions)} with the usual options. */
  public static Conversion convert(Path source, Path target) throws IOException {
    return convert(source, target, ConversionOptions.DEFAULT);
  }

  /**
   * Converts a pipeline's folder into a bundle, a folder of {@code config.yaml}, {@code
   * segmentation.safetensors}, {@code embedding.safetensors} and, where it has one, {@code
   * plda.safetensors}; or a single network, a file or the folder of its repository, into a file
   * that ends in {@code .safetensors}; or what the options ask for.
   *
   * @param target made if it is not there; what an earlier conversion wrote is replaced
   * @throws WeightsException if the source cannot be read as {@link ModelFolder} or {@link Network}
   *     want it, or the target is something else than what would be written
   */
  public static Conversion convert(Path source, Path target, ConversionOptions options)
      throws IOException {
    if (!Files.exists(source)) {
      throw new WeightsException(source + ": no such file or folder");
    }
    boolean isPipeline = Files.isRegularFile(source.resolve(ModelFolder.CONFIG_FILE));
    return switch (options.layout()) {
      case DIARIZERS -> toDiarizers(source, target, options, isPipeline);
      case PYANNOTE ->
          isPipeline
              ? PyannoteFolder.writePipeline(source, target, options)
              : PyannoteFolder.writeModel(source, target, options);
      case STATE_DICT -> toStateDict(source, target, options);
      case BUNDLE ->
          isPipeline || Files.isDirectory(source) && !holdsModel(source)
              ? toBundle(source, target, options)
              : toFile(source, target, options);
    };
  }

  /**
   * Runs the networks of a bundle, or of a file of one, on the fixed signal again.
   *
   * @return for each file the largest difference from what was stored at conversion
   * @throws WeightsException if a file holds no figures, or a figure differs beyond the tolerance
   */
  public static Map<Path, Double> check(Path converted) throws IOException {
    List<Path> files =
        Files.isDirectory(converted)
            ? List.of(converted.resolve(SEGMENTATION_FILE), converted.resolve(EMBEDDING_FILE))
            : List.of(converted);
    Map<Path, Double> differences = new LinkedHashMap<>();
    for (Path file : files) {
      Network network = Network.read(file);
      differences.put(
          file, Figures.check(network.architecture(), network.weights(), file.toString()));
    }
    return differences;
  }

  private static boolean holdsModel(Path folder) {
    return Network.FILES.stream().anyMatch(name -> Files.isRegularFile(folder.resolve(name)));
  }

  private static Conversion toBundle(Path source, Path target, ConversionOptions options)
      throws IOException {
    Targets.checkBundle(target);
    ModelFolder folder = ModelFolder.open(source, options.repositories());
    Files.createDirectories(target);
    List<Conversion.Model> models = new ArrayList<>();
    models.add(
        write(
            target.resolve(SEGMENTATION_FILE),
            Architecture.PYANNET,
            folder.segmentation(),
            options));
    models.add(
        write(
            target.resolve(EMBEDDING_FILE),
            Architecture.WESPEAKER_RESNET34,
            folder.embedding(),
            options));
    Optional<String> plda = Optional.empty();
    if (folder.plda().isPresent()) {
      SafeTensors.write(target.resolve(PLDA_FILE), folder.plda().get());
      plda = Optional.of(PLDA_FILE);
    }
    // Last, so that a folder with a configuration has its models.
    folder
        .config()
        .withModels(SEGMENTATION_FILE, EMBEDDING_FILE, plda)
        .write(target.resolve(ModelFolder.CONFIG_FILE));
    return new Conversion(models, folder.warnings());
  }

  private static Conversion toFile(Path source, Path target, ConversionOptions options)
      throws IOException {
    Targets.checkFile(target);
    Network network = Network.read(source);
    return new Conversion(
        List.of(write(target, network.architecture(), network.weights(), options)),
        network.warnings());
  }

  private static Conversion toDiarizers(
      Path source, Path target, ConversionOptions options, boolean isPipeline) throws IOException {
    Targets.checkDiarizers(target);
    Weights weights;
    List<String> warnings;
    if (isPipeline) {
      ModelFolder folder = ModelFolder.open(source, options.repositories());
      weights = folder.segmentation();
      warnings = folder.warnings();
    } else {
      Network network = Network.read(source);
      if (network.architecture() != Architecture.PYANNET) {
        throw new WeightsException(
            "%s: a repository of diarizers holds a PyanNet, found a %s"
                .formatted(source, network.architecture().className()));
      }
      weights = network.weights();
      warnings = network.warnings();
    }
    DiarizersConfig config;
    try {
      config = DiarizersConfig.of(PyanNet.of(weights));
    } catch (IllegalArgumentException e) {
      throw new WeightsException(source + ": " + e.getMessage(), e);
    }
    Files.createDirectories(target);
    Path file = target.resolve(DIARIZERS_FILE);
    Weights changed = PrecisionChange.of(weights, options.precision(), source.toString());
    Map<String, Tensor> prefixed = new LinkedHashMap<>();
    for (String name : changed.names()) {
      prefixed.put(DIARIZERS_PREFIX + name, changed.tensor(name));
    }
    Weights written = Weights.of(prefixed, forPyTorch(changed));
    SafeTensors.write(file, written);
    config.write(target.resolve(DiarizersConfig.FILE));
    return new Conversion(
        List.of(Conversion.Model.of(file, Architecture.PYANNET.className(), written)), warnings);
  }

  /** Names of a known network become pyannote's; those of any other checkpoint stay. */
  private static Conversion toStateDict(Path source, Path target, ConversionOptions options)
      throws IOException {
    Targets.checkFile(target);
    Path file = Files.isDirectory(source) ? Network.fileIn(source) : source;
    CanonicalNames named = CanonicalNames.of(Checkpoint.read(file));
    Weights weights = Checkpoint.withSource(named.weights(), file);
    weights = PrecisionChange.of(weights, options.precision(), source.toString());
    Weights written = Weights.of(Checkpoint.tensors(weights), forPyTorch(weights));
    SafeTensors.write(target, written);
    String name = written.metadata().getOrDefault("architecture", "a state dict");
    return new Conversion(
        List.of(Conversion.Model.of(target, name, written)),
        Network.warnings(file, named.leftOut(), written));
  }

  /** The metadata, with the one that Python's readers want. */
  private static Map<String, String> forPyTorch(Weights weights) {
    Map<String, String> metadata = new LinkedHashMap<>(weights.metadata());
    metadata.put("format", "pt");
    return metadata;
  }

  private static Conversion.Model write(
      Path file, Architecture architecture, Weights weights, ConversionOptions options)
      throws IOException {
    Weights changed = PrecisionChange.of(weights, options.precision(), file.toString());
    Map<String, String> metadata = new LinkedHashMap<>(changed.metadata());
    metadata.putIfAbsent("architecture", architecture.nameOf(weights));
    if (options.withFigures()) {
      metadata.put(Figures.KEY, Figures.of(architecture, changed));
    } else if (changed != weights) {
      metadata.remove(Figures.KEY); // those of other numbers
    }
    Weights described = Checkpoint.withMetadata(changed, metadata);
    SafeTensors.write(file, described);
    return Conversion.Model.of(file, metadata.get("architecture"), described);
  }
}
