package dev.diarist.regions;

import java.io.IOException;

/** Writes scores as they come, so that those of a day need not be held. */
interface ScoreWriter {

  /**
   * Appends rows.
   *
   * @param scores (frames, classes), the next ones; not modified
   */
  void write(float[] scores) throws IOException;

  /** Writes what follows the last row; the stream stays open. */
  void finish() throws IOException;
}
