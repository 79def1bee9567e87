package dev.diarist.weights.pickle;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** Writes pickles of protocol 2 for tests, opcode by opcode or value by value. */
public final class PickleWriter {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  public PickleWriter() {
    raw(0x80, 2);
  }

  /** Raw bytes: integers stand for one byte, strings for their UTF-8. */
  public PickleWriter raw(Object... parts) {
    for (Object part : parts) {
      switch (part) {
        case Integer b -> bytes.write(b);
        case String text -> bytes.writeBytes(text.getBytes(StandardCharsets.UTF_8));
        case byte[] more -> bytes.writeBytes(more);
        default -> throw new IllegalArgumentException("no bytes: " + part);
      }
    }
    return this;
  }

  public PickleWriter global(String module, String name) {
    return raw("c", module, "\n", name, "\n");
  }

  /** A call: the arguments go through {@link #value}. */
  public PickleWriter call(String module, String name, Object... arguments) {
    return global(module, name).value(new Tuple(List.of(arguments))).raw("R");
  }

  /** An object made without arguments, with attributes. */
  public PickleWriter object(String module, String name, Map<String, Object> attributes) {
    return global(module, name).raw(")", 0x81).value(attributes).raw("b");
  }

  /** A value by its Java type; a {@link Runnable} writes itself. */
  public PickleWriter value(Object value) {
    switch (value) {
      case null -> raw("N");
      case Boolean b -> raw(b ? 0x88 : 0x89);
      case Integer i -> raw("J", little(4).putInt(i).array());
      case Long l -> raw(0x8a, 8, little(8).putLong(l).array());
      case Double d -> raw("G", ByteBuffer.allocate(8).putDouble(d).array());
      case String text -> text(text);
      case Tuple tuple -> values("(", tuple.items()).raw("t");
      case List<?> list -> raw("]").values("(", list).raw("e");
      case Map<?, ?> map -> {
        raw("}(");
        map.forEach((key, item) -> value(key).value(item));
        raw("u");
      }
      case Runnable writesItself -> writesItself.run();
      default -> throw new IllegalArgumentException("no pickle for " + value.getClass());
    }
    return this;
  }

  /** The pickle, ended. */
  public byte[] end() {
    return raw(".").bytes.toByteArray();
  }

  private void text(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    raw("X", little(4).putInt(utf8.length).array(), utf8);
  }

  private PickleWriter values(String opening, List<?> items) {
    raw(opening);
    items.forEach(this::value);
    return this;
  }

  private static ByteBuffer little(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }
}
