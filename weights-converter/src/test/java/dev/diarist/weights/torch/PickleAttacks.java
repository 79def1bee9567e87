package dev.diarist.weights.torch;

import dev.diarist.weights.pickle.PickleWriter;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One pickle for each way that is known to run code, to hide it from scanners, or to exhaust a
 * reader.
 *
 * <p>Source: the detections of picklescan and fickling, and published bypasses of both.
 */
final class PickleAttacks {
  private PickleAttacks() {}

  static Map<String, byte[]> all() {
    Map<String, byte[]> attacks = new LinkedHashMap<>();
    for (String[] call :
        new String[][] {
          {"os", "system"},
          {"posix", "system"},
          {"nt", "system"},
          {"subprocess", "Popen"},
          {"builtins", "eval"},
          {"__builtin__", "exec"},
          {"builtins", "getattr"},
          {"runpy", "_run_code"},
          {"pip", "main"},
          {"socket", "create_connection"},
          {"shutil", "rmtree"},
          {"webbrowser", "open"},
          {"pty", "spawn"},
          {"bdb", "Bdb"},
          {"operator", "attrgetter"},
          {"functools", "partial"},
          {"importlib", "import_module"},
          {"ctypes", "CDLL"},
          {"numpy.testing._private.utils", "runstring"},
          {"torch", "load"},
          {"torch.storage", "_load_from_bytes"},
          {"torch.hub", "load"},
          {"pickle", "loads"},
          {"asyncio.unix_events", "_UnixSubprocessTransport._start"},
          {"code", "InteractiveInterpreter.runcode"},
        }) {
      attacks.put(
          "a call of " + call[0] + "." + call[1],
          new PickleWriter().call(call[0], call[1], "id").end());
    }
    attacks.put(
        "a name from the stack",
        new PickleWriter().value("os").value("system").raw(0x93, "(").value("id").raw("tR").end());
    attacks.put(
        "a name from the memo",
        new PickleWriter()
            .value("os")
            .raw("q", 0)
            .value("system")
            .raw("q", 1)
            .raw("00h", 0, "h", 1, 0x93, "(")
            .value("id")
            .raw("tR")
            .end());
    attacks.put("INST", hex("286469640a696f730a73797374656d0a2e"));
    attacks.put("OBJ", hex("8002 28 63 6f730a 73797374656d0a 58 02000000 6964 6f 2e"));
    attacks.put("NEWOBJ_EX", hex("8004 8c 02 6f73 8c 06 73797374656d 93 29 7d 92 2e"));
    attacks.put("an extension code", hex("8002 82 01 29 52 2e"));
    attacks.put(
        "a dotted name inside an allowed module",
        new PickleWriter().call("torch._utils", "_rebuild_tensor_v2.__globals__", "os").end());
    attacks.put(
        "attributes of an allowed class",
        new PickleWriter()
            .global("collections", "OrderedDict")
            .value(Map.of("x", 1L))
            .raw("b")
            .end());
    attacks.put(
        "code before a broken end",
        new PickleWriter().call("os", "system", "id").raw("\u0001").end());
    attacks.put(
        "a state for builtins",
        new PickleWriter().call("builtins", "setattr", "a", "b", "c").end());
    attacks.put("bytearrays out of band", hex("8005 96 ffffffffffffff7f 2e"));
    attacks.put("a length beyond the end", hex("8002 58 ffffff7f 2e"));
    attacks.put("a number of a gigabyte", hex("8002 8b ffffff3f 2e"));
    attacks.put("a list in itself", hex("8002 5d 71 00 68 00 61 2e"));
    attacks.put("lists that double", doubling());
    attacks.put("dictionaries made of one list again and again", remade());
    attacks.put("a key twice", hex("8002 7d 28 4b01 4b01 4b01 4b02 75 2e"));
    attacks.put("marks without end", "(".repeat(100_000).getBytes());
    attacks.put("tuples without end", tuples());
    return attacks;
  }

  /** Thirty lists, each holding the one before twice: 2³⁰ values for who walks them. */
  private static byte[] doubling() {
    PickleWriter writer = new PickleWriter().raw("}").value("hyper_parameters").raw("]q", 0);
    for (int i = 1; i < 30; i++) {
      writer.raw("](h", i - 1, "h", i - 1, "eq", i);
    }
    return writer.raw("s").end();
  }

  private static byte[] remade() {
    PickleWriter writer = new PickleWriter().raw("](");
    for (int i = 0; i < 5_000; i++) {
      writer.raw("]").value("k" + i).raw("a").raw("Na");
    }
    writer.raw("eq", 0);
    for (int i = 0; i < 20_000; i++) {
      writer.raw("ccollections\nOrderedDict\nh", 0, 0x85, "R0");
    }
    return writer.end();
  }

  private static byte[] tuples() {
    PickleWriter writer = new PickleWriter().raw(")");
    for (int i = 0; i < 300_000; i++) {
      writer.raw(0x85);
    }
    return writer.end();
  }

  private static byte[] hex(String digits) {
    return HexFormat.of().parseHex(digits.replace(" ", ""));
  }
}
