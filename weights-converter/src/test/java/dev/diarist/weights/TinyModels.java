package dev.diarist.weights;

import dev.diarist.nn.weights.Tensor;
import dev.diarist.nn.weights.Weights;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** Networks of the smallest sizes, with numbers that differ from place to place. */
final class TinyModels {
  private final Map<String, Tensor> tensors = new LinkedHashMap<>();
  private float next;

  private TinyModels() {}

  /** 2 filters of length 7, channels 4 → 3 → 5, LSTM of width 2, linear layers, 7 classes. */
  static Map<String, Tensor> pyanNet(int lstmLayers, boolean bidirectional, int... linear) {
    TinyModels model = new TinyModels();
    model.add("sincnet.wav_norm1d.weight", 1).add("sincnet.wav_norm1d.bias", 1);
    model.add("sincnet.conv1d.0.filterbank.low_hz_", 2, 1);
    model.add("sincnet.conv1d.0.filterbank.band_hz_", 2, 1);
    model.add("sincnet.conv1d.0.filterbank.window_", 3);
    model.add("sincnet.conv1d.0.filterbank.n_", 1, 3);
    model.add("sincnet.conv1d.1.weight", 3, 4, 5).add("sincnet.conv1d.1.bias", 3);
    model.add("sincnet.conv1d.2.weight", 5, 3, 5).add("sincnet.conv1d.2.bias", 5);
    model.add("sincnet.norm1d.0.weight", 4).add("sincnet.norm1d.0.bias", 4);
    model.add("sincnet.norm1d.1.weight", 3).add("sincnet.norm1d.1.bias", 3);
    model.add("sincnet.norm1d.2.weight", 5).add("sincnet.norm1d.2.bias", 5);
    long features = 5;
    for (int layer = 0; layer < lstmLayers; layer++) {
      for (String direction : bidirectional ? new String[] {"", "_reverse"} : new String[] {""}) {
        model.add("lstm.weight_ih_l" + layer + direction, 8, features);
        model.add("lstm.weight_hh_l" + layer + direction, 8, 2);
        model.add("lstm.bias_ih_l" + layer + direction, 8);
        model.add("lstm.bias_hh_l" + layer + direction, 8);
      }
      features = bidirectional ? 4 : 2;
    }
    for (int layer = 0; layer < linear.length; layer++) {
      model.add("linear." + layer + ".weight", linear[layer], features);
      model.add("linear." + layer + ".bias", linear[layer]);
      features = linear[layer];
    }
    model.add("classifier.weight", 7, features).add("classifier.bias", 7);
    return model.tensors;
  }

  /** Layers of 2, 4, 8 and 16 channels, 2 frequencies at the end, embeddings of size 3. */
  static Map<String, Tensor> resNet(int... blocks) {
    TinyModels model = new TinyModels();
    model.add("resnet.conv1.weight", 2, 1, 3, 3).addNorm("resnet.bn1", 2);
    long in = 2;
    for (int layer = 1; layer <= 4; layer++) {
      long out = 1L << layer;
      for (int block = 0; block < blocks[layer - 1]; block++) {
        String name = "resnet.layer" + layer + "." + block;
        model.add(name + ".conv1.weight", out, in, 3, 3).addNorm(name + ".bn1", out);
        model.add(name + ".conv2.weight", out, out, 3, 3).addNorm(name + ".bn2", out);
        if (layer > 1 && block == 0) {
          model.add(name + ".shortcut.0.weight", out, in, 1, 1).addNorm(name + ".shortcut.1", out);
        }
        in = out;
      }
    }
    model.add("resnet.seg_1.weight", 3, 64).add("resnet.seg_1.bias", 3);
    return model.tensors;
  }

  /** Two layers of bottlenecks in each of which 2, 4, 8 and 16 channels become four times more. */
  static Map<String, Tensor> bottlenecks() {
    TinyModels model = new TinyModels();
    model.add("resnet.conv1.weight", 2, 1, 3, 3).addNorm("resnet.bn1", 2);
    long in = 2;
    for (int layer = 1; layer <= 4; layer++) {
      long inner = 1L << layer;
      for (int block = 0; block < 2; block++) {
        String name = "resnet.layer" + layer + "." + block;
        model.add(name + ".conv1.weight", inner, in, 1, 1).addNorm(name + ".bn1", inner);
        model.add(name + ".conv2.weight", inner, inner, 3, 3).addNorm(name + ".bn2", inner);
        model.add(name + ".conv3.weight", 4 * inner, inner, 1, 1).addNorm(name + ".bn3", 4 * inner);
        if (block == 0) {
          model.add(name + ".shortcut.0.weight", 4 * inner, in, 1, 1);
          model.addNorm(name + ".shortcut.1", 4 * inner);
        }
        in = 4 * inner;
      }
    }
    model.add("resnet.seg_1.weight", 3, 256).add("resnet.seg_1.bias", 3);
    return model.tensors;
  }

  static Weights weights(Map<String, Tensor> tensors) {
    return Weights.of(tensors, Map.of());
  }

  private TinyModels add(String name, long... shape) {
    float[] values = new float[(int) Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
    for (int i = 0; i < values.length; i++) {
      values[i] = next += 0.25f;
    }
    tensors.put(name, Tensor.of(values, shape));
    return this;
  }

  private TinyModels addNorm(String name, long channels) {
    add(name + ".weight", channels).add(name + ".bias", channels);
    add(name + ".running_mean", channels).add(name + ".running_var", channels);
    tensors.put(name + ".num_batches_tracked", Tensor.of(new long[] {5}));
    return this;
  }
}
