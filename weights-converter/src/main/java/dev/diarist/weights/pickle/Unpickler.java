package dev.diarist.weights.pickle;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads a Python pickle as plain data. None is null; other values are Boolean, Long, Double,
 * String, byte[], List, {@link Tuple}, Map with keys in pickled order, {@link PickledObject},
 * {@link Global}, and what the allow-list makes. Values may be shared and, as in Python, may
 * contain themselves: walk them with a limit.
 *
 * <p>Opcodes and names are allow-lists; stack, memo, marks, integers and the number of steps are
 * bounded, so that memory stays in proportion to the pickle.
 *
 * <p>Source: the opcode table of CPython's pickletools.
 */
public final class Unpickler {
  /** Largest pickle that is read; those of the pipeline's models have 32 kB. */
  public static final int MAX_BYTES = 64 << 20;

  /**
   * Opcodes that any pickle may have; the pipeline's models have 6,000. One may take 88 bytes of
   * memory, a tuple of one.
   */
  public static final int MAX_STEPS = 300_000;

  /** A longer pickle may have one more for so many bytes. */
  private static final int BYTES_OF_ANOTHER_STEP = 128;

  private static final int NEWEST_PROTOCOL = 5;

  private final PickleInput input;
  private final Globals globals;
  private final PersistentLoader loader;
  private final PickleStack stack = new PickleStack();
  private final Memo memo = new Memo();
  private long steps;

  private Unpickler(PickleInput input, Globals globals, PersistentLoader loader) {
    this.input = input;
    this.globals = globals;
    this.loader = loader;
  }

  /**
   * The value of a pickle.
   *
   * @param pickle not modified
   * @param source what messages call these bytes
   * @throws PickleException if the pickle is broken, exceeds a limit, or uses an opcode or a name
   *     that is off the lists
   */
  public static Object read(byte[] pickle, String source, Globals globals, PersistentLoader loader)
      throws PickleException {
    if (pickle.length > MAX_BYTES) {
      throw new PickleException(
          "%s: a pickle must have at most %d bytes, found %d"
              .formatted(source, MAX_BYTES, pickle.length));
    }
    ByteBuffer bytes = ByteBuffer.wrap(pickle);
    Object value = readNext(bytes, source, globals, loader);
    if (bytes.hasRemaining()) {
      String reason = bytes.remaining() + " bytes after the end";
      throw broken(source, bytes.position() - 1, new IllegalArgumentException(reason));
    }
    return value;
  }

  /**
   * The value of the pickle at the position of {@code bytes}, which moves behind it.
   *
   * @throws PickleException as {@link #read} does
   */
  public static Object readNext(
      ByteBuffer bytes, String source, Globals globals, PersistentLoader loader)
      throws PickleException {
    int most = Math.min(bytes.remaining(), MAX_BYTES);
    PickleInput input = new PickleInput(bytes.slice(bytes.position(), most));
    Unpickler unpickler = new Unpickler(input, globals, loader);
    Object value = unpickler.run(source, MAX_STEPS + most / BYTES_OF_ANOTHER_STEP);
    bytes.position(bytes.position() + input.position());
    return value;
  }

  private Object run(String source, long maxSteps) throws PickleException {
    int opcodeAt = 0;
    try {
      while (steps++ < maxSteps) {
        opcodeAt = input.position();
        Opcode opcode = Opcode.of(input.unsignedByte());
        if (opcode == Opcode.STOP) {
          return result();
        }
        follow(opcode);
      }
      throw new IllegalArgumentException("more than %d opcodes".formatted(maxSteps));
    } catch (IllegalArgumentException e) {
      throw broken(source, opcodeAt, e);
    }
  }

  private static PickleException broken(String source, int at, IllegalArgumentException e) {
    return new PickleException(
        "%s: broken or refused pickle at byte %d: %s".formatted(source, at, e.getMessage()), e);
  }

  private Object result() {
    Object result = stack.pop();
    if (!stack.isEmpty()) {
      throw new IllegalArgumentException("values are left on the stack at the end");
    }
    return result;
  }

