package dev.diarist.weights;

import dev.diarist.nn.weights.Weights;
import dev.diarist.nn.weights.WeightsException;
import dev.diarist.weights.torch.TorchCheckpointWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Writes what pyannote.audio 3.x loads. */
final class PyannoteFolder {
  static final String MODEL_FILE = "pytorch_model.bin";
  static final String SEGMENTATION_FILE = "segmentation/" + MODEL_FILE;
  static final String EMBEDDING_FILE = "embedding/" + MODEL_FILE;

  private PyannoteFolder() {}

  /**
   * Writes a pipeline as a folder of {@code config.yaml}, {@code segmentation/pytorch_model.bin}
   * and {@code embedding/pytorch_model.bin}. The paths in the configuration are relative, which
   * pyannote 3.x takes from the folder it runs in.
   *
   * @throws WeightsException if the pipeline has a PLDA, which pyannote.audio 3.x does not know
   */
  static Conversion writePipeline(Path source, Path target, ConversionOptions options)
      throws IOException {
    Targets.checkPyannotePipeline(target);
    ModelFolder folder = ModelFolder.open(source, options.repositories());
    if (folder.plda().isPresent()) {
      throw new WeightsException(
          source
              + ": a pipeline of pyannote.audio 3.x has no PLDA; this one, of 4.x, can be written"
              + " as a bundle");
    }
    List<Conversion.Model> models = new ArrayList<>();
    List<String> warnings = new ArrayList<>(folder.warnings());
    Path segmentation = target.resolve(SEGMENTATION_FILE);
    Path embedding = target.resolve(EMBEDDING_FILE);
    models.add(write(segmentation, Architecture.PYANNET, folder.segmentation(), options, warnings));
    models.add(
        write(embedding, Architecture.WESPEAKER_RESNET34, folder.embedding(), options, warnings));
    // Last, so that a folder with a configuration has its models.
    folder
        .config()
        .withModels(SEGMENTATION_FILE, EMBEDDING_FILE, Optional.empty())
        .write(target.resolve(ModelFolder.CONFIG_FILE));
    return new Conversion(models, warnings);
  }

  /** Writes a single network as a folder with {@code pytorch_model.bin}. */
  static Conversion writeModel(Path source, Path target, ConversionOptions options)
      throws IOException {
    Targets.checkPyannoteModel(target);
    Network network = Network.read(source);
    List<String> warnings = new ArrayList<>(network.warnings());
    Path file = target.resolve(MODEL_FILE);
    return new Conversion(
        List.of(write(file, network.architecture(), network.weights(), options, warnings)),
        warnings);
  }

  private static Conversion.Model write(
      Path file,
      Architecture architecture,
      Weights weights,
      ConversionOptions options,
      List<String> warnings)
      throws IOException {
    Weights changed = PrecisionChange.of(weights, options.precision(), file.toString());
    PyannoteDescription described = PyannoteDescription.of(architecture, changed, file);
    warnings.addAll(described.warnings());
    Files.createDirectories(file.getParent());
    TorchCheckpointWriter.write(file, architecture.pythonModule(), described.weights());
    String name = described.weights().metadata().get("architecture");
    return Conversion.Model.of(file, name, described.weights());
  }
}
