package dev.diarist.weights.torch;

import dev.diarist.weights.pickle.PickleWriter;
import dev.diarist.weights.pickle.Tuple;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Makes PyTorch checkpoints for tests: a pickle and storages in a zip of stored entries. */
public final class TorchFile {
  private final PickleWriter pickle = new PickleWriter();
  private final Map<String, byte[]> entries = new LinkedHashMap<>();
  private int method = ZipEntry.STORED;

  public PickleWriter pickle() {
    return pickle;
  }

  public TorchFile storage(String key, byte[] bytes) {
    return entry("data/" + key, bytes);
  }

  public TorchFile entry(String name, byte[] bytes) {
    entries.put("archive/" + name, bytes);
    return this;
  }

  public TorchFile deflated() {
    method = ZipEntry.DEFLATED;
    return this;
  }

  /** Writes a tensor where {@link PickleWriter#value} meets it. */
  public Runnable tensor(
      String type, String key, long elements, long offset, long[] size, long[] stride) {
    return () ->
        pickle
            .global("torch._utils", "_rebuild_tensor_v2")
            .raw("(")
            .raw("(")
            .value("storage")
            .global("torch", type)
            .value(key)
            .value("cpu")
            .value(elements)
            .raw("tQ")
            .value(offset)
            .value(integers(size))
            .value(integers(stride))
            .value(false)
            .call("collections", "OrderedDict")
            .raw("tR");
  }

  /** A row-major float tensor with a storage of its own. */
  public Runnable floats(String key, float[] values, long... size) {
    byte[] bytes = new byte[4 * values.length];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(values);
    storage(key, bytes);
    long[] stride = new long[size.length];
    long step = 1;
    for (int d = size.length - 1; d >= 0; d--) {
      stride[d] = step;
      step *= size[d];
    }
    return tensor("FloatStorage", key, values.length, 0, size, stride);
  }

  public Path write(Path file) {
    entry("data.pkl", pickle.end());
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        zip.putNextEntry(zipEntry(entry.getKey(), entry.getValue()));
        zip.write(entry.getValue());
        zip.closeEntry();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    try {
      return Files.write(file, bytes.toByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private ZipEntry zipEntry(String name, byte[] bytes) {
    ZipEntry entry = new ZipEntry(name);
    entry.setMethod(method);
    if (method == ZipEntry.STORED) {
      CRC32 checksum = new CRC32();
      checksum.update(bytes);
      entry.setSize(bytes.length);
      entry.setCrc(checksum.getValue());
    }
    return entry;
  }

  private static Tuple integers(long[] values) {
    List<Object> boxed = Arrays.stream(values).<Object>mapToObj(v -> v).toList();
    return new Tuple(boxed);
  }
}
