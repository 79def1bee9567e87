package dev.diarist.weights.torch;

import dev.diarist.nn.weights.Tensor;
import dev.diarist.nn.weights.Weights;
import dev.diarist.nn.weights.WeightsException;
import dev.diarist.weights.archive.AllocationBudget;
import dev.diarist.weights.archive.TarArchive;
import dev.diarist.weights.pickle.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A PyTorch checkpoint as weights, in any of the three formats that torch.save has had. Of
 * Lightning's and pyannote's dictionary, {@code hyper_parameters}, {@code architecture} and {@code
 * specifications} become metadata, the rest is left.
 *
 * <p>Source: pyannote/audio/core/model.py, {@code Model.from_pretrained}.
 */
public final class TorchCheckpoint {
  /** Enough of a file to tell its format. */
  private static final int HEAD_BYTES = 512;

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
    try (TorchContainer container = open(budget)) {
      Object root = container.root();
      Map<String, TorchTensor> views = StateDict.tensors(file, root);
      TensorReader reader = new TensorReader(file, container, budget);
      Map<String, Tensor> tensors = new LinkedHashMap<>();
      for (Map.Entry<String, TorchTensor> view : views.entrySet()) {
        tensors.put(view.getKey(), reader.read(view.getKey(), view.getValue()));
      }
      describe((Map<?, ?>) root);
      return Weights.of(tensors, metadata);
    }
  }

  private TorchContainer open(AllocationBudget budget) throws IOException {
    byte[] head;
    try (InputStream in = Files.newInputStream(file)) {
      head = in.readNBytes(HEAD_BYTES);
    }
    if (LegacyStream.begins(head)) {
      return LegacyStream.open(file, budget);
    }
    if (TarArchive.begins(head)) {
      return LegacyTar.open(file, budget);
    }
    return TorchArchive.open(file, budget);
  }

  /** Whether a file that begins so is in one of the formats without a zip file around it. */
  public static boolean isLegacy(byte[] head) {
    return LegacyStream.begins(head) || TarArchive.begins(head);
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
