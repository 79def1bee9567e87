package dev.diarist.weights.torch;

import dev.diarist.weights.pickle.PickleWriter;
import dev.diarist.weights.pickle.Tuple;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Makes checkpoints in PyTorch's two old formats for tests. */
final class LegacyFile {
  private static final int TAR_BLOCK = 512;

  private LegacyFile() {}

  /**
   * A stream with one storage of floats and a tensor {@code x}.
   *
   * @param view offset and size of a view into the storage that the tensor covers, or null
   */
  static byte[] stream(float[] values, long[] view) {
    return stream(values, view, new PickleWriter().value(List.of("7")).end());
  }

  /** The same with another pickle of the storages' keys. */
  static byte[] stream(float[] values, long[] view, byte[] keys) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(HexFormat.of().parseHex("80028a0a6cfc9c46f9206aa850192e"));
    bytes.writeBytes(new PickleWriter().value(1001L).end());
    bytes.writeBytes(new PickleWriter().value(Map.of("little_endian", true)).end());
    long size = view == null ? values.length : view[1];
    PickleWriter object = new PickleWriter();
    object.raw("}").value("x").global("torch._utils", "_rebuild_tensor_v2").raw("((");
    object.value("storage").global("torch", "FloatStorage").value("7").value("cpu");
    object.value((long) values.length);
    object.value(view == null ? null : new Tuple(List.of("8", view[0], view[1])));
    object.raw("tQ").value(0L).value(new Tuple(List.of(size))).value(new Tuple(List.of(1L)));
    object.value(false).call("collections", "OrderedDict").raw("tRs");
    bytes.writeBytes(object.end());
    bytes.writeBytes(keys);
    bytes.writeBytes(storage(values));
    return bytes.toByteArray();
  }

  /** A tar archive with two tensors over one storage of floats: {@code x}, and {@code y} turned. */
  static byte[] tar(float[] values, long rows) {
    PickleWriter object = new PickleWriter().raw("}");
    object.value("x").value("21").raw("Qs");
    object.value("y").value("22").raw("Qs");
    object.value("z").value("23").raw("Qs");
    return tar(values, rows, object.end());
  }

  /** The same with another pickle of the object. */
  static byte[] tar(float[] values, long rows, byte[] object) {
    List<Tuple> views = List.of(new Tuple(List.of(12L, 11L, 1L, 2L)));
    return tar(values, rows, new PickleWriter().value(views).end(), object);
  }

  /** The same with another pickle of the views into its storage, and an object without tensors. */
  static byte[] tarOfViews(float[] values, byte[] views) {
    return tar(values, 1, views, new PickleWriter().raw("}").end());
  }

  private static byte[] tar(float[] values, long rows, byte[] views, byte[] object) {
    ByteArrayOutputStream storages = new ByteArrayOutputStream();
    storages.writeBytes(new PickleWriter().value(1L).end());
    storages.writeBytes(
        new PickleWriter()
            .raw("(")
            .value(11L)
            .value("cpu")
            .global("torch", "FloatStorage")
            .raw("t")
            .end());
    storages.writeBytes(storage(values));
    storages.writeBytes(views);
    long columns = values.length / rows;
    ByteArrayOutputStream tensors = new ByteArrayOutputStream();
    tensors.writeBytes(new PickleWriter().value(3L).end());
    tensors.writeBytes(tensor(21, 11, 0, new long[] {rows, columns}, new long[] {columns, 1}));
    tensors.writeBytes(tensor(22, 11, 0, new long[] {columns, rows}, new long[] {1, columns}));
    tensors.writeBytes(tensor(23, 12, 0, new long[] {2}, new long[] {1}));
    Map<String, byte[]> members = new LinkedHashMap<>();
    members.put("storages", storages.toByteArray());
    members.put("tensors", tensors.toByteArray());
    members.put("pickle", object);
    return tar(members);
  }

  static byte[] tar(Map<String, byte[]> members) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    members.forEach(
        (name, content) -> {
          bytes.writeBytes(header(name, content.length, '0'));
          bytes.writeBytes(content);
          bytes.writeBytes(new byte[(TAR_BLOCK - content.length % TAR_BLOCK) % TAR_BLOCK]);
        });
    bytes.writeBytes(new byte[2 * TAR_BLOCK]);
    return bytes.toByteArray();
  }

  static byte[] header(String name, long size, char kind) {
    ByteBuffer header = ByteBuffer.allocate(TAR_BLOCK);
    put(header, 0, name);
    put(header, 124, "%011o".formatted(size));
    put(header, 148, "        ");
    header.put(156, (byte) kind);
    put(header, 257, "ustar\00000");
    int sum = 0;
    for (byte b : header.array()) {
      sum += Byte.toUnsignedInt(b);
    }
    put(header, 148, "%06o\0 ".formatted(sum));
    return header.array();
  }

  private static void put(ByteBuffer header, int at, String text) {
    header.put(at, text.getBytes(StandardCharsets.US_ASCII));
  }

  private static byte[] tensor(long id, long storage, long offset, long[] size, long[] stride) {
    ByteBuffer numbers =
        ByteBuffer.allocate(8 * (2 + 2 * size.length)).order(ByteOrder.LITTLE_ENDIAN);
    numbers.putInt(size.length).putInt(0x5a5a5a5a); // without meaning
    for (long s : size) {
      numbers.putLong(s);
    }
    for (long s : stride) {
      numbers.putLong(s);
    }
    numbers.putLong(offset);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(
        new PickleWriter()
            .raw("(")
            .value(id)
            .value(storage)
            .global("torch", "FloatTensor")
            .raw("t")
            .end());
    bytes.writeBytes(numbers.array());
    return bytes.toByteArray();
  }

  private static byte[] storage(float[] values) {
    ByteBuffer bytes = ByteBuffer.allocate(8 + 4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(values.length);
    for (float value : values) {
      bytes.putFloat(value);
    }
    return bytes.array();
  }
}
