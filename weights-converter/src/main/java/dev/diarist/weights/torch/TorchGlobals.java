package dev.diarist.weights.torch;

import dev.diarist.nn.weights.DType;
import dev.diarist.nn.weights.WeightsException;
import dev.diarist.weights.pickle.Constructor;
import dev.diarist.weights.pickle.Global;
import dev.diarist.weights.pickle.Globals;
import dev.diarist.weights.pickle.Kind;
import dev.diarist.weights.pickle.PickledObject;
import dev.diarist.weights.pickle.PythonValue;
import dev.diarist.weights.pickle.Tuple;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The Python names that a checkpoint of the pipeline may use, and what stands in for each. */
final class TorchGlobals {
  static final String SPECIFICATIONS = "pyannote.audio.core.task.Specifications";
  static final String PROBLEM = "pyannote.audio.core.task.Problem";
  static final String RESOLUTION = "pyannote.audio.core.task.Resolution";
  static final String INTROSPECTION = "pyannote.audio.core.model.Introspection";

  /** The types of numbers by the part of their names that is common to storages and tensors. */
  private static final Map<String, DType> NUMBER_TYPES =
      Map.of(
          "Bool", DType.BOOL,
          "Byte", DType.U8,
          "Char", DType.I8,
          "Short", DType.I16,
          "Int", DType.I32,
          "Long", DType.I64,
          "Half", DType.F16,
          "BFloat16", DType.BF16,
          "Float", DType.F32,
          "Double", DType.F64);

  /** On the processor, and the same on a GPU, where old files name the place in the type. */
  private static final List<String> PLACES = List.of("torch.", "torch.cuda.");

  private static final Map<String, DType> STORAGE_TYPES = storageTypes();

  /** What training leaves beside the weights; nothing reads it, but it must be passed over. */
  private static final List<String> BYSTANDERS =
      List.of(
          SPECIFICATIONS,
          PROBLEM,
          RESOLUTION,
          INTROSPECTION,
          "numpy.core.multiarray.scalar",
          "numpy._core.multiarray.scalar",
          "numpy.dtype",
          "torch.device");

  static final Globals ALLOWED = new Globals(allowed());

  private TorchGlobals() {}

  private static Map<String, DType> storageTypes() {
    Map<String, DType> types = new HashMap<>();
    for (String place : PLACES) {
      NUMBER_TYPES.forEach((name, type) -> types.put(place + name + "Storage", type));
    }
    return types;
  }

  private static Map<String, Constructor> allowed() {
    Map<String, Constructor> allowed = new HashMap<>();
    allowed.put("collections.OrderedDict", TorchGlobals::dictionary);
    allowed.put("torch.Size", arguments -> argument(arguments, 0, Tuple.class));
    allowed.put("torch.torch_version.TorchVersion", TorchGlobals::text);
    allowed.put("_codecs.encode", TorchGlobals::encoded);
    allowed.put("torch._utils._rebuild_tensor", TorchGlobals::tensor);
    allowed.put("torch._utils._rebuild_tensor_v2", TorchGlobals::tensor);
    allowed.put(
        "torch._utils._rebuild_parameter", arguments -> argument(arguments, 0, TorchTensor.class));
    allowed.put("pathlib.PosixPath", TorchGlobals::path);
    allowed.put("pathlib.WindowsPath", TorchGlobals::path);
    for (String storage : STORAGE_TYPES.keySet()) {
      allowed.put(storage, arguments -> refuseCall(storage));
      String tensor = storage.replace("Storage", "Tensor");
      allowed.put(tensor, arguments -> refuseCall(tensor));
    }
    for (String type : BYSTANDERS) {
      allowed.put(type, arguments -> new PickledObject(type, arguments));
    }
    return allowed;
  }

