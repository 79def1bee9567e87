package dev.diarist.nn.train;

/**
 * The values of a node for the examples of a batch, one after the other, and on the way back the
 * gradient of the loss by them, in the same places.
 */
final class Storage {
  private final int size;
  private final boolean wantsGradient;
  private float[] value;
  private float[] gradient;

  /**
   * @param size floats of one example
   * @param value (batch, size) or null where it is set for each pass
   * @param wantsGradient whether anything that is trained, or asked for, stands before it
   */
  Storage(int size, float[] value, boolean wantsGradient) {
    this.size = size;
    this.value = value;
    this.wantsGradient = wantsGradient;
  }

  int size() {
    return size;
  }

  float[] value() {
    return value;
  }

  void set(float[] values) {
    value = values;
  }

  boolean wantsGradient() {
    return wantsGradient;
  }

  /** The gradient so far, or null where nothing was added to it. */
  float[] gradient() {
    return gradient;
  }

  /** Takes the gradient away, for the step that passes it on. */
  float[] takeGradient() {
    float[] taken = gradient;
    gradient = null;
    return taken;
  }

  /**
   * Adds to the gradient.
   *
   * @param added of (batch, size) values; belongs to this storage or the pool from now on
   */
  void receive(float[] added, Pass pass) {
    if (!wantsGradient) {
      pass.pool().give(added);
    } else if (gradient == null) {
      gradient = added;
    } else {
      float[] sum = gradient;
      pass.threads()
          .each(
              pass.batch(),
              (b, scratch) -> {
                for (int i = b * size; i < (b + 1) * size; i++) {
                  sum[i] += added[i];
                }
              });
      pass.pool().give(added);
    }
  }
}
