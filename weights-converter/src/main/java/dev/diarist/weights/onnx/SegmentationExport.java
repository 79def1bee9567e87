package dev.diarist.weights.onnx;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.diarist.nn.weights.Tensor;
import dev.diarist.weights.archive.AllocationBudget;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The weights of an exported PyanNet. SincNet's keep their names; those of the LSTM and the linear
 * layers, which the exporter transposes and joins, are found by the graph's order.
 */
final class SegmentationExport {
  private static final Set<String> LSTMS = Set.of("LSTM", "DynamicQuantizeLSTM");
  private static final String SINCNET = "sincnet.";
  private static final String FILTERBANK = "sincnet.conv1d.0.filterbank.";
  private static final String QUANTISED = "_quantized";
  private static final int DEFAULT_SAMPLE_RATE = 16000;
  private static final long DEFAULT_STRIDE = 10;

  /** ONNX has the gates in the order i, o, f, c, PyTorch in the order i, f, c, o. */
  private static final int[] GATES = {0, 2, 3, 1};

  private final OnnxModel model;
  private final FloatGraph graph;
  private final Map<String, Tensor> tensors = new LinkedHashMap<>();

  private SegmentationExport(OnnxModel model, AllocationBudget budget) {
    this.model = model;
    graph = new FloatGraph(model, budget);
  }

  /** Whether the graph has an LSTM. */
  static boolean is(OnnxModel model) {
    return model.nodes().stream().anyMatch(node -> LSTMS.contains(node.op()));
  }

  /**
   * @throws IllegalArgumentException if the graph is not that of a PyanNet
   */
  static Map<String, Tensor> tensors(OnnxModel model, AllocationBudget budget) {
    SegmentationExport export = new SegmentationExport(model, budget);
    export.addSincNet();
    export.addAngles();
    int afterLstms = export.addLstms();
    export.addLinears(afterLstms);
    return export.tensors;
  }

  private void addSincNet() {
    for (String name : model.constants().keySet()) {
      int at = name.indexOf(SINCNET);
      boolean isModule = at == 0 || at > 0 && name.charAt(at - 1) == '.';
      if (isModule && name.endsWith(".weight" + QUANTISED)) {
        String whole = name.substring(at, name.length() - QUANTISED.length());
        tensors.put(whole, graph.constant(name, 0));
      } else if (isModule && !name.matches(".*_(quantized|scale|zero_point)")) {
        tensors.put(name.substring(at), model.constants().get(name));
      }
    }
  }

  /**
   * Where the angles of the filters were quantised, their halves, which are divided by, were not.
   */
  private void addAngles() {
    for (OnnxNode node : model.nodes()) {
      boolean divides =
          node.op().equals("Div") && node.hasInput(1) && graph.isConstant(node.input(1));
      if (divides && !tensors.containsKey(FILTERBANK + "n_")) {
        Tensor halves = graph.constant(node.input(1), 0);
        float[] values = halves.toFloats();
        for (int i = 0; i < values.length; i++) {
          values[i] *= 2;
        }
        tensors.put(FILTERBANK + "n_", Tensor.of(values, halves.shape()));
      }
    }
  }

  /** Returns the place behind the last LSTM. */
  private int addLstms() {
    int layer = 0;
    int after = 0;
    for (int i = 0; i < model.nodes().size(); i++) {
      OnnxNode node = model.nodes().get(i);
      if (LSTMS.contains(node.op())) {
        addLstm(node, layer++);
        after = i + 1;
      }
    }
    return after;
  }

  private void addLstm(OnnxNode node, int layer) {
    boolean columns = node.op().equals("DynamicQuantizeLSTM"); // (directions, In, 4·H)
    Tensor inputs = weights(node, 1, columns);
    Tensor hidden = weights(node, 2, columns);
    Tensor biases = graph.constant(node.input(3), 0); // (directions, 8·H)
    int directions = Math.toIntExact(inputs.shape()[0]);
    int h = Math.toIntExact(hidden.shape()[columns ? 1 : 2]);
    int in = Math.toIntExact(inputs.shape()[columns ? 1 : 2]);
    boolean fits =
        directions >= 1
            && directions <= 2
            && inputs.elements() == (long) directions * 4 * h * in
            && hidden.elements() == (long) directions * 4 * h * h
            && biases.elements() == (long) directions * 8 * h
            && !"reverse".equals(node.texts().get("direction"));
    if (!fits) {
      throw new IllegalArgumentException(node + " has weights of shapes that do not match");
    }
    graph.spend(inputs.bytes().byteSize() + hidden.bytes().byteSize());
    for (int direction = 0; direction < directions; direction++) {
      String suffix = "l" + layer + (direction == 0 ? "" : "_reverse");
      put("weight_ih_" + suffix, inputs.toFloats(), direction * 4 * h * in, h, in, columns);
      put("weight_hh_" + suffix, hidden.toFloats(), direction * 4 * h * h, h, h, columns);
      float[] both = biases.toFloats();
      tensors.put("lstm.bias_ih_" + suffix, bias(both, direction * 8 * h, h));
      tensors.put("lstm.bias_hh_" + suffix, bias(both, direction * 8 * h + 4 * h, h));
    }
  }

