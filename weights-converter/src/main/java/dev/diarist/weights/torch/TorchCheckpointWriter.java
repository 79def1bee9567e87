package dev.diarist.weights.torch;

import dev.diarist.nn.weights.DType;
import dev.diarist.nn.weights.Tensor;
import dev.diarist.nn.weights.Weights;
import dev.diarist.nn.weights.WeightsException;
import dev.diarist.weights.archive.ZipWriter;
import dev.diarist.weights.pickle.Pickler;
import dev.diarist.weights.pickle.PythonValue;
import dev.diarist.weights.pickle.PythonValue.Call;
import dev.diarist.weights.pickle.PythonValue.Name;
import dev.diarist.weights.pickle.PythonValue.Persistent;
import dev.diarist.weights.pickle.Tuple;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Writes the checkpoint of a network as {@code Model.from_pretrained} of pyannote.audio 3.x loads
 * it: PyTorch's zip with Lightning's dictionary in it. Equal weights give equal bytes.
 *
 * <p>Source: {@code Model.on_save_checkpoint} and {@code on_load_checkpoint} in
 * pyannote/audio/core/model.py; {@code _save} in torch/serialization.py.
 */
public final class TorchCheckpointWriter {
  private static final String FOLDER = "archive/";

  /** Version of the zip container. Source: caffe2/serialize/versions.h. */
  private static final byte[] CONTAINER_VERSION = ascii("3\n");

  /** The oldest versions that pyannote.audio 3.x runs with: a newer reader migrates from these. */
  private static final String LIGHTNING_VERSION = "2.0.1";

  private static final Map<String, Object> VERSIONS =
      ordered("torch", "2.0.0", "pyannote.audio", "3.0.0");

  private final Path file;
  private final Weights weights;
  private final Map<String, Tensor> storages = new LinkedHashMap<>();

  private TorchCheckpointWriter(Path file, Weights weights) {
    this.file = file;
    this.weights = weights;
  }

  /**
   * Writes weights whose metadata holds {@code architecture}, {@code hyper_parameters} and {@code
   * specifications}. A file of that name is replaced at once or not at all.
   *
   * @param module Python's module of the architecture
   * @throws WeightsException if PyTorch has no type for a tensor, or the metadata is not as it must
   *     be
   */
  public static void write(Path file, String module, Weights weights) throws IOException {
    new TorchCheckpointWriter(file, weights).write(module);
  }

  private void write(String module) throws IOException {
    byte[] pickle;
    try {
      pickle = Pickler.write(checkpoint(module));
    } catch (IllegalArgumentException e) { // the metadata, which comes from a file
      throw new WeightsException("%s: cannot be described: %s".formatted(file, e.getMessage()), e);
    }
    Path beside = file.resolveSibling("." + file.getFileName() + "." + UUID.randomUUID() + ".part");
    try {
      try (ZipWriter zip =
          new ZipWriter(
              new BufferedOutputStream(
                  Files.newOutputStream(beside, StandardOpenOption.CREATE_NEW)))) {
        zip.add(FOLDER + "data.pkl", pickle);
        zip.add(FOLDER + "byteorder", ascii("little"));
        for (Map.Entry<String, Tensor> storage : storages.entrySet()) {
          zip.add(FOLDER + "data/" + storage.getKey(), storage.getValue().bytes());
        }
        zip.add(FOLDER + "version", CONTAINER_VERSION);
      }
      Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(beside);
    }
  }

  private Map<String, Object> checkpoint(String module) throws WeightsException {
    Map<String, Object> stateDict = new LinkedHashMap<>();
    for (String name : weights.names()) {
      stateDict.put(name, tensor(name, weights.tensor(name)));
    }
    return ordered(
        "epoch",
        0,
        "global_step",
        0,
        "pytorch-lightning_version",
        LIGHTNING_VERSION,
        "state_dict",
        stateDict,
        "hparams_name",
        "kwargs",
        "hyper_parameters",
        JsonPickle.dictionary(weights.metadata().get("hyper_parameters")),
        "pyannote.audio",
        ordered(
            "versions",
            VERSIONS,
            "architecture",
            ordered("module", module, "class", weights.metadata().get("architecture")),
            "specifications",
            JsonPickle.specifications(weights.metadata().get("specifications"))));
  }

  /** {@code _rebuild_tensor_v2(storage, offset, size, stride, requires_grad, hooks)}. */
  private PythonValue tensor(String name, Tensor tensor) throws WeightsException {
    Name type = TorchGlobals.storageType(tensor.type()).orElseThrow(() -> noType(name, tensor));
    String key = Integer.toString(storages.size());
    storages.put(key, tensor);
    return new Call(
        new Name("torch._utils", "_rebuild_tensor_v2"),
        List.of(
            new Persistent(new Tuple(List.of("storage", type, key, "cpu", tensor.elements()))),
            0,
            integers(tensor.shape()),
            integers(strides(tensor.shape())),
            false,
            new Call(new Name("collections", "OrderedDict"), List.of())));
  }

  private WeightsException noType(String name, Tensor tensor) {
    DType type = tensor.type();
    return new WeightsException(
        "%s: tensor '%s': PyTorch's checkpoints have no type for %s".formatted(file, name, type));
  }

  /** Row-major. */
  private static long[] strides(long[] shape) {
    long[] strides = new long[shape.length];
    long step = 1;
    for (int d = shape.length - 1; d >= 0; d--) {
      strides[d] = step;
      step *= Math.max(1, shape[d]); // PyTorch's rule for empty tensors
    }
    return strides;
  }

  private static Tuple integers(long[] values) {
    return new Tuple(Arrays.stream(values).<Object>mapToObj(value -> value).toList());
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** A dictionary from keys and values in turn. */
  private static Map<String, Object> ordered(Object... keysAndValues) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      map.put((String) keysAndValues[i], keysAndValues[i + 1]);
    }
    return map;
  }
}
