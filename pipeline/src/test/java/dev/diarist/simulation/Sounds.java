package dev.diarist.simulation;

import java.util.SplittableRandom;

/** Sounds that tests are made of. */
final class Sounds {
  private Sounds() {}

  /** White noise in [−0.5, 0.5). */
  static float[] white(int samples, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] sound = new float[samples];
    for (int i = 0; i < samples; i++) {
      sound[i] = (float) (random.nextDouble() - 0.5);
    }
    return sound;
  }

  /** A sine of amplitude 0.5 at 16 kHz. */
  static float[] sine(int samples, double hertz) {
    float[] sound = new float[samples];
    for (int i = 0; i < samples; i++) {
      sound[i] = (float) (0.5 * Math.sin(2 * Math.PI * hertz * i / 16000));
    }
    return sound;
  }

  /** White noise that dies away, e-fold every {@code decay} samples, at least as long as that. */
  static float[] response(int samples, double decay, long seed) {
    float[] response = white(samples, seed);
    for (int i = 0; i < samples; i++) {
      response[i] *= (float) Math.exp(-i / decay);
    }
    return response;
  }
}
