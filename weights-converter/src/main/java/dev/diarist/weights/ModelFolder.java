package dev.diarist.weights;

import dev.diarist.nn.weights.Weights;
import dev.diarist.nn.weights.WeightsException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * A pipeline on disk: its configuration, its two networks and, from 4.x on, its PLDA. Either the
 * layout of the Hugging Face hub ({@code config.yaml}, {@code segmentation/pytorch_model.bin},
 * {@code embedding/pytorch_model.bin}, {@code plda/plda.npz}) or a bundle ({@code config.yaml},
 * {@code segmentation.safetensors}, {@code embedding.safetensors}, {@code plda.safetensors}).
 *
 * @param segmentation exactly the tensors of a PyanNet
 * @param embedding exactly the tensors of a WeSpeakerResNet34 or one of its larger siblings
 * @param plda {@code mean1}, {@code lda}, {@code mean2}, {@code mu}, {@code tr}, {@code psi}
 * @param warnings sentences about what was found and left as it is
 */
public record ModelFolder(
    PipelineConfig config,
    Weights segmentation,
    Weights embedding,
    Optional<Weights> plda,
    List<String> warnings) {
  static final String CONFIG_FILE = "config.yaml";

  public ModelFolder {
    warnings = List.copyOf(warnings);
  }

  /**
   * The pipeline of a folder that holds its models.
   *
   * @throws WeightsException if a file is missing, lies outside the folder, cannot be read, or
   *     holds another network; the message names the file and what to do
   */
  public static ModelFolder open(Path folder) throws IOException {
    return open(folder, RepositorySource.NONE);
  }

  /**
   * The pipeline of a folder, with models that are not in it from where {@code repositories} has
   * them.
   *
   * @throws WeightsException as {@link #open(Path)} does
   */
  public static ModelFolder open(Path folder, RepositorySource repositories) throws IOException {
    if (!Files.isDirectory(folder)) {
      throw new WeightsException(
          "%s: a pipeline must be a folder with a %s, found %s"
              .formatted(folder, CONFIG_FILE, Files.exists(folder) ? "a file" : "nothing"));
    }
    PipelineConfig config = PipelineConfig.read(folder.resolve(CONFIG_FILE));
    Path segmentationFile =
        new ModelReference(folder, "segmentation", config.segmentation(), repositories).file();
    Path embeddingFile =
        new ModelReference(folder, "embedding", config.embedding(), repositories).file();
    FutureTask<Network> reading = // beside the other: each takes half a second
        new FutureTask<>(() -> read(embeddingFile, "embedding", Architecture.WESPEAKER_RESNET34));
    Thread.ofPlatform().daemon().name("diarist-embedding-reader").start(reading);
    Network segmentation = read(segmentationFile, "segmentation", Architecture.PYANNET);
    Network embedding = result(reading);
    Optional<Weights> plda = Optional.empty();
    if (config.plda().isPresent()) {
      String reference = config.plda().get();
      plda =
          Optional.of(
              Plda.read(new ModelReference(folder, "plda", reference, repositories), folder));
    }
    List<String> warnings = new ArrayList<>(segmentation.warnings());
    warnings.addAll(embedding.warnings());
    return new ModelFolder(config, segmentation.weights(), embedding.weights(), plda, warnings);
  }

  /** What a reader on another thread made, or threw. */
  private static Network result(FutureTask<Network> reading) throws IOException {
    try {
      return reading.get();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case IOException cause -> throw cause;
        case RuntimeException cause -> throw cause;
        case Error cause -> throw cause;
        case Throwable cause -> throw new IllegalStateException(cause);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while the model was read");
    }
  }

  private static Network read(Path file, String role, Architecture architecture)
      throws IOException {
    Network network = Network.read(file);
    if (network.architecture() != architecture) {
      throw new WeightsException(
          "%s: the %s model must be a %s, found a %s"
              .formatted(file, role, architecture.className(), network.architecture().className()));
    }
    return network;
  }
}
