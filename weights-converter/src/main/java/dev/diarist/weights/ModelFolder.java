package dev.diarist.weights;

import dev.diarist.nn.weights.Weights;
import dev.diarist.nn.weights.WeightsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A pipeline on disk: its configuration and its two networks. Either the layout of the Hugging Face
 * hub ({@code config.yaml}, {@code segmentation/pytorch_model.bin}, {@code
 * embedding/pytorch_model.bin}) or a bundle ({@code config.yaml}, {@code segmentation.safetensors},
 * {@code embedding.safetensors}).
 *
 * @param segmentation exactly the tensors of a PyanNet
 * @param embedding exactly the tensors of a WeSpeakerResNet34
 */
public record ModelFolder(PipelineConfig config, Weights segmentation, Weights embedding) {
  static final String CONFIG_FILE = "config.yaml";

  /**
   * @throws WeightsException if a file is missing, lies outside the folder, cannot be read, or
   *     holds another network; the message names the file and what to do
   */
  public static ModelFolder open(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      throw new WeightsException(
          "%s: a pipeline must be a folder with a %s, found %s"
              .formatted(folder, CONFIG_FILE, Files.exists(folder) ? "a file" : "nothing"));
    }
    PipelineConfig config = PipelineConfig.read(folder.resolve(CONFIG_FILE));
    return new ModelFolder(
        config,
        read(folder, "segmentation", config.segmentation(), Architecture.PYANNET),
        read(folder, "embedding", config.embedding(), Architecture.WESPEAKER_RESNET34));
  }

  private static Weights read(Path folder, String role, String reference, Architecture architecture)
      throws IOException {
    Path file = new ModelReference(folder, role, reference).file();
    Weights weights = Checkpoint.read(file);
    Architecture found = Architecture.of(weights, file.toString());
    if (found != architecture) {
      throw new WeightsException(
          "%s: the %s model must be a %s, found a %s"
              .formatted(file, role, architecture.className(), found.className()));
    }
    architecture.check(weights, file.toString());
    return Checkpoint.withSource(weights, file);
  }
}
