package dev.diarist.weights;

import dev.diarist.nn.weights.Tensor;
import dev.diarist.nn.weights.Weights;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Brings tensor names to those of pyannote: wrappers put their own name in front ({@code model.} of
 * diarizers, {@code module.} of data-parallel training), wespeaker leaves out {@code resnet.}.
 *
 * @param weights under canonical names
 * @param leftOut tensors that only training needs
 */
record CanonicalNames(Weights weights, List<String> leftOut) {
  private static final String SINCNET = "sincnet.conv1d.0.filterbank.low_hz_";
  private static final String RESNET = "layer1.0.conv1.weight";
  private static final String RESNET_PREFIX = "resnet.";
  private static final String LAYERS = "lstm.";

  /** The classifier over training speakers, which wespeaker stores behind its network. */
  private static final String PROJECTION = "projection.";

  static CanonicalNames of(Weights weights) {
    Optional<String> sincNet = prefix(weights, SINCNET);
    if (sincNet.isPresent()) {
      return withoutLonelyLayer(renamed(weights, sincNet.get(), ""));
    }
    return prefix(weights, RESNET)
        .map(prefix -> renamed(weights, prefix, RESNET_PREFIX))
        .orElse(new CanonicalNames(weights, List.of()));
  }

  /** One LSTM layer that is kept apart, for a stack of them, is a stack of one. */
  private static CanonicalNames withoutLonelyLayer(CanonicalNames named) {
    Set<String> names = named.weights.names();
    boolean isLonely =
        names.stream().anyMatch(name -> name.startsWith(LAYERS + "0."))
            && names.stream()
                .allMatch(name -> !name.startsWith(LAYERS) || name.startsWith(LAYERS + "0."));
    if (!isLonely) {
      return named;
    }
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (String name : names) {
      String renamed =
          name.startsWith(LAYERS) ? LAYERS + name.substring(LAYERS.length() + 2) : name;
      tensors.put(renamed, named.weights.tensor(name));
    }
    return new CanonicalNames(Weights.of(tensors, named.weights.metadata()), named.leftOut);
  }

  /** What stands before {@code landmark} in the one name that ends so. */
  private static Optional<String> prefix(Weights weights, String landmark) {
    List<String> names =
        weights.names().stream()
            .filter(name -> name.equals(landmark) || name.endsWith("." + landmark))
            .toList();
    return names.size() == 1
        ? Optional.of(names.getFirst().substring(0, names.getFirst().length() - landmark.length()))
        : Optional.empty();
  }

  /**
   * Names that do not begin with {@code from} stay, and are left over when the network is checked.
   */
  private static CanonicalNames renamed(Weights weights, String from, String to) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    List<String> leftOut = new ArrayList<>();
    String wrapper = from.endsWith(to) ? from.substring(0, from.length() - to.length()) : from;
    for (String name : weights.names()) {
      if (to.equals(RESNET_PREFIX) && name.startsWith(wrapper + PROJECTION)) {
        leftOut.add(name);
      } else if (name.startsWith(from)) {
        tensors.put(to + name.substring(from.length()), weights.tensor(name));
      } else {
        tensors.put(name, weights.tensor(name));
      }
    }
    return new CanonicalNames(Weights.of(tensors, weights.metadata()), leftOut);
  }
}