  private void follow(Opcode opcode) {
    switch (opcode) {
      case PROTO -> checkProtocol(input.unsignedByte());
      case FRAME -> input.signedLong(); // a hint for buffered reading
      case STOP -> throw new IllegalStateException("STOP ends the loop");
      case MARK -> stack.mark();
      case POP -> stack.pop();
      case POP_MARK -> stack.popToMark();
      case DUP -> stack.push(stack.peek());

      case NONE -> stack.push(null);
      case NEWTRUE -> stack.push(true);
      case NEWFALSE -> stack.push(false);
      case INT -> stack.push(textInteger(input.line()));
      case LONG -> stack.push(textLong(input.line()));
      case BININT -> stack.push((long) input.signedInt());
      case BININT1 -> stack.push((long) input.unsignedByte());
      case BININT2 -> stack.push((long) input.unsignedShort());
      case LONG1 -> stack.push(input.integer(input.unsignedByte()));
      case LONG4 -> stack.push(input.integer(input.unsignedInt()));
      case FLOAT -> stack.push(textDouble(input.line()));
      case BINFLOAT -> stack.push(input.bigEndianDouble());

      case BINUNICODE -> stack.push(input.utf8(input.unsignedInt()));
      case SHORT_BINUNICODE -> stack.push(input.utf8(input.unsignedByte()));
      case BINUNICODE8 -> stack.push(input.utf8(input.signedLong()));
      case BINSTRING -> stack.push(latin1(input.bytes(input.signedInt())));
      case SHORT_BINSTRING -> stack.push(latin1(input.bytes(input.unsignedByte())));
      case BINBYTES -> stack.push(input.bytes(input.unsignedInt()));
      case SHORT_BINBYTES -> stack.push(input.bytes(input.unsignedByte()));
      case BINBYTES8 -> stack.push(input.bytes(input.signedLong()));

      case EMPTY_LIST -> stack.push(new ArrayList<>());
      case LIST -> stack.push(stack.popToMark());
      case APPEND -> append(stack.pop(1));
      case APPENDS -> append(stack.popToMark());
      case EMPTY_TUPLE -> stack.push(new Tuple(List.of()));
      case TUPLE -> stack.push(new Tuple(stack.popToMark()));
      case TUPLE1 -> stack.push(new Tuple(stack.pop(1)));
      case TUPLE2 -> stack.push(new Tuple(stack.pop(2)));
      case TUPLE3 -> stack.push(new Tuple(stack.pop(3)));
      case EMPTY_DICT -> stack.push(new LinkedHashMap<>());
      case DICT -> pushDictionary(stack.popToMark());
      case SETITEM -> setItems(stack.pop(2));
      case SETITEMS -> setItems(stack.popToMark());

      case PUT -> memo.put(textLong(input.line()), stack.peek());
      case BINPUT -> memo.put(input.unsignedByte(), stack.peek());
      case LONG_BINPUT -> memo.put(input.unsignedInt(), stack.peek());
      case MEMOIZE -> memo.append(stack.peek());
      case GET -> stack.push(memo.get(textLong(input.line())));
      case BINGET -> stack.push(memo.get(input.unsignedByte()));
      case LONG_BINGET -> stack.push(memo.get(input.unsignedInt()));

      case GLOBAL -> stack.push(globals.find(input.line(), input.line()));
      case STACK_GLOBAL -> pushGlobal(stack.pop(2));
      case REDUCE, NEWOBJ -> construct(stack.pop(2));
      case BUILD -> build(stack.pop());
      case PERSID -> stack.push(loader.load(input.line()));
      case BINPERSID -> stack.push(loader.load(stack.pop()));
    }
  }

  private void append(List<Object> items) {
    castedList(stack.peek()).addAll(items);
  }

  private void pushDictionary(List<Object> items) {
    stack.push(new LinkedHashMap<>());
    setItems(items);
  }

