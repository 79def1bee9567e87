package dev.diarist.nn.train;

import java.util.SplittableRandom;

/**
 * Sets values to 0 with probability p and multiplies the others by 1/(1 − p). Which ones follows
 * from the seed, the pass, the layer and the example alone: a pass that is repeated or resumed
 * drops the same values, on any number of threads.
 *
 * @param probability p, at least 0 and below 1
 * @param seed of the whole training
 * @param pass how many passes came before
 */
public record Dropout(double probability, long seed, long pass) {
  public static final Dropout NONE = new Dropout(0, 0, 0);

  /** Odd numbers far from each other, so that neighbouring passes, layers and examples differ. */
  private static final long PASS = 0x9e3779b97f4a7c15L;

  private static final long LAYER = 0xc2b2ae3d27d4eb4fL;
  private static final long EXAMPLE = 0x165667b19e3779f9L;

  public Dropout {
    if (!(probability >= 0 && probability < 1)) {
      throw new IllegalArgumentException(
          "the probability of dropout must be at least 0 and below 1, got " + probability);
    }
  }

  /**
   * Drops values of one example; the same ones at every call.
   *
   * @param from read from {@code offset} on; not modified, unless it is {@code to}
   * @param to written at the same places
   */
  void apply(int layer, int example, float[] from, float[] to, int offset, int count) {
    SplittableRandom random =
        new SplittableRandom(seed + (pass + 1) * PASS + layer * LAYER + example * EXAMPLE);
    float scale = (float) (1 / (1 - probability));
    for (int i = offset; i < offset + count; i++) {
      to[i] = random.nextDouble() < probability ? 0 : from[i] * scale;
    }
  }
}
