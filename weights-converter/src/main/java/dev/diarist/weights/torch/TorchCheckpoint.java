package dev.diarist.weights.torch;

import dev.diarist.nn.weights.Tensor;
import dev.diarist.nn.weights.Weights;
import dev.diarist.nn.weights.WeightsException;
import dev.diarist.weights.pickle.Kind;
import dev.diarist.weights.pickle.Unpickler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A PyTorch checkpoint as weights. Of Lightning's and pyannote's dictionary, {@code
 * hyper_parameters}, {@code architecture} and {@code specifications} become metadata, the rest is
 * left.
 *
 * <p>Source: pyannote/audio/core/model.py, {@code Model.from_pretrained}.
 */
public final class TorchCheckpoint {
  private final Path file;
  private final Map<String, String> metadata = new LinkedHashMap<>();

  private TorchCheckpoint(Path file) {
    this.file = file;
  }

  /**
   * @throws WeightsException if the file is no such checkpoint, is damaged, or holds anything that
   *     is not understood; the message names the file and the place
   */
  public static Weights read(Path file) throws IOException {
    return new TorchCheckpoint(file).read();
  }

  private Weights read() throws IOException {
    AllocationBudget budget = new AllocationBudget(file.toString(), Files.size(file));
    try (TorchArchive archive = TorchArchive.open(file, budget)) {
      Object root =
          Unpickler.read(
              archive.pickle(), file.toString(), TorchGlobals.ALLOWED, TorchGlobals::storage);
      Map<String, TorchTensor> views = StateDict.tensors(file, root);
      TensorReader reader = new TensorReader(file, archive, budget);
      Map<String, Tensor> tensors = new LinkedHashMap<>();
      for (Map.Entry<String, TorchTensor> view : views.entrySet()) {
        tensors.put(view.getKey(), reader.read(view.getKey(), view.getValue()));
      }
      describe((Map<?, ?>) root);
      return Weights.of(tensors, metadata);
    }
  }

  private void describe(Map<?, ?> root) throws IOException {
    metadata.put("format", "pt");
    if (root.get("pyannote.audio") instanceof Map<?, ?> pyannote) {
      if (pyannote.get("architecture") instanceof Map<?, ?> architecture) {
        putText("architecture", architecture.get("class"));
      }
      putJson("specifications", pyannote.get("specifications"));
    }
    putJson("hyper_parameters", root.get("hyper_parameters"));
  }

  private void putText(String key, Object value) throws WeightsException {
    if (!(value instanceof String text)) {
      throw new WeightsException(
          "%s: %s must name its class by text, found %s".formatted(file, key, Kind.of(value)));
    }
    metadata.put(key, text);
  }

  private void putJson(String key, Object value) throws WeightsException {
    if (value == null) {
      return;
    }
    try {
      metadata.put(key, PickleJson.write(value));
    } catch (IllegalArgumentException e) {
      throw new WeightsException("%s: %s: %s".formatted(file, key, e.getMessage()), e);
    }
  }
}
