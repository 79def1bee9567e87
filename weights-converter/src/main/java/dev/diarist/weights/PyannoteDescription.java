package dev.diarist.weights;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.diarist.nn.graph.Op;
import dev.diarist.nn.model.PyanNet;
import dev.diarist.nn.model.WeSpeakerResNet34;
import dev.diarist.nn.weights.Weights;
import dev.diarist.nn.weights.WeightsException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What pyannote.audio 3.x must be told of a network beside its tensors: hyper-parameters, from
 * which it makes the layers, and specifications. Sizes come from the tensors, the rest from what
 * the source says or, where it says nothing, from pyannote's own models.
 *
 * <p>Source: pyannote.audio 3.3.2, models/segmentation/PyanNet.py, models/embedding/wespeaker.
 *
 * @param weights with the metadata {@code architecture}, {@code hyper_parameters} and {@code
 *     specifications}
 * @param warnings a sentence for each size for which pyannote has no network
 */
record PyannoteDescription(Weights weights, List<String> warnings) {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final int SINC_FILTERS = 80;
  private static final int SINC_KERNEL = 251;
  private static final Op.Conv1d CONVOLUTION = new Op.Conv1d(60, 5, 1);
  private static final int CHANNELS = 32;
  private static final int DIMENSION = 256;
  private static final Set<String> EMBEDDING_CLASSES =
      Set.of("WeSpeakerResNet34", "WeSpeakerResNet152", "WeSpeakerResNet221", "WeSpeakerResNet293");

  /** Chunks that the published embedding model was trained on; nothing depends on it. */
  private static final double EMBEDDING_SECONDS = 5;

  /**
   * @param source what messages call the weights
   * @throws WeightsException if the metadata is no JSON
   */
  static PyannoteDescription of(Architecture architecture, Weights weights, Path source)
      throws IOException {
    Map<String, String> metadata = new LinkedHashMap<>(weights.metadata());
    String name = metadata.computeIfAbsent("architecture", _ -> architecture.nameOf(weights));
    ObjectNode parameters = parameters(weights, source);
    List<String> odd = new ArrayList<>();
    switch (architecture) {
      case PYANNET -> {
        PyanNet network = PyanNet.of(weights);
        describe(network, parameters);
        metadata.computeIfAbsent(
            "specifications", _ -> DiarizersConfig.of(network).specifications());
        findOdd(network, odd);
      }
      case WESPEAKER_RESNET34 -> {
        WeSpeakerResNet34 network = WeSpeakerResNet34.of(weights);
        parameters.put("sample_rate", network.sampleRate()).put("num_channels", 1);
        parameters.put("num_mel_bins", network.melBins());
        metadata.putIfAbsent("specifications", embeddingSpecifications());
        findOdd(network, name, odd);
      }
    }
    metadata.put("hyper_parameters", parameters.toString());
    List<String> warnings =
        odd.stream()
            .map(
                size ->
                    "%s: pyannote.audio itself has no %s with %s, and will not load it"
                        .formatted(source, name, size))
            .toList();
    return new PyannoteDescription(Checkpoint.withMetadata(weights, metadata), warnings);
  }

  private static ObjectNode parameters(Weights weights, Path source) throws WeightsException {
    String text = weights.metadata().getOrDefault("hyper_parameters", "{}");
    try {
      if (JSON.readTree(text) instanceof ObjectNode parameters) {
        return parameters;
      }
    } catch (JsonProcessingException e) {
      throw new WeightsException(
          "%s: hyper_parameters must be JSON: %s".formatted(source, e.getOriginalMessage()), e);
    }
    throw new WeightsException(
        "%s: hyper_parameters must be a JSON object, found %s".formatted(source, text));
  }

  private static void describe(PyanNet network, ObjectNode parameters) {
    parameters.put("sample_rate", network.sampleRate()).put("num_channels", 1);
    group(parameters, "sincnet").put("stride", network.sincStride());
    Op.Lstm lstm = network.lstms().getFirst();
    boolean monolithic = network.lstms().size() == 1;
    group(parameters, "lstm")
        .put("hidden_size", lstm.hidden())
        .put("num_layers", monolithic ? lstm.layers() : network.lstms().size())
        .put("bidirectional", lstm.bidirectional())
        .put("monolithic", monolithic);
    ObjectNode linear = group(parameters, "linear");
    if (!network.linears().isEmpty()) {
      linear.put("hidden_size", network.linears().getFirst());
    }
    linear.put("num_layers", network.linears().size());
  }

  private static ObjectNode group(ObjectNode parameters, String name) {
    JsonNode group = parameters.path(name);
    return group instanceof ObjectNode found ? found : parameters.putObject(name);
  }

  private static String embeddingSpecifications() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("problem", "REPRESENTATION").put("resolution", "CHUNK");
    json.put("duration", EMBEDDING_SECONDS).putNull("min_duration");
    json.putArray("warm_up").add(0.0).add(0.0);
    json.putNull("classes").putNull("powerset_max_classes");
    return json.put("permutation_invariant", false).toString();
  }

  private static void findOdd(PyanNet network, List<String> odd) {
    if (network.sincFilters() != SINC_FILTERS || network.sincKernel() != SINC_KERNEL) {
      odd.add(
          "%d sinc filters of %d samples".formatted(network.sincFilters(), network.sincKernel()));
    }
    for (Op.Conv1d convolution : network.convolutions()) {
      if (!convolution.equals(CONVOLUTION)) {
        odd.add(
            "a convolution of %d channels and kernel %d"
                .formatted(convolution.outChannels(), convolution.kernel()));
      }
    }
    if (network.lstms().stream().distinct().count() > 1) {
      odd.add("LSTM layers of several sizes");
    }
    if (network.linears().stream().distinct().count() > 1) {
      odd.add("linear layers of several sizes " + network.linears());
    }
  }

  private static void findOdd(WeSpeakerResNet34 network, String name, List<String> odd) {
    if (!EMBEDDING_CLASSES.contains(name)) {
      odd.add("blocks " + network.stages());
    }
    if (network.channels() != CHANNELS) {
      odd.add(network.channels() + " channels");
    }
    if (network.dimension() != DIMENSION) {
      odd.add("embeddings of size " + network.dimension());
    }
  }
}
