package dev.diarist.weights.torch;

import dev.diarist.nn.weights.DType;
import dev.diarist.weights.pickle.Constructor;
import dev.diarist.weights.pickle.Global;
import dev.diarist.weights.pickle.Globals;
import dev.diarist.weights.pickle.Kind;
import dev.diarist.weights.pickle.PickledObject;
import dev.diarist.weights.pickle.Tuple;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The Python names that a checkpoint of the pipeline may use, and what stands in for each. */
final class TorchGlobals {
  static final String SPECIFICATIONS = "pyannote.audio.core.task.Specifications";
  static final String PROBLEM = "pyannote.audio.core.task.Problem";
  static final String RESOLUTION = "pyannote.audio.core.task.Resolution";
  static final String INTROSPECTION = "pyannote.audio.core.model.Introspection";

  private static final Map<String, DType> STORAGE_TYPES =
      Map.of(
          "torch.BoolStorage", DType.BOOL,
          "torch.ByteStorage", DType.U8,
          "torch.CharStorage", DType.I8,
          "torch.ShortStorage", DType.I16,
          "torch.IntStorage", DType.I32,
          "torch.LongStorage", DType.I64,
          "torch.HalfStorage", DType.F16,
          "torch.BFloat16Storage", DType.BF16,
          "torch.FloatStorage", DType.F32,
          "torch.DoubleStorage", DType.F64);

  static final Globals ALLOWED = new Globals(allowed());

  private TorchGlobals() {}

  private static Map<String, Constructor> allowed() {
    Map<String, Constructor> allowed = new HashMap<>();
    allowed.put("collections.OrderedDict", TorchGlobals::dictionary);
    allowed.put("torch.Size", arguments -> argument(arguments, 0, Tuple.class));
    allowed.put("torch.torch_version.TorchVersion", TorchGlobals::text);
    allowed.put("torch._utils._rebuild_tensor_v2", TorchGlobals::tensor);
    allowed.put(
        "torch._utils._rebuild_parameter", arguments -> argument(arguments, 0, TorchTensor.class));
    for (String storage : STORAGE_TYPES.keySet()) {
      allowed.put(storage, arguments -> refuseCall(storage));
    }
    for (String type : List.of(SPECIFICATIONS, PROBLEM, RESOLUTION, INTROSPECTION)) {
      allowed.put(type, arguments -> new PickledObject(type, arguments));
    }
    return allowed;
  }

  /** A storage from its persistent id {@code ('storage', type, key, location, elements)}. */
  static TorchStorage storage(Object id) {
    if (id instanceof Tuple tuple
        && tuple.size() == 5
        && "storage".equals(tuple.get(0))
        && tuple.get(1) instanceof Global type
        && STORAGE_TYPES.containsKey(type.name())
        && tuple.get(2) instanceof String key
        && tuple.get(4) instanceof Long elements) {
      return new TorchStorage(STORAGE_TYPES.get(type.name()), key, elements);
    }
    throw new IllegalArgumentException(
        "a storage must be ('storage', type, key, location, elements), found another "
            + Kind.of(id));
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
        dictionary.put(both.get(0), both.get(1));
      }
    }
    return dictionary;
  }

  private static String text(List<Object> arguments) {
    return argument(arguments, 0, String.class);
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
