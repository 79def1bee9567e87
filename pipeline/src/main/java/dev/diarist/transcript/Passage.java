package dev.diarist.transcript;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * A stretch of a transcript.
 *
 * @param node where its speaker is put; null where the transcript has nothing for it
 * @param words empty where the transcript names none
 */
record Passage(
    ObjectNode node, double startSeconds, double endSeconds, String text, List<Word> words) {

  /**
   * One word.
   *
   * @param startSeconds NaN where the transcript does not say when it was spoken
   * @param endSeconds likewise
   */
  record Word(ObjectNode node, double startSeconds, double endSeconds, String text) {
    boolean isTimed() {
      return !Double.isNaN(startSeconds);
    }
  }
}
