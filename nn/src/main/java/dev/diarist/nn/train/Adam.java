package dev.diarist.nn.train;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Adam and AdamW. With g the gradient, t the number of the step from 1 on, and λ the weight decay:
 *
 * <pre>
 * AdamW: θ = θ·(1 − rate·λ)           Adam: g = g + λ·θ
 * m = m + (1 − β₁)·(g − m)            v = β₂·v + (1 − β₂)·g²
 * θ = θ − rate/(1 − β₁ᵗ) · m / (√v/√(1 − β₂ᵗ) + ε)
 * </pre>
 *
 * Source: Kingma and Ba, 2015; Loshchilov and Hutter, 2019; in float32 and in the order of PyTorch
 * 2.5 on a CPU.
 */
public final class Adam {

  /**
   * @param decoupled whether decay acts on the weights themselves (AdamW) or as part of the
   *     gradient
   */
  public record Settings(
      double beta1, double beta2, double epsilon, double weightDecay, boolean decoupled) {
    /** PyTorch's defaults, without weight decay; Adam and AdamW are then the same. */
    public static final Settings DEFAULT = new Settings(0.9, 0.999, 1e-8, 0, true);

    public Settings {
      if (!(beta1 >= 0 && beta1 < 1 && beta2 >= 0 && beta2 < 1)) {
        throw new IllegalArgumentException(
            "betas must be at least 0 and below 1, got " + beta1 + " and " + beta2);
      }
      if (!(epsilon >= 0 && weightDecay >= 0)) {
        throw new IllegalArgumentException(
            "epsilon and weight decay must be at least 0, got " + epsilon + " and " + weightDecay);
      }
    }
  }

  /** What is remembered of a parameter. */
  record Moments(float[] first, float[] second) {}

  private final Settings settings;
  private final List<Parameter> parameters;
  private final Map<String, Moments> moments = new LinkedHashMap<>();
  private long steps;

  /**
   * @param parameters those to be trained
   */
  public Adam(List<Parameter> parameters, Settings settings) {
    this.settings = settings;
    this.parameters = List.copyOf(parameters);
    for (Parameter parameter : parameters) {
      int size = parameter.value().length;
      moments.put(parameter.name(), new Moments(new float[size], new float[size]));
    }
  }

  /** Steps taken. */
  public long steps() {
    return steps;
  }

  void resume(long steps) {
    this.steps = steps;
  }

  /** By the name of the parameter. */
  Map<String, Moments> moments() {
    return moments;
  }

  /** Moves every parameter against its gradient. */
  public void step(double rate) {
    steps++;
    double correction = 1 - Math.pow(settings.beta1(), steps);
    float root = (float) Math.sqrt(1 - Math.pow(settings.beta2(), steps));
    float stepSize = (float) (-rate / correction);
    float decay = (float) (1 - rate * settings.weightDecay());
    for (Parameter parameter : parameters) {
      if (settings.decoupled() && settings.weightDecay() > 0) {
        float[] value = parameter.value();
        for (int i = 0; i < value.length; i++) {
          value[i] *= decay;
        }
      }
      step(parameter, stepSize, root);
    }
  }

  private void step(Parameter parameter, float stepSize, float root) {
    float[] value = parameter.value();
    float[] gradient = parameter.gradient();
    float[] first = moments.get(parameter.name()).first();
    float[] second = moments.get(parameter.name()).second();
    float share1 = (float) (1 - settings.beta1());
    float beta2 = (float) settings.beta2();
    float share2 = (float) (1 - settings.beta2());
    float epsilon = (float) settings.epsilon();
    float decay = settings.decoupled() ? 0 : (float) settings.weightDecay();
    for (int i = 0; i < value.length; i++) {
      float g = gradient[i] + decay * value[i];
      first[i] += share1 * (g - first[i]);
      second[i] = second[i] * beta2 + share2 * g * g;
      float denominator = (float) Math.sqrt(second[i]) / root + epsilon;
      value[i] += stepSize * (first[i] / denominator);
    }
  }
}
