package dev.diarist.weights.onnx;

import dev.diarist.nn.weights.Tensor;
import dev.diarist.nn.weights.Weights;
import dev.diarist.nn.weights.WeightsException;
import dev.diarist.weights.archive.AllocationBudget;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;

/** The weights of an ONNX export of either network, under the names of pyannote. */
public final class OnnxCheckpoint {
  /** Integers of one byte become floats of four, which are put in order in another copy. */
  private static final int EXPANSION = 9;

  private OnnxCheckpoint() {}

  /**
   * Reads what PyTorch's exporter makes of the networks, also where onnxruntime quantised it to
   * integers; the weights then are what the integers stand for, and a batch norm that was joined to
   * its convolution is one that changes nothing.
   *
   * @throws WeightsException if the file is damaged or its graph is that of another network
   */
  public static Weights read(Path file) throws IOException {
    ByteBuffer bytes;
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      if (channel.size() > Integer.MAX_VALUE) {
        throw new WeightsException(file + ": an ONNX model must have less than 2 GB");
      }
      bytes = channel.map(MapMode.READ_ONLY, 0, channel.size());
    }
    return read(bytes, file.toString(), ExternalData.beside(file));
  }

  /**
   * As {@link #read(Path)}.
   *
   * @param bytes of the file, which the weights look into
   * @param file what messages call them
   * @param external where tensors may be instead
   */
  static Weights read(ByteBuffer bytes, String file, ExternalData external)
      throws WeightsException {
    OnnxModel model = OnnxModel.read(bytes, file, external);
    AllocationBudget budget =
        new AllocationBudget(file, EXPANSION, bytes.remaining() + external.size());
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put("format", "onnx");
    try {
      Map<String, Tensor> tensors;
      if (SegmentationExport.is(model)) {
        tensors = SegmentationExport.tensors(model, budget);
        metadata.putAll(SegmentationExport.metadata(model));
      } else if (EmbeddingExport.is(model, budget)) {
        tensors = EmbeddingExport.tensors(model, budget);
      } else {
        throw new IllegalArgumentException(
            "the graph has neither an LSTM nor convolutions over one-channel images");
      }
      return Weights.of(tensors, metadata);
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new WeightsException(file + ": the export of another network: " + e.getMessage(), e);
    }
  }
}
