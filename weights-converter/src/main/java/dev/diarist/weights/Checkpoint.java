package dev.diarist.weights;

import dev.diarist.nn.weights.SafeTensors;
import dev.diarist.nn.weights.Tensor;
import dev.diarist.nn.weights.Weights;
import dev.diarist.nn.weights.WeightsException;
import dev.diarist.weights.npz.NumpyFiles;
import dev.diarist.weights.onnx.OnnxCheckpoint;
import dev.diarist.weights.torch.TorchCheckpoint;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Weights from any file format that is read, told by content. */
public final class Checkpoint {
  private Checkpoint() {}

  /**
   * The tensors of a file under the names they have there; for ONNX, whose exports lose names,
   * under those of pyannote. The metadata is what the file stores: {@code architecture}, {@code
   * specifications} and {@code hyper_parameters} (JSON), and {@code source} (file name) and {@code
   * sha256} where the file does not state them. Which network the tensors make is not checked here;
   * see {@link Network}.
   *
   * @throws WeightsException if the file is in no format that is read, damaged, or holds what is
   *     not understood
   */
  public static Weights read(Path file) throws IOException {
    return switch (FileKind.of(file)) {
      case SAFETENSORS -> SafeTensors.read(file);
      case SHARD_INDEX -> withSource(ShardedSafeTensors.read(file), file);
      case TORCH -> withSource(TorchCheckpoint.read(file), file);
      case ONNX -> withSource(OnnxCheckpoint.read(file), file);
      case NPZ -> withSource(NumpyFiles.readArchive(file), file);
      case NPY -> withSource(NumpyFiles.readArray(file), file);
    };
  }

  /** The weights with what is known of the file, unless they state where they come from. */
  static Weights withSource(Weights weights, Path file) throws IOException {
    if (weights.metadata().containsKey("source")) {
      return weights;
    }
    Map<String, String> metadata = new LinkedHashMap<>(weights.metadata());
    metadata.putAll(Provenance.of(file));
    return withMetadata(weights, metadata);
  }

  static Weights withMetadata(Weights weights, Map<String, String> metadata) {
    return Weights.of(tensors(weights), metadata);
  }

  /** A new map of all tensors in their order. */
  static Map<String, Tensor> tensors(Weights weights) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (String name : weights.names()) {
      tensors.put(name, weights.tensor(name));
    }
    return tensors;
  }
}
