package dev.diarist.embedding;

import java.io.IOException;

/** What an embedding program reads of each chunk besides the masks. */
interface ChunkInputs {

  /**
   * The values of one chunk.
   *
   * @param chunk not before the one asked for last
   * @param target overwritten from {@code offset} on
   * @throws IOException if the audio cannot be read
   */
  void read(int chunk, float[] target, int offset) throws IOException;
}
