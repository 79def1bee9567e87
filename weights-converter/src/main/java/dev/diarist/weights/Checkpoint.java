package dev.diarist.weights;

import dev.diarist.nn.weights.SafeTensors;
import dev.diarist.nn.weights.Tensor;
import dev.diarist.nn.weights.Weights;
import dev.diarist.nn.weights.WeightsException;
import dev.diarist.weights.torch.TorchCheckpoint;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Weights from any file format that is read, told by content. */
public final class Checkpoint {
  private Checkpoint() {}

  /**
   * The tensors of a file. A PyTorch file comes with the metadata {@code format}, {@code
   * architecture}, {@code specifications} and {@code hyper_parameters} (JSON, each where the file
   * has it), {@code source} (file name) and {@code sha256}; a safetensors file with what it stores.
   * Which network the tensors make is not checked here; see {@link Architecture}.
   *
   * @throws WeightsException if the file is in no format that is read, damaged, or holds what is
   *     not understood
   */
  public static Weights read(Path file) throws IOException {
    return switch (FileKind.of(file)) {
      case SAFETENSORS -> SafeTensors.read(file);
      case TORCH_ZIP -> withSource(TorchCheckpoint.read(file), file);
    };
  }

  /** The weights with the file's name and checksum, unless they state where they come from. */
  static Weights withSource(Weights weights, Path file) throws IOException {
    if (weights.metadata().containsKey("source")) {
      return weights;
    }
    Map<String, String> metadata = new LinkedHashMap<>(weights.metadata());
    metadata.put("source", file.getFileName().toString());
    metadata.put("sha256", Sha256.of(file));
    return withMetadata(weights, metadata);
  }

  static Weights withMetadata(Weights weights, Map<String, String> metadata) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (String name : weights.names()) {
      tensors.put(name, weights.tensor(name));
    }
    return Weights.of(tensors, metadata);
  }
}
