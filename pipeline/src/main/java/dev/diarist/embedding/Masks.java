package dev.diarist.embedding;

import dev.diarist.segmentation.Segmentation;
import java.util.BitSet;

/**
 * Which frames of a chunk an embedding of one of its local speakers listens to.
 *
 * <p>Masks are (F) arrays of 0 and 1.
 *
 * <p>Source: {@code SpeakerDiarization.get_embeddings} of pyannote.audio 3.3.2.
 */
public final class Masks {
  private Masks() {}

  /**
   * ⌈F · minSamples / chunk samples⌉: the clean mask must have more frames than this.
   *
   * @param minSamples the shortest input the embedding network accepts
   */
  public static int minCleanFrames(
      int frames, int minSamples, double chunkSeconds, int sampleRate) {
    double chunkSamples = chunkSeconds * sampleRate;
    return (int) Math.ceil((double) frames * minSamples / chunkSamples);
  }

  /** 1 where the local speaker is active. */
  public static float[] full(Segmentation segmentation, int chunk, int localSpeaker) {
    float[] mask = new float[segmentation.frames()];
    for (int f = 0; f < mask.length; f++) {
      mask[f] = segmentation.isActive(chunk, f, localSpeaker) ? 1 : 0;
    }
    return mask;
  }

  /** 1 where the local speaker is active and no other is. */
  public static float[] clean(Segmentation segmentation, int chunk, int localSpeaker) {
    float[] mask = new float[segmentation.frames()];
    int row = chunk * segmentation.frames();
    for (int f = 0; f < mask.length; f++) {
      int active = segmentation.active()[row + f] & 0xff;
      mask[f] = active == 1 << localSpeaker ? 1 : 0;
    }
    return mask;
  }

  /**
   * The clean mask where it has strictly more than {@code minCleanFrames} frames, the full mask
   * (possibly all 0) otherwise.
   */
  public static float[] cleanOrFull(
      Segmentation segmentation, int chunk, int localSpeaker, int minCleanFrames) {
    float[] clean = clean(segmentation, chunk, localSpeaker);
    int frames = 0;
    for (float value : clean) {
      frames += (int) value;
    }
    return frames > minCleanFrames ? clean : full(segmentation, chunk, localSpeaker);
  }

  /** The pairs c·S + s whose local speaker is active in at least one frame of the chunk. */
  public static BitSet activePairs(Segmentation segmentation) {
    int frames = segmentation.frames();
    int localSpeakers = segmentation.localSpeakers();
    BitSet pairs = new BitSet(segmentation.chunks() * localSpeakers);
    for (int c = 0; c < segmentation.chunks(); c++) {
      int active = 0;
      for (int f = 0; f < frames; f++) {
        active |= segmentation.active()[c * frames + f];
      }
      for (int s = 0; s < localSpeakers; s++) {
        pairs.set(c * localSpeakers + s, (active >> s & 1) != 0);
      }
    }
    return pairs;
  }
}
