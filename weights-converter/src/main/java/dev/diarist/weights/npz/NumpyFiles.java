package dev.diarist.weights.npz;

import dev.diarist.nn.weights.Tensor;
import dev.diarist.nn.weights.Weights;
import dev.diarist.nn.weights.WeightsException;
import dev.diarist.weights.archive.AllocationBudget;
import dev.diarist.weights.archive.ZipArchive;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** NumPy's files: one array ({@code .npy}), or a zip file of several ({@code .npz}). */
public final class NumpyFiles {
  private static final String ENDING = ".npy";

  private NumpyFiles() {}

  /**
   * The arrays of an {@code .npz} file by their names.
   *
   * @throws WeightsException if the file is damaged or holds anything but arrays of numbers
   */
  public static Weights readArchive(Path file) throws IOException {
    AllocationBudget budget = new AllocationBudget(file.toString(), Files.size(file));
    try (ZipArchive zip = ZipArchive.open(file, budget)) {
      Map<String, Tensor> arrays = new LinkedHashMap<>();
      for (String entry : zip.names()) {
        if (!entry.endsWith(ENDING)) {
          throw new WeightsException(
              "%s: entry '%s' must be an array, with a name that ends in %s"
                  .formatted(file, entry, ENDING));
        }
        String name = entry.substring(0, entry.length() - ENDING.length());
        arrays.put(name, NumpyArray.read(zip.read(entry), "%s: '%s'".formatted(file, entry)));
      }
      return Weights.of(arrays, Map.of());
    }
  }

  /**
   * The array of an {@code .npy} file under the file's name without its ending.
   *
   * @throws WeightsException if the file is damaged, larger than 2 GB, or holds no numbers
   */
  public static Weights readArray(Path file) throws IOException {
    if (Files.size(file) > Integer.MAX_VALUE - 8) {
      throw new WeightsException(file + ": an array must have less than 2 GB");
    }
    String name = file.getFileName().toString();
    int stem = name.endsWith(ENDING) ? name.length() - ENDING.length() : name.length();
    Tensor array = NumpyArray.read(Files.readAllBytes(file), file.toString());
    return Weights.of(Map.of(name.substring(0, stem), array), Map.of());
  }
}
