package dev.diarist.nn.train;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An exponential moving average of parameters: average = decay · average + (1 − decay) · value
 * after every step, from the values at the beginning on.
 */
public final class MovingAverage {
  private final double decay;
  private final List<Parameter> parameters;
  private final Map<String, float[]> averages = new LinkedHashMap<>();

  public MovingAverage(List<Parameter> parameters, double decay) {
    if (!(decay >= 0 && decay < 1)) {
      throw new IllegalArgumentException("decay must be at least 0 and below 1, got " + decay);
    }
    this.decay = decay;
    this.parameters = List.copyOf(parameters);
    parameters.forEach(p -> averages.put(p.name(), p.value().clone()));
  }

  /** Takes the values as they are now into account. */
  public void update() {
    for (Parameter parameter : parameters) {
      float[] average = averages.get(parameter.name());
      float[] value = parameter.value();
      for (int i = 0; i < value.length; i++) {
        average[i] = (float) (decay * average[i] + (1 - decay) * value[i]);
      }
    }
  }

  /** Exchanges values and averages: before an evaluation, and again after it. */
  public void swap() {
    for (Parameter parameter : parameters) {
      float[] average = averages.get(parameter.name());
      float[] value = parameter.value();
      for (int i = 0; i < value.length; i++) {
        float kept = value[i];
        value[i] = average[i];
        average[i] = kept;
      }
    }
  }

  /** By the name of the parameter. */
  Map<String, float[]> averages() {
    return averages;
  }
}
