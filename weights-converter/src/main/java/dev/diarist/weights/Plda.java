package dev.diarist.weights;

import dev.diarist.nn.weights.SafeTensors;
import dev.diarist.nn.weights.Tensor;
import dev.diarist.nn.weights.Weights;
import dev.diarist.nn.weights.WeightsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The transforms that a pipeline of 4.x clusters with: {@code mean1} (D), {@code lda} (D, E),
 * {@code mean2} (E) of {@code xvec_transform.npz}, {@code mu} (E), {@code tr} (E, E), {@code psi}
 * (E) of {@code plda.npz}; or all of them in one safetensors file.
 *
 * <p>Source: pyannote/audio/utils/vbx.py of pyannote.audio 4.0.
 */
final class Plda {
  private static final String TRANSFORM_FILE = "xvec_transform.npz";
  private static final String PLDA_FILE = "plda.npz";
  private static final List<String> TRANSFORM = List.of("mean1", "lda", "mean2");
  private static final List<String> MODEL = List.of("mu", "tr", "psi");

  private Plda() {}

  /**
   * @throws WeightsException if an array is missing, left over or misshapen
   */
  static Weights read(ModelReference reference, Path folder) throws IOException {
    Path bundled = folder.resolve("plda.safetensors");
    if (Files.isRegularFile(bundled)) {
      return checked(SafeTensors.read(bundled), bundled);
    }
    for (Path candidate : reference.folders()) {
      if (Files.isRegularFile(candidate.resolve(PLDA_FILE))) {
        return joined(candidate);
      }
    }
    throw new WeightsException(
        "%s: %s and %s of the PLDA are not in this folder"
            .formatted(folder, folder.resolve("plda").resolve(PLDA_FILE), TRANSFORM_FILE));
  }

  private static Weights joined(Path folder) throws IOException {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    Weights transform = Checkpoint.read(folder.resolve(TRANSFORM_FILE));
    Weights model = Checkpoint.read(folder.resolve(PLDA_FILE));
    tensors.putAll(Checkpoint.tensors(transform));
    tensors.putAll(Checkpoint.tensors(model));
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put("architecture", "PLDA");
    metadata.put("source", TRANSFORM_FILE + ", " + PLDA_FILE);
    metadata.put(
        "sha256", transform.metadata().get("sha256") + ", " + model.metadata().get("sha256"));
    return checked(Weights.of(tensors, metadata), folder);
  }

  private static Weights checked(Weights weights, Path file) throws WeightsException {
    long d = size(weights, "mean1", file);
    long e = size(weights, "mean2", file);
    Map<String, long[]> shapes = new LinkedHashMap<>();
    shapes.put("mean1", new long[] {d});
    shapes.put("lda", new long[] {d, e});
    shapes.put("mean2", new long[] {e});
    shapes.put("mu", new long[] {e});
    shapes.put("tr", new long[] {e, e});
    shapes.put("psi", new long[] {e});
    for (Map.Entry<String, long[]> shape : shapes.entrySet()) {
      size(weights, shape.getKey(), file);
      Tensor tensor = weights.tensor(shape.getKey());
      if (!Arrays.equals(tensor.shape(), shape.getValue()) || !tensor.type().isReal()) {
        throw new WeightsException(
            "%s: tensor '%s' must have shape %s of floating point numbers, has %s of %s"
                .formatted(
                    file,
                    shape.getKey(),
                    Arrays.toString(shape.getValue()),
                    Arrays.toString(tensor.shape()),
                    tensor.type()));
      }
    }
    for (String name : weights.names()) {
      if (!TRANSFORM.contains(name) && !MODEL.contains(name)) {
        throw new WeightsException("%s: tensor '%s' is none of PLDA's".formatted(file, name));
      }
    }
    return weights;
  }

  private static long size(Weights weights, String name, Path file) throws WeightsException {
    if (!weights.contains(name) || weights.shape(name).length == 0) {
      throw new WeightsException("%s: tensor '%s' of PLDA is missing".formatted(file, name));
    }
    return weights.shape(name)[0];
  }
}
