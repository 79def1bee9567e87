package dev.diarist.training;

import dev.diarist.nn.weights.SafeTensors;
import dev.diarist.nn.weights.Weights;
import dev.diarist.weights.ConversionOptions;
import dev.diarist.weights.ConversionOptions.Layout;
import dev.diarist.weights.ConversionOptions.Precision;
import dev.diarist.weights.Converter;
import dev.diarist.weights.RepositorySource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Writes what a training of a segmentation network made where Diarist and Python's diarizers take
 * it from.
 */
public final class FineTunedModel {
  private static final String SEGMENTATION = "segmentation.safetensors";

  private FineTunedModel() {}

  /**
   * Writes {@code bundle} and {@code diarizers}: the model with the new segmentation, or the new
   * segmentation alone where the model was but that, and a repository of diarizers with the card.
   *
   * @param model what the training began with: a folder of a pipeline, or a network's file or
   *     folder; null where it was nothing
   * @param segmentation the new weights
   * @param card Markdown
   * @param folder to write into, which exists; what an earlier call wrote is replaced
   */
  public static void write(
      Path model, Weights segmentation, String card, Path folder, RepositorySource repositories)
      throws IOException {
    Path bundle = folder.resolve("bundle");
    Files.createDirectories(bundle);
    if (model != null && Files.isRegularFile(model.resolve("config.yaml"))) {
      Converter.convert(
          model,
          bundle,
          new ConversionOptions(Layout.BUNDLE, Precision.AS_STORED, false, repositories));
    }
    Path written = bundle.resolve(SEGMENTATION);
    SafeTensors.write(written, segmentation);
    Path diarizers = folder.resolve("diarizers");
    Converter.convert(
        written,
        diarizers,
        new ConversionOptions(Layout.DIARIZERS, Precision.AS_STORED, false, repositories));
    Files.writeString(diarizers.resolve("README.md"), card);
    Files.writeString(folder.resolve("README.md"), card);
  }
}
