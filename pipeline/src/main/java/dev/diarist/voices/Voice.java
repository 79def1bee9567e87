package dev.diarist.voices;

import dev.diarist.annotation.Rttm;
import java.util.regex.Pattern;

/**
 * A voice that is known by name.
 *
 * @param name without white space, which RTTM cannot hold, and not like the names of unknown
 *     speakers
 * @param recordings that it was learnt from
 * @param embedding (D) mean of the recordings' embeddings of length 1; not modified
 */
public record Voice(String name, int recordings, float[] embedding) {
  private static final Pattern UNKNOWN = Pattern.compile("(CH\\d+_)?SPEAKER_\\d+");

  public Voice {
    requireName(name);
    if (recordings < 1) {
      throw new IllegalArgumentException(
          "a voice must come from at least 1 recording, got " + recordings + " for " + name);
    }
  }

  /**
   * @throws IllegalArgumentException if no voice may be called so
   */
  public static void requireName(String name) {
    if (!Rttm.isWord(name)) {
      throw new IllegalArgumentException(
          "the name of a voice must have no white space, as RTTM cannot hold it, got \""
              + name
              + "\"");
    }
    if (UNKNOWN.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "the name of a voice must differ from those of unknown speakers, got " + name);
    }
  }

  /** This voice, learnt from one recording more. */
  Voice with(float[] unit) {
    float[] mean = new float[embedding.length];
    for (int d = 0; d < mean.length; d++) {
      mean[d] = (float) (((double) embedding[d] * recordings + unit[d]) / (recordings + 1));
    }
    return new Voice(name, recordings + 1, mean);
  }
}
