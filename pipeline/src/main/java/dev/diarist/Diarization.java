package dev.diarist;

import java.util.List;

/**
 * Who spoke when in one recording.
 *
 * @param uri name of the recording
 * @param turns by start, then end; empty where nobody speaks
 * @param speakerEmbeddings one row of D values for each label of {@link #speakers()}, in its order;
 *     not modified
 * @param warnings sentences for the user, such as a speaker count outside the bounds asked for
 */
public record Diarization(
    String uri, List<Turn> turns, float[][] speakerEmbeddings, List<String> warnings) {

  public Diarization {
    turns = List.copyOf(turns);
    warnings = List.copyOf(warnings);
  }

  /** The labels that occur, sorted as strings. */
  public List<String> speakers() {
    return turns.stream().map(Turn::speaker).distinct().sorted().toList();
  }
}