  /**
   * A storage from its persistent id {@code ('storage', type, key, location, elements)}, to which
   * old files add a view into it, {@code (key, offset, elements)} or None.
   */
  static TorchStorage storage(Object id) {
    if (id instanceof Tuple tuple
        && (tuple.size() == 5 || tuple.size() == 6)
        && "storage".equals(tuple.get(0))
        && tuple.get(1) instanceof Global type
        && STORAGE_TYPES.containsKey(type.name())
        && tuple.get(2) instanceof String key
        && tuple.get(4) instanceof Long elements) {
      TorchStorage whole = TorchStorage.whole(STORAGE_TYPES.get(type.name()), key, elements);
      Object view = tuple.size() == 6 ? tuple.get(5) : null;
      return switch (view) {
        case null -> whole;
        case Tuple(List<Object> items) ->
            whole.part(argument(items, 1, Long.class), argument(items, 2, Long.class));
        default -> throw new IllegalArgumentException("a view must be a tuple or None");
      };
    }
    throw new IllegalArgumentException(
        "a storage must be ('storage', type, key, location, elements), found another "
            + Kind.of(id));
  }

  /**
   * @throws WeightsException if the name is not that of a storage
   */
  static DType type(Global storage, String file) throws WeightsException {
    DType type = STORAGE_TYPES.get(storage.name());
    if (type == null) {
      throw new WeightsException(file + ": " + storage.name() + " is no type of storages");
    }
    return type;
  }

  /** The name of the storages of a type on the processor; empty if PyTorch has none. */
  static Optional<PythonValue.Name> storageType(DType type) {
    return NUMBER_TYPES.entrySet().stream()
        .filter(named -> named.getValue() == type)
        .findFirst()
        .map(named -> new PythonValue.Name("torch", named.getKey() + "Storage"));
  }

  /**
   * {@code _rebuild_tensor_v2(storage, offset, size, stride, requires_grad, hooks[, metadata])}.
   */
  private static TorchTensor tensor(List<Object> arguments) {
    return new TorchTensor(
        argument(arguments, 0, TorchStorage.class),
        argument(arguments, 1, Long.class),
        integers(argument(arguments, 2, Tuple.class)),
        integers(argument(arguments, 3, Tuple.class)));
  }

  /** {@code OrderedDict()} or, from Python 2, {@code OrderedDict([[key, value], …])}. */
  private static Map<Object, Object> dictionary(List<Object> arguments) {
    Map<Object, Object> dictionary = new LinkedHashMap<>();
    if (!arguments.isEmpty()) {
      for (Object pair : argument(arguments, 0, List.class)) {
        if (!(pair instanceof List<?> both && both.size() == 2 && both.get(0) instanceof String)) {
          throw new IllegalArgumentException("an ordered dictionary is made from pairs");
        }
        if (dictionary.containsKey(both.get(0))) {
          throw new IllegalArgumentException(
              "the key '%s' is in a dictionary twice".formatted(both.get(0)));
        }
        dictionary.put(both.get(0), both.get(1));
      }
    }
    return dictionary;
  }

  private static String text(List<Object> arguments) {
    return argument(arguments, 0, String.class);
  }

  /** Bytes, as pickles of protocol 2 write them: {@code encode(text, 'latin1')}. */
  private static byte[] encoded(List<Object> arguments) {
    if (!"latin1".equals(argument(arguments, 1, String.class))) {
      throw new IllegalArgumentException("bytes must be written as latin1");
    }
    return argument(arguments, 0, String.class).getBytes(StandardCharsets.ISO_8859_1);
  }

  private static String path(List<Object> arguments) {
    List<String> parts = new ArrayList<>();
    for (int i = 0; i < arguments.size(); i++) {
      parts.add(argument(arguments, i, String.class));
    }
    return String.join("/", parts);
  }

  private static Object refuseCall(String storage) {
    throw new IllegalArgumentException(storage + " names a type of numbers and is never called");
  }

  private static long[] integers(Tuple tuple) {
    long[] integers = new long[tuple.size()];
    for (int i = 0; i < integers.length; i++) {
      integers[i] = argument(tuple.items(), i, Long.class);
    }
    return integers;
  }

  private static <T> T argument(List<Object> arguments, int i, Class<T> type) {
    if (i < arguments.size() && type.isInstance(arguments.get(i))) {
      return type.cast(arguments.get(i));
    }
    String found = i < arguments.size() ? Kind.of(arguments.get(i)) : "nothing";
    throw new IllegalArgumentException(
        "item %d must be a %s, found %s".formatted(i, type.getSimpleName(), found));
  }
}
