package dev.diarist.weights.torch;

import dev.diarist.nn.weights.WeightsException;
import dev.diarist.weights.pickle.Kind;
import java.nio.file.Path;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Finds the tensors of a checkpoint: those of {@code state_dict} where there is one, as Lightning
 * writes it; otherwise every tensor in the dictionaries of the file, by its dotted path.
 */
final class StateDict {
  static final String KEY = "state_dict";
  private static final int MAX_DEPTH = 8;
  private static final int MAX_PATH_CHARACTERS = 1_000;

  private final Path file;
  private final Map<String, TorchTensor> tensors = new LinkedHashMap<>();

  /** Dictionaries met, by identity: they may contain themselves. */
  private final Set<Object> visited = Collections.newSetFromMap(new IdentityHashMap<>());

  private StateDict(Path file) {
    this.file = file;
  }

  static Map<String, TorchTensor> tensors(Path file, Object root) throws WeightsException {
    if (!(root instanceof Map<?, ?> dictionary)) {
      throw new WeightsException(
          "%s: a checkpoint must be a dictionary, found %s".formatted(file, Kind.of(root)));
    }
    StateDict found = new StateDict(file);
    if (dictionary.containsKey(KEY)) {
      found.addAll(dictionary.get(KEY));
    } else {
      found.search("", dictionary, 0);
    }
    if (found.tensors.isEmpty()) {
      throw new WeightsException(file + ": the checkpoint holds no tensors");
    }
    return found.tensors;
  }

  private void addAll(Object stateDict) throws WeightsException {
    if (!(stateDict instanceof Map<?, ?> dictionary)) {
      throw new WeightsException(
          "%s: %s must be a dictionary, found %s".formatted(file, KEY, Kind.of(stateDict)));
    }
    for (Map.Entry<?, ?> entry : dictionary.entrySet()) {
      if (!(entry.getKey() instanceof String name
          && entry.getValue() instanceof TorchTensor tensor)) {
        throw new WeightsException(
            "%s: %s must hold tensors by name, '%s' is %s"
                .formatted(file, KEY, entry.getKey(), Kind.of(entry.getValue())));
      }
      tensors.put(name, tensor);
    }
  }

  private void search(String prefix, Map<?, ?> dictionary, int depth) throws WeightsException {
    if (depth > MAX_DEPTH || !visited.add(dictionary)) {
      return;
    }
    for (Map.Entry<?, ?> entry : dictionary.entrySet()) {
      String path = prefix + entry.getKey();
      if (path.length() > MAX_PATH_CHARACTERS) {
        throw new WeightsException(
            "%s: the path of a tensor must have at most %d characters, found %d"
                .formatted(file, MAX_PATH_CHARACTERS, path.length()));
      }
      if (entry.getValue() instanceof TorchTensor tensor) {
        if (tensors.put(path, tensor) != null) {
          throw new WeightsException("%s: two tensors have the path '%s'".formatted(file, path));
        }
      } else if (entry.getValue() instanceof Map<?, ?> inner) {
        search(path + ".", inner, depth + 1);
      }
    }
  }
}
