package dev.diarist.simulation;

/**
 * Somebody speaks in samples [first, first + samples) of a conversation.
 *
 * @param speaker counted from 0
 */
record PlannedTurn(int speaker, int firstSample, int samples) {
  int endSample() {
    return firstSample + samples;
  }

  boolean overlaps(PlannedTurn other) {
    return firstSample < other.endSample() && other.firstSample < endSample();
  }
}
