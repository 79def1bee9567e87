package dev.diarist.weights.pickle;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * Writes a pickle of protocol 2, the one of torch.save, from the values that {@link Unpickler}
 * makes of plain data and from {@link PythonValue}s. Equal values give equal bytes. Nothing is
 * remembered, so a value that is shared is written each time it is met, and one that contains
 * itself never ends.
 *
 * <p>Source: the opcode table of CPython's pickletools.
 */
public final class Pickler {
  private static final int PROTOCOL = 2;
  private static final int MAX_BYTE = 0xff;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  private Pickler() {}

  /**
   * The pickle of a value: null (None), Boolean, Integer, Long, Double, String, List, {@link
   * Tuple}, Map or {@link PythonValue}, and what these hold.
   *
   * @throws IllegalArgumentException if there is another value in it
   */
  public static byte[] write(Object value) {
    Pickler pickler = new Pickler();
    pickler.code(Opcode.PROTO).bytes.write(PROTOCOL);
    pickler.value(value);
    pickler.code(Opcode.STOP);
    return pickler.bytes.toByteArray();
  }

  private void value(Object value) {
    switch (value) {
      case null -> code(Opcode.NONE);
      case Boolean b -> code(b ? Opcode.NEWTRUE : Opcode.NEWFALSE);
      case Integer i -> integer(i);
      case Long l -> integer(l);
      case Double d -> code(Opcode.BINFLOAT).bytes.writeBytes(bigEndian(d));
      case String text -> text(text);
      case Tuple tuple -> marked(tuple.items(), Opcode.TUPLE);
      case List<?> list -> {
        code(Opcode.EMPTY_LIST);
        marked(list, Opcode.APPENDS);
      }
      case Map<?, ?> map -> {
        code(Opcode.EMPTY_DICT).code(Opcode.MARK);
        map.forEach(this::pair);
        code(Opcode.SETITEMS);
      }
      case PythonValue python -> python(python);
      default ->
          throw new IllegalArgumentException(
              "a pickle is made from plain values, found " + value.getClass().getSimpleName());
    }
  }

  private void python(PythonValue value) {
    switch (value) {
      case PythonValue.Name(String module, String name) ->
          code(Opcode.GLOBAL).line(module).line(name);
      case PythonValue.Call(PythonValue.Name callable, List<Object> arguments) -> {
        python(callable);
        value(new Tuple(arguments));
        code(Opcode.REDUCE);
      }
      case PythonValue.Instance(PythonValue.Name type, Map<String, Object> attributes) -> {
        python(type);
        code(Opcode.EMPTY_TUPLE).code(Opcode.NEWOBJ);
        value(attributes);
        code(Opcode.BUILD);
      }
      case PythonValue.Persistent(Tuple id) -> {
        value(id);
        code(Opcode.BINPERSID);
      }
    }
  }

  private void marked(List<?> items, Opcode end) {
    code(Opcode.MARK);
    items.forEach(this::value);
    code(end);
  }

  private void pair(Object key, Object value) {
    value(key);
    value(value);
  }

  private void integer(long value) {
    if (value >= 0 && value <= MAX_BYTE) {
      code(Opcode.BININT1).bytes.write((int) value);
    } else if (value == (int) value) {
      code(Opcode.BININT).bytes.writeBytes(little(Integer.BYTES).putInt((int) value).array());
    } else {
      code(Opcode.LONG1).bytes.write(Long.BYTES);
      bytes.writeBytes(little(Long.BYTES).putLong(value).array());
    }
  }

  private void text(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    code(Opcode.BINUNICODE).bytes.writeBytes(little(Integer.BYTES).putInt(utf8.length).array());
    bytes.writeBytes(utf8);
  }

  private Pickler line(String ascii) {
    bytes.writeBytes(ascii.getBytes(StandardCharsets.US_ASCII));
    bytes.write('\n');
    return this;
  }

  private Pickler code(Opcode opcode) {
    bytes.write(opcode.code());
    return this;
  }

  private static byte[] bigEndian(double value) {
    return ByteBuffer.allocate(Double.BYTES).putDouble(value).array();
  }

  private static ByteBuffer little(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }
}
