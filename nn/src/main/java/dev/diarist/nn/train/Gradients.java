package dev.diarist.nn.train;

import java.util.List;

/** What is done with all gradients together. */
public final class Gradients {
  /** Keeps a gradient of zeros from dividing by zero. Source: torch.nn.utils.clip_grad_norm_. */
  private static final double EPSILON = 1e-6;

  private Gradients() {}

  /** The square root of the sum of all squares. */
  public static double norm(List<Parameter> parameters) {
    double sum = 0;
    for (Parameter parameter : parameters) {
      double squares = 0;
      for (float g : parameter.gradient()) {
        squares += (double) g * g;
      }
      sum += squares;
    }
    return Math.sqrt(sum);
  }

  /**
   * Multiplies all gradients by the same factor, so that their norm is at most {@code largest}.
   *
   * @return the norm before that
   */
  public static double clip(List<Parameter> parameters, double largest) {
    double norm = norm(parameters);
    float factor = (float) Math.min(1, largest / (norm + EPSILON));
    if (factor < 1) {
      for (Parameter parameter : parameters) {
        float[] gradient = parameter.gradient();
        for (int i = 0; i < gradient.length; i++) {
          gradient[i] *= factor;
        }
      }
    }
    return norm;
  }
}
