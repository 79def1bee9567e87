package dev.diarist.nn.cpu;

/** The working memory of one thread: arrays that grow to the largest size asked for. */
final class Scratch {
  /** What an item keeps here; two purposes that live at the same time need two names. */
  enum Use {
    INPUT,
    PRODUCT,
    TILE,
    STATE,
    HIDDEN,
    CELL,
    GATES
  }

  private final float[][] arrays = new float[Use.values().length][0];

  /** At least {@code size} floats with whatever the last user left in them. */
  float[] floats(Use use, int size) {
    int i = use.ordinal();
    if (arrays[i].length < size) {
      arrays[i] = new float[size];
    }
    return arrays[i];
  }
}
