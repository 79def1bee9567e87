package dev.diarist.embedding;

/**
 * One embedding for each local speaker of each chunk.
 *
 * @param rows (C·S) rows of D values, speaker-minor; inactive local speakers share one row; not
 *     modified
 */
public record Embeddings(int chunks, int localSpeakers, int dimension, float[][] rows) {

  public float[] row(int chunk, int localSpeaker) {
    return rows[chunk * localSpeakers + localSpeaker];
  }
}
