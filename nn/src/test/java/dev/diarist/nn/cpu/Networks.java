package dev.diarist.nn.cpu;

import dev.diarist.nn.backend.RandomWeights;
import dev.diarist.nn.graph.Graph;
import dev.diarist.nn.graph.Op;
import dev.diarist.nn.model.Powerset;
import dev.diarist.nn.model.PyanNet;
import dev.diarist.nn.model.WeSpeakerResNet34;
import dev.diarist.nn.weights.Weights;
import java.util.List;
import java.util.Random;

/** Small networks with seeded random weights. */
final class Networks {
  private Networks() {}

  static Weights weights(Graph graph, int seed) {
    return RandomWeights.of(graph, seed);
  }

  static float[] noise(int size, int seed) {
    Random random = new Random(seed);
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  /** Masks of noughts and ones, the first one of every example empty. */
  static float[] masks(int batch, int count, int frames, int seed) {
    Random random = new Random(seed);
    float[] masks = new float[batch * count * frames];
    for (int i = 0; i < masks.length; i++) {
      masks[i] = i / frames % count > 0 && random.nextInt(3) > 0 ? 1 : 0;
    }
    return masks;
  }

  static Graph segmentation(int samples, int filters, int hidden, boolean bidirectional) {
    return new PyanNet(
            16000,
            10,
            filters,
            251,
            10,
            List.of(new Op.Conv1d(13, 5, 1), new Op.Conv1d(9, 3, 2)),
            List.of(new Op.Lstm(hidden, 2, bidirectional)),
            List.of(11, 5),
            new Powerset(3, 2),
            PyanNet.WarmUp.NONE)
        .graph(samples);
  }

  static Graph embedding(int mels, int channels, int frames, int masks, int maskFrames) {
    return new WeSpeakerResNet34(16000, mels, channels, List.of(1, 2, 1), 24)
        .graph(frames, masks, maskFrames);
  }

  static Graph bottleneckEmbedding(int mels, int channels, int frames, int masks, int maskFrames) {
    return new WeSpeakerResNet34(16000, mels, channels, List.of(1, 2, 1), true, 24)
        .graph(frames, masks, maskFrames);
  }
}
