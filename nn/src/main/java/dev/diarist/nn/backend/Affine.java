package dev.diarist.nn.backend;

import dev.diarist.nn.graph.Node;
import dev.diarist.nn.graph.Op;
import dev.diarist.nn.weights.Weights;
import java.util.Arrays;

/**
 * What a batch norm does to a channel: scale · x + shift, in double.
 *
 * @param scale (C)
 * @param shift (C)
 */
public record Affine(double[] scale, double[] shift) {

  /**
   * scale = weight / √(running_var + epsilon), shift = bias − running_mean · scale.
   *
   * @param norm a batch norm; null stands for none, which leaves x as it is
   */
  public static Affine of(Node norm, int channels, Weights weights) {
    double[] scale = new double[channels];
    double[] shift = new double[channels];
    if (norm == null) {
      Arrays.fill(scale, 1);
      return new Affine(scale, shift);
    }
    double epsilon = ((Op.BatchNorm) norm.op()).epsilon();
    float[] weight = weights.floats(norm.name() + ".weight");
    float[] bias = weights.floats(norm.name() + ".bias");
    float[] mean = weights.floats(norm.name() + ".running_mean");
    float[] variance = weights.floats(norm.name() + ".running_var");
    for (int c = 0; c < channels; c++) {
      scale[c] = weight[c] / Math.sqrt(variance[c] + epsilon);
      shift[c] = bias[c] - mean[c] * scale[c];
    }
    return new Affine(scale, shift);
  }
}
