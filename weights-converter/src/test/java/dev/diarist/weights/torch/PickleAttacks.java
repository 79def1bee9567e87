package dev.diarist.weights.torch;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.diarist.weights.pickle.PickleWriter;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One pickle for each way that is known to run code, to hide it from scanners, or to exhaust a
 * reader.
 *
 * <p>Source: the detections of picklescan and fickling, and published bypasses of both.
 */
final class PickleAttacks {
  /** Module and name of what was called by a published attack, or by another way to the same. */
  private static final List<String> CALLS =
      List.of(
          "os system",
          "os popen",
          "posix system",
          "nt system",
          "subprocess Popen",
          "sys exit",
          "sys modules",
          "builtins eval",
          "builtins compile",
          "builtins getattr",
          "builtins __import__",
          "builtins open",
          "__builtin__ exec",
          "__builtin__ execfile",
          "commands getoutput",
          "runpy _run_code",
          "pip main",
          "pip._internal main",
          "ensurepip _run_pip",
          "venv create",
          "socket create_connection",
          "requests.api get",
          "httplib HTTPSConnection",
          "urllib.request urlopen",
          "aiohttp.client ClientSession",
          "shutil rmtree",
          "pathlib Path.unlink",
          "io FileIO",
          "_io open",
          "linecache getlines",
          "distutils.file_util write_file",
          "webbrowser open",
          "pty spawn",
          "bdb Bdb",
          "pdb Pdb.run",
          "profile Profile.run",
          "cProfile run",
          "trace Trace.run",
          "timeit timeit",
          "doctest debug_script",
          "pydoc pipepager",
          "code InteractiveInterpreter.runcode",
          "codeop compile_command",
          "operator attrgetter",
          "operator methodcaller",
          "_operator attrgetter",
          "functools partial",
          "itertools starmap",
          "importlib import_module",
          "importlib.machinery SourceFileLoader",
          "pkgutil resolve_name",
          "zipimport zipimporter",
          "types CodeType",
          "types FunctionType",
          "marshal loads",
          "ctypes CDLL",
          "_ctypes dlopen",
          "multiprocessing.util _args_from_interpreter_flags",
          "asyncio.unix_events _UnixSubprocessTransport._start",
          "logging.config listen",
          "ssl get_server_certificate",
          "smtplib SMTP",
          "idlelib.run Executive.runcode",
          "idlelib.pyshell ModifiedInterpreter.runcode",
          "lib2to3.pgen2.grammar Grammar.loads",
          "lib2to3.pgen2.pgen ParserGenerator.make_label",
          "tkinter _tkinter.create",
          "numpy load",
          "numpy.f2py.crackfortran getlincoef",
          "numpy.f2py.crackfortran _eval_length",
          "numpy.testing._private.utils runstring",
          "pandas read_pickle",
          "joblib load",
          "dill loads",
          "cloudpickle loads",
          "pickle loads",
          "_pickle Unpickler",
          "torch load",
          "torch.storage _load_from_bytes",
          "torch.serialization load",
          "torch.hub load",
          "torch.jit.unsupported_tensor_ops execWrapper",
          "torch.utils.bottleneck.__main__ run_cprofile",
          "torch.utils.collect_env run",
          "torch.utils._config_module ConfigModule.load_config",
          "torch.fx.experimental.symbolic_shapes ShapeEnv.evaluate_guards_expression",
          "torch._dynamo.guards GuardBuilder.get",
          "torch._inductor.codecache compile_file",
          "torch.distributed.rpc.internal _run_function",
          "torch.ao.quantization.fx.utils get_qconv_op");

  private PickleAttacks() {}

  static Map<String, byte[]> all() {
    Map<String, byte[]> attacks = new LinkedHashMap<>();
    for (String call : CALLS) {
      String module = call.substring(0, call.indexOf(' '));
      String name = call.substring(call.indexOf(' ') + 1);
      attacks.put(
          "a call of " + module + "." + name, new PickleWriter().call(module, name, "id").end());
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
    attacks.put(
        "a pickle within a pickle", // whose bytes nobody looks into, but pickle.loads
        new PickleWriter().raw("B", 3, 0, 0, 0, "K", 7, ".").call("pickle", "loads", "x").end());
    attacks.put("text of protocol 0", "cos\nsystem\n(S'id'\ntR.".getBytes(UTF_8));
    attacks.put(
        "a module with a carriage return", "cos\r\nsystem\r\n(X\2\0\0\0idtR.".getBytes(UTF_8));
    attacks.put("a module in other letters", "c\uff4f\uff53\nsystem\n)R.".getBytes(UTF_8));
    attacks.put("a name without a line end", "cos\nsystem".getBytes(UTF_8));
    attacks.put("a persistent id as text", "Pstorage\n.".getBytes(UTF_8));
    attacks.put(
        "a call within a persistent id",
        new PickleWriter().call("os", "system", "id").raw("Q").end());
    attacks.put(
        "a call of what a call returned",
        new PickleWriter().call("collections", "OrderedDict").raw(")R").end());
    attacks.put(
        "a storage that is called",
        new PickleWriter().global("torch", "FloatStorage").raw(")R").end());
    attacks.put(
        "a global that is called by BUILD",
        new PickleWriter().global("torch", "FloatStorage").value(Map.of("x", 1L)).raw("b").end());
    attacks.put("a memo of four billion", hex("8002 4e 72 ffffffff 6a fffffffe 2e"));
    attacks.put(
        "a second pickle behind the first", hex("8002 4e 2e 8002 63 6f730a 73797374656d0a 2e"));
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
    for (int i = 0; i < 430_000; i++) {
      writer.raw(0x85);
    }
    return writer.end();
  }

  private static byte[] hex(String digits) {
    return HexFormat.of().parseHex(digits.replace(" ", ""));
  }
}
