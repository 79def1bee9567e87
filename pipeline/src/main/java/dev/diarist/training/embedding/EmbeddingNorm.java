package dev.diarist.training.embedding;

import dev.diarist.nn.model.WeSpeakerResNet34;

/**
 * The batch norm behind an embedding as it is in use, y = (x − mean)/√(variance + ε) · weight +
 * bias, all (D).
 */
record EmbeddingNorm(float[] mean, float[] variance, float[] weight, float[] bias) {

  /**
   * Makes of the linear layer before the norm one that gives what the norm gave.
   *
   * @param layer (D, I), modified
   * @param shift (D), modified
   */
  void join(float[] layer, float[] shift) {
    int inputs = layer.length / shift.length;
    for (int d = 0; d < shift.length; d++) {
      double scale = weight[d] / Math.sqrt(variance[d] + WeSpeakerResNet34.EPSILON);
      shift[d] = (float) ((shift[d] - mean[d]) * scale + bias[d]);
      for (int i = 0; i < inputs; i++) {
        layer[d * inputs + i] *= (float) scale;
      }
    }
  }
}
