package dev.diarist.weights;

import dev.diarist.nn.weights.WeightsException;
import java.util.List;

/**
 * The tensors of PyanNet; the number of LSTM layers, directions and linear layers, and every width,
 * are the checkpoint's own.
 *
 * <p>Source: pyannote/audio/models/segmentation/PyanNet.py and models/blocks/sincnet.py.
 */
final class PyanNetInventory {
  static final String LANDMARK = "sincnet.conv1d.0.filterbank.low_hz_";

  /** Gates of an LSTM cell, stacked in the rows of its weights. */
  private static final int GATES = 4;

  private static final List<String> LSTM_KINDS =
      List.of("weight_ih", "weight_hh", "bias_ih", "bias_hh");

  private final Inventory inventory;

  PyanNetInventory(Inventory inventory) {
    this.inventory = inventory;
  }

  void expectAll() throws WeightsException {
    long features = expectSincNet();
    features = expectLstm(features);
    features = expectLinear(features);
    long classes = inventory.size("classifier.weight", 2, 0);
    inventory.expect("classifier.weight", classes, features);
    inventory.expect("classifier.bias", classes);
  }

  private long expectSincNet() throws WeightsException {
    String filterbank = "sincnet.conv1d.0.filterbank.";
    long filters = inventory.size(LANDMARK, 2, 0);
    long half = inventory.size(filterbank + "window_", 1, 0);
    expectNorm("sincnet.wav_norm1d", 1);
    inventory.expect(LANDMARK, filters, 1);
    inventory.expect(filterbank + "band_hz_", filters, 1);
    inventory.expect(filterbank + "window_", half);
    inventory.expect(filterbank + "n_", 1, half);
    long channels = 2 * filters; // a cosine and a sine filter each
    expectNorm("sincnet.norm1d.0", channels);
    for (int i = 1; i <= 2; i++) {
      channels = expectConvolution("sincnet.conv1d." + i, channels);
      expectNorm("sincnet.norm1d." + i, channels);
    }
    return channels;
  }

  private long expectConvolution(String name, long in) throws WeightsException {
    long out = inventory.size(name + ".weight", 3, 0);
    inventory.expect(name + ".weight", out, in, inventory.size(name + ".weight", 3, 2));
    inventory.expect(name + ".bias", out);
    return out;
  }

  private void expectNorm(String name, long channels) {
    inventory.expect(name + ".weight", channels);
    inventory.expect(name + ".bias", channels);
  }

  private long expectLstm(long in) throws WeightsException {
    long hidden = inventory.size("lstm.weight_hh_l0", 2, 1);
    boolean bidirectional = inventory.containsEnding("lstm.", "_reverse");
    int layers = 1;
    for (String kind : LSTM_KINDS) {
      layers = Math.max(layers, inventory.count("lstm." + kind + "_l"));
    }
    long features = in;
    for (int layer = 0; layer < layers; layer++) {
      expectLstmLayer("_l" + layer, features, hidden);
      if (bidirectional) {
        expectLstmLayer("_l" + layer + "_reverse", features, hidden);
      }
      features = bidirectional ? 2 * hidden : hidden;
    }
    return features;
  }

  private void expectLstmLayer(String suffix, long in, long hidden) {
    inventory.expect("lstm.weight_ih" + suffix, GATES * hidden, in);
    inventory.expect("lstm.weight_hh" + suffix, GATES * hidden, hidden);
    inventory.expect("lstm.bias_ih" + suffix, GATES * hidden);
    inventory.expect("lstm.bias_hh" + suffix, GATES * hidden);
  }

  private long expectLinear(long in) throws WeightsException {
    int layers = inventory.count("linear.");
    long features = in;
    for (int layer = 0; layer < layers; layer++) {
      String name = "linear." + layer;
      long out = inventory.size(name + ".weight", 2, 0);
      inventory.expect(name + ".weight", out, features);
      inventory.expect(name + ".bias", out);
      features = out;
    }
    return features;
  }
}
