package dev.diarist.nn.model;

import java.util.ArrayList;
import java.util.List;

/**
 * The classes of a powerset segmentation: all sets of at most {@code maxSimultaneous} of {@code
 * speakers} local speakers, smaller sets first, sets of one size in lexicographic order. For three
 * speakers, two of them at a time:
 *
 * <pre>
 * class  0   1    2    3    4      5      6
 * set    ∅  {0}  {1}  {2}  {0,1}  {0,2}  {1,2}
 * </pre>
 *
 * Source: pyannote.audio 3.3.2, utils/powerset.py.
 */
public final class Powerset implements SpeakerClasses {
  private final int speakers;
  private final int maxSimultaneous;
  private final int[] sets;

  /**
   * @param speakers S, 1 to 8
   * @param maxSimultaneous 1 to S
   */
  public Powerset(int speakers, int maxSimultaneous) {
    if (speakers < 1 || speakers > 8) {
      throw new IllegalArgumentException("a powerset needs 1 to 8 local speakers, got " + speakers);
    }
    if (maxSimultaneous < 1 || maxSimultaneous > speakers) {
      throw new IllegalArgumentException(
          "a powerset of " + speakers + " speakers cannot have sets of " + maxSimultaneous);
    }
    this.speakers = speakers;
    this.maxSimultaneous = maxSimultaneous;
    List<Integer> sets = new ArrayList<>();
    for (int size = 0; size <= maxSimultaneous; size++) {
      collect(sets, 0, 0, size);
    }
    this.sets = sets.stream().mapToInt(Integer::intValue).toArray();
  }

  /**
   * Adds, in lexicographic order, {@code set} with {@code missing} more speakers from {@code from}
   * on.
   */
  private void collect(List<Integer> sets, int set, int from, int missing) {
    if (missing == 0) {
      sets.add(set);
      return;
    }
    for (int speaker = from; speaker < speakers; speaker++) {
      collect(sets, set | 1 << speaker, speaker + 1, missing - 1);
    }
  }

  @Override
  public int speakers() {
    return speakers;
  }

  public int maxSimultaneous() {
    return maxSimultaneous;
  }

  @Override
  public int classes() {
    return sets.length;
  }

  /** The speakers of a class: bit s is set where speaker s is in it. */
  public int set(int powersetClass) {
    return sets[powersetClass];
  }

  /**
   * The class that shares most speakers with a set, the first one of several: the set itself where
   * it is a class, and one of its parts where too many speak.
   */
  public int classOf(int set) {
    int best = 0;
    for (int p = 1; p < sets.length; p++) {
      if (Integer.bitCount(sets[p] & set) > Integer.bitCount(sets[best] & set)) {
        best = p;
      }
    }
    return best;
  }

  /**
   * The speakers of the most probable class of each frame; the first class on ties.
   *
   * @param logProbabilities (frames, P) from {@code offset} on; not modified
   * @param active (frames) from {@code target} on, overwritten: bit s is set where speaker s speaks
   */
  public void toMultilabel(
      float[] logProbabilities, int offset, int frames, byte[] active, int target) {
    int classes = sets.length;
    for (int f = 0; f < frames; f++) {
      int row = offset + f * classes; // logProbabilities[f,:]
      int best = 0;
      for (int p = 1; p < classes; p++) {
        if (logProbabilities[row + p] > logProbabilities[row + best]) {
          best = p;
        }
      }
      active[target + f] = (byte) sets[best];
    }
  }

  /**
   * The probability that each speaker speaks in one frame: the sum over the classes it is in.
   *
   * @param logProbabilities (P) from {@code offset} on; not modified
   * @return (S)
   */
  public float[] toSoftMultilabel(float[] logProbabilities, int offset) {
    float[] soft = new float[speakers];
    for (int p = 0; p < sets.length; p++) {
      float probability = (float) Math.exp(logProbabilities[offset + p]);
      for (int s = 0; s < speakers; s++) {
        if ((sets[p] >> s & 1) != 0) {
          soft[s] += probability;
        }
      }
    }
    return soft;
  }
}