  /** Adds keys and values, which alternate in {@code items}, to the dictionary on the stack. */
  private void setItems(List<Object> items) {
    Map<Object, Object> target = castedMap(stack.peek());
    if (items.size() % 2 != 0) {
      throw new IllegalArgumentException("a dictionary key without a value");
    }
    for (int i = 0; i < items.size(); i += 2) {
      Object key = items.get(i);
      // Hashing a container would follow it, in circles where it contains itself.
      if (!(key instanceof String || key instanceof Number || key instanceof Boolean)) {
        throw new IllegalArgumentException(
            "a dictionary key must be text, a number or a boolean, found " + Kind.of(key));
      }
      if (target.containsKey(key)) {
        throw new IllegalArgumentException("the key '%s' is in a dictionary twice".formatted(key));
      }
      target.put(key, items.get(i + 1));
    }
  }

  private void pushGlobal(List<Object> moduleAndName) {
    if (moduleAndName.get(0) instanceof String module
        && moduleAndName.get(1) instanceof String name) {
      stack.push(globals.find(module, name));
    } else {
      throw new IllegalArgumentException("a module and a name must be text");
    }
  }

  private void construct(List<Object> callableAndArguments) {
    if (callableAndArguments.get(0) instanceof Global global
        && callableAndArguments.get(1) instanceof Tuple arguments) {
      // What a call makes may be as large as what it is given, however often that is shared.
      for (Object argument : arguments.items()) {
        steps +=
            switch (argument) {
              case List<?> list -> list.size();
              case String text -> text.length() / BYTES_OF_ANOTHER_STEP;
              case null, default -> 0;
            };
      }
      stack.push(global.constructor().construct(arguments.items()));
    } else {
      throw new IllegalArgumentException(
          "a call needs a name of the list and a tuple, found %s and %s"
              .formatted(
                  Kind.of(callableAndArguments.get(0)), Kind.of(callableAndArguments.get(1))));
    }
  }

  /** Sets attributes: kept for an object, dropped for a dictionary (its {@code _metadata}). */
  private void build(Object attributes) {
    Object target = stack.peek();
    if (target instanceof PickledObject && attributes instanceof Tuple) {
      return; // the state of NumPy's types, which says nothing that is needed
    }
    if (!(attributes instanceof Map<?, ?> map)) {
      throw new IllegalArgumentException(
          "attributes must be a dictionary, found " + Kind.of(attributes));
    }
    if (target instanceof PickledObject object) {
      object.setState(map);
    } else if (!(target instanceof Map<?, ?>)) {
      throw new IllegalArgumentException("attributes cannot be set on " + Kind.of(target));
    }
  }

  private static void checkProtocol(int protocol) {
    if (protocol > NEWEST_PROTOCOL) {
      throw new IllegalArgumentException(
          "the protocol must be at most %d, found %d".formatted(NEWEST_PROTOCOL, protocol));
    }
  }

  /** Protocols below 2 write booleans as the integers 00 and 01. */
  private static Object textInteger(String line) {
    return switch (line) {
      case "00" -> false;
      case "01" -> true;
      default -> textLong(line);
    };
  }

  private static long textLong(String line) {
    String digits = line.endsWith("L") ? line.substring(0, line.length() - 1) : line;
    try {
      return Long.parseLong(digits);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("an integer of at most 8 bytes is needed", e);
    }
  }

  private static double textDouble(String line) {
    try {
      return switch (line) {
        case "inf" -> Double.POSITIVE_INFINITY;
        case "-inf" -> Double.NEGATIVE_INFINITY;
        case "nan" -> Double.NaN;
        default -> Double.parseDouble(line);
      };
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("a number is needed", e);
    }
  }

  /** Text of Python 2, which has bytes; checkpoints keep to ASCII there. */
  private static String latin1(byte[] text) {
    return new String(text, StandardCharsets.ISO_8859_1);
  }

  @SuppressWarnings("unchecked") // lists on the stack are made here and hold objects
  private static List<Object> castedList(Object value) {
    if (value instanceof ArrayList<?> list) {
      return (List<Object>) list;
    }
    throw new IllegalArgumentException("items can be added to a list, found " + Kind.of(value));
  }

  @SuppressWarnings("unchecked") // dictionaries on the stack are made here and hold objects
  private static Map<Object, Object> castedMap(Object value) {
    if (value instanceof LinkedHashMap<?, ?> map) {
      return (Map<Object, Object>) map;
    }
    throw new IllegalArgumentException("items can be set in a dictionary, found " + Kind.of(value));
  }
}
