package dev.diarist.weights.onnx;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Makes ONNX models for tests. */
final class OnnxFile {
  private final ByteArrayOutputStream graph = new ByteArrayOutputStream();
  private final ByteArrayOutputStream properties = new ByteArrayOutputStream();

  OnnxFile floats(String name, float[] values, long... shape) {
    ByteBuffer raw = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    raw.asFloatBuffer().put(values);
    return tensor(name, 1, raw.array(), shape);
  }

  OnnxFile bytes(String name, int type, int[] values, long... shape) {
    byte[] raw = new byte[values.length];
    for (int i = 0; i < raw.length; i++) {
      raw[i] = (byte) values[i];
    }
    return tensor(name, type, raw, shape);
  }

  /** A tensor of floats whose bytes are in another file. */
  OnnxFile external(String name, String location, long offset, long length, long... shape) {
    ByteArrayOutputStream tensor = head(name, 1, shape);
    String[] place = {"location", location, "offset", "" + offset, "length", "" + length};
    for (int i = 0; i < place.length; i += 2) {
      ByteArrayOutputStream pair = new ByteArrayOutputStream();
      field(pair, 1, place[i].getBytes(StandardCharsets.UTF_8));
      field(pair, 2, place[i + 1].getBytes(StandardCharsets.UTF_8));
      field(tensor, 13, pair.toByteArray());
    }
    varint(tensor, 14 << 3);
    varint(tensor, 1);
    field(graph, 5, tensor.toByteArray());
    return this;
  }

  private OnnxFile tensor(String name, int type, byte[] raw, long... shape) {
    ByteArrayOutputStream tensor = head(name, type, shape);
    field(tensor, 9, raw);
    field(graph, 5, tensor.toByteArray());
    return this;
  }

  private static ByteArrayOutputStream head(String name, int type, long... shape) {
    ByteArrayOutputStream tensor = new ByteArrayOutputStream();
    for (long dimension : shape) {
      varint(tensor, 1 << 3);
      varint(tensor, dimension);
    }
    varint(tensor, 2 << 3);
    varint(tensor, type);
    field(tensor, 8, name.getBytes(StandardCharsets.UTF_8));
    return tensor;
  }

  /** A node with one output; {@code attributes} are names and lists of integers. */
  OnnxFile node(String op, List<String> inputs, String output, Object... attributes) {
    ByteArrayOutputStream node = new ByteArrayOutputStream();
    for (String input : inputs) {
      field(node, 1, input.getBytes(StandardCharsets.UTF_8));
    }
    field(node, 2, output.getBytes(StandardCharsets.UTF_8));
    field(node, 4, op.getBytes(StandardCharsets.UTF_8));
    for (int i = 0; i < attributes.length; i += 2) {
      ByteArrayOutputStream attribute = new ByteArrayOutputStream();
      field(attribute, 1, ((String) attributes[i]).getBytes(StandardCharsets.UTF_8));
      for (Object value : (List<?>) attributes[i + 1]) {
        varint(attribute, 8 << 3);
        varint(attribute, (Integer) value);
      }
      field(node, 5, attribute.toByteArray());
    }
    field(graph, 1, node.toByteArray());
    return this;
  }

  OnnxFile property(String key, String value) {
    ByteArrayOutputStream property = new ByteArrayOutputStream();
    field(property, 1, key.getBytes(StandardCharsets.UTF_8));
    field(property, 2, value.getBytes(StandardCharsets.UTF_8));
    field(properties, 14, property.toByteArray());
    return this;
  }

  byte[] end() {
    ByteArrayOutputStream model = new ByteArrayOutputStream();
    varint(model, 1 << 3);
    varint(model, 7);
    field(model, 7, graph.toByteArray());
    model.writeBytes(properties.toByteArray());
    return model.toByteArray();
  }

  private static void field(ByteArrayOutputStream to, int number, byte[] content) {
    varint(to, number << 3 | 2);
    varint(to, content.length);
    to.writeBytes(content);
  }

  private static void varint(ByteArrayOutputStream to, long value) {
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      to.write((int) (rest & 0x7f | 0x80));
      rest >>>= 7;
    }
    to.write((int) rest);
  }
}
