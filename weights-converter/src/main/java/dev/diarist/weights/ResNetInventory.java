package dev.diarist.weights;

import dev.diarist.nn.weights.WeightsException;

/**
 * The tensors of WeSpeaker's ResNet of basic blocks; the number of blocks in each of the four
 * layers, and every width, are the checkpoint's own. A second embedding layer ({@code seg_2}) is
 * left over: the pipeline's model is made without.
 *
 * <p>Source: pyannote/audio/models/embedding/wespeaker/resnet.py.
 */
final class ResNetInventory {
  static final String LANDMARK = "resnet.conv1.weight";
  private static final int LAYERS = 4;

  private final Inventory inventory;

  ResNetInventory(Inventory inventory) {
    this.inventory = inventory;
  }

  void expectAll() throws WeightsException {
    long channels = inventory.size(LANDMARK, 4, 0);
    inventory.expect(LANDMARK, channels, 1, 3, 3);
    expectBatchNorm("resnet.bn1", channels);
    for (int layer = 1; layer <= LAYERS; layer++) {
      channels = expectLayer("resnet.layer" + layer, channels, layer > 1);
    }
    expectEmbedding(channels);
  }

  private long expectLayer(String layer, long in, boolean strided) throws WeightsException {
    long out = inventory.size(layer + ".0.conv1.weight", 4, 0);
    int blocks = inventory.count(layer + ".");
    for (int block = 0; block < blocks; block++) {
      String name = layer + "." + block;
      long blockIn = block == 0 ? in : out;
      inventory.expect(name + ".conv1.weight", out, blockIn, 3, 3);
      expectBatchNorm(name + ".bn1", out);
      inventory.expect(name + ".conv2.weight", out, out, 3, 3);
      expectBatchNorm(name + ".bn2", out);
      if (block == 0 && (strided || blockIn != out)) {
        inventory.expect(name + ".shortcut.0.weight", out, blockIn, 1, 1);
        expectBatchNorm(name + ".shortcut.1", out);
      }
    }
    return out;
  }

  private void expectBatchNorm(String name, long channels) {
    inventory.expect(name + ".weight", channels);
    inventory.expect(name + ".bias", channels);
    inventory.expect(name + ".running_mean", channels);
    inventory.expect(name + ".running_var", channels);
    inventory.expectCounter(name + ".num_batches_tracked");
  }

  /** The embedding takes mean and deviation of each channel at each remaining frequency. */
  private void expectEmbedding(long channels) throws WeightsException {
    long dimension = inventory.size("resnet.seg_1.weight", 2, 0);
    long statistics = inventory.size("resnet.seg_1.weight", 2, 1);
    long frequencies = Math.max(1, statistics / (2 * channels));
    inventory.expect("resnet.seg_1.weight", dimension, 2 * channels * frequencies);
    inventory.expect("resnet.seg_1.bias", dimension);
  }
}
