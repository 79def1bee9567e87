package dev.diarist.simulation;

/** How loud sound is: L(x) = 10·log₁₀(Σᵢ xᵢ² / samples), in dB of a square wave from −1 to 1. */
public final class Level {
  private Level() {}

  /** L(x); −∞ where x is silent or empty. */
  public static double decibels(float[] sound) {
    return 10 * StrictMath.log10(power(sound)); // StrictMath: the same bits on every machine
  }

  /** x·10^(gain/20), as a new array; may leave [−1, 1]. */
  public static float[] changed(float[] sound, double gainDecibels) {
    float factor = (float) StrictMath.pow(10, gainDecibels / 20);
    float[] changed = new float[sound.length];
    for (int i = 0; i < changed.length; i++) {
      changed[i] = sound[i] * factor;
    }
    return changed;
  }

  /** The gain in dB of a factor. */
  static double gain(double factor) {
    return 20 * StrictMath.log10(factor);
  }

  /** x at the level asked for, as a new array; silence stays silent. */
  public static float[] set(float[] sound, double decibels) {
    double power = power(sound);
    return power == 0 ? sound.clone() : changed(sound, decibels - decibels(sound));
  }

  private static double power(float[] sound) {
    double energy = 0;
    for (float sample : sound) {
      energy += (double) sample * sample;
    }
    return sound.length == 0 ? 0 : energy / sound.length;
  }
}
