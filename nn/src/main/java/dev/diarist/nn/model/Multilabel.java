package dev.diarist.nn.model;

/**
 * One probability for each local speaker, whoever else speaks: networks trained before powersets,
 * such as pyannote/segmentation, and those that tell speech alone, with one speaker.
 *
 * @param speakers S, 1 to 8
 */
public record Multilabel(int speakers) implements SpeakerClasses {
  public Multilabel {
    if (speakers < 1 || speakers > 8) {
      throw new IllegalArgumentException("there must be 1 to 8 local speakers, got " + speakers);
    }
  }

  @Override
  public int classes() {
    return speakers;
  }

  /**
   * Who speaks: from where a probability is above the threshold until it falls below; nobody before
   * the first frame.
   *
   * <p>Source: {@code binarize} of pyannote.audio 3.3.2, utils/signal.py, with equal thresholds and
   * an initial state.
   *
   * @param probabilities (frames, S) of one chunk from {@code offset} on; not modified
   * @param active (frames) from {@code target} on, overwritten: bit s is set where speaker s speaks
   */
  public void threshold(
      float[] probabilities, int offset, int frames, double threshold, byte[] active, int target) {
    float level = (float) threshold; // as numpy compares float32 with a number
    int before = 0;
    for (int f = 0; f < frames; f++) {
      int now = 0;
      for (int s = 0; s < speakers; s++) {
        float probability = probabilities[offset + f * speakers + s];
        now |= probability == level ? before & 1 << s : probability > level ? 1 << s : 0;
      }
      active[target + f] = (byte) now;
      before = now;
    }
  }
}