  private Tensor weights(OnnxNode node, int input, boolean columns) {
    String name = node.input(input);
    Tensor weights;
    if (columns && !name.endsWith(QUANTISED)) { // the scale and zero point are inputs of the node
      throw new IllegalArgumentException(node + " must read weights that are named as quantised");
    }
    weights = graph.constant(name, 0);
    if (weights.shape().length != 3) {
      throw new IllegalArgumentException(node + " must read weights of 3 dimensions");
    }
    return weights;
  }

  /** Brings the gates of one direction to PyTorch's order: (4·H, In). */
  private void put(String name, float[] all, int begin, int h, int in, boolean columns) {
    float[] ordered = new float[4 * h * in];
    for (int gate = 0; gate < 4; gate++) {
      for (int row = 0; row < h; row++) {
        int from = GATES[gate] * h + row;
        int to = gate * h + row;
        for (int i = 0; i < in; i++) {
          ordered[to * in + i] = all[begin + (columns ? i * 4 * h + from : from * in + i)];
        }
      }
    }
    tensors.put("lstm." + name, Tensor.of(ordered, 4L * h, in));
  }

  private static Tensor bias(float[] all, int begin, int h) {
    float[] ordered = new float[4 * h];
    for (int gate = 0; gate < 4; gate++) {
      System.arraycopy(all, begin + GATES[gate] * h, ordered, gate * h, h);
    }
    return Tensor.of(ordered, 4L * h);
  }

  private void addLinears(int from) {
    List<LinearLayer> layers = new ArrayList<>();
    for (OnnxNode node : model.nodes().subList(from, model.nodes().size())) {
      if (LinearLayer.is(node, graph)) {
        layers.add(LinearLayer.of(node, graph));
      }
    }
    for (int i = 0; i < layers.size(); i++) {
      String name = i == layers.size() - 1 ? "classifier" : "linear." + i;
      tensors.put(name + ".weight", layers.get(i).weight());
      tensors.put(name + ".bias", layers.get(i).bias());
    }
  }

  /** What the exporter's metadata and the graph say beyond the weights. */
  static Map<String, String> metadata(OnnxModel model) {
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put("architecture", "PyanNet");
    long sampleRate = integer(model, "sample_rate", DEFAULT_SAMPLE_RATE);
    ObjectNode parameters = JsonNodeFactory.instance.objectNode();
    parameters.put("sample_rate", sampleRate);
    ObjectNode sincNet = parameters.putObject("sincnet");
    sincNet.put("stride", sincStride(model)).put("sample_rate", sampleRate);
    metadata.put("hyper_parameters", parameters.toString());
    long speakers = integer(model, "num_speakers", 0);
    long simultaneous = integer(model, "powerset_max_classes", 0);
    long window = integer(model, "window_size", 0);
    if (speakers > 0 && speakers <= 8 && simultaneous > 0 && window > 0 && sampleRate > 0) {
      ObjectNode specifications = JsonNodeFactory.instance.objectNode();
      specifications.put("problem", "MONO_LABEL_CLASSIFICATION").put("resolution", "FRAME");
      specifications.put("duration", (double) window / sampleRate).putNull("min_duration");
      specifications.putArray("warm_up").add(0.0).add(0.0);
      ArrayNode classes = specifications.putArray("classes");
      for (int speaker = 1; speaker <= speakers; speaker++) {
        classes.add("speaker#" + speaker);
      }
      specifications.put("powerset_max_classes", simultaneous);
      specifications.put("permutation_invariant", true);
      metadata.put("specifications", specifications.toString());
    }
    return metadata;
  }

  /** The stride of the convolution whose filters the graph computes. */
  private static long sincStride(OnnxModel model) {
    return model.nodes().stream()
        .filter(node -> node.op().equals("Conv") && node.hasInput(1))
        .filter(node -> !model.constants().containsKey(node.input(1)))
        .findFirst()
        .map(node -> node.integer("strides", 1))
        .orElse(DEFAULT_STRIDE);
  }

  private static long integer(OnnxModel model, String key, long otherwise) {
    String text = model.metadata().getOrDefault(key, "");
    return text.matches("[0-9]{1,9}") ? Long.parseLong(text) : otherwise;
  }
}
